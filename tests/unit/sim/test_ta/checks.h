/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that run inside the TA. Each returns 0, or the line of the first that failed. */
#ifndef SIM_TEST_CHECKS_H
#define SIM_TEST_CHECKS_H

#include <tee_internal_api.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) \
            return __LINE__; \
    } while (0)

uint32_t check_memory(void);
uint32_t check_access(uint32_t types, TEE_Param *params);
uint32_t check_properties(void);
uint32_t check_time(void);
uint32_t check_digest(void);
uint32_t check_cipher(void);
uint32_t check_ae(void);
uint32_t check_mac(void);
uint32_t check_keys(void);
uint32_t check_objects(void);
uint32_t check_stream(void);
uint32_t check_sharing(void);
uint32_t check_enumerator(void);
uint32_t check_persistent_key(void);
uint32_t check_published_signatures(void);
uint32_t check_signature_bits(void);
uint32_t check_signature_operation(void);
uint32_t check_ed25519(void);
uint32_t check_agreement(void);
uint32_t check_x25519(void);
uint32_t check_pair_attributes(void);
uint32_t check_pair_generation(void);
uint32_t check_pair_storage(void);
uint32_t check_pair_refusals(void);
uint32_t check_pair_zeros(void);
uint32_t check_rsa(void);
uint32_t check_rsa_refusals(void);
uint32_t check_x25519_public(void);
uint32_t check_ccm(void);
uint32_t check_ccm_pieces(void);
uint32_t check_ccm_refusals(void);

/* Does something that must panic. */
void misuse(uint32_t which);
void misuse_asymmetric(uint32_t which);
void misuse_rsa(uint32_t which);
void misuse_ccm(uint32_t which);

/* SIM_TEST_SIGN, SIM_TEST_VERIFY and SIM_TEST_AGREE. */
TEE_Result peer(uint32_t command, TEE_Param *params);

/* An AES key of 128 bits, allowed for everything. */
TEE_ObjectHandle test_aes_key(void);

#endif
