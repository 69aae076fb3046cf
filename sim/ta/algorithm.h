/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_ALGORITHM_H
#define SIM_TA_ALGORITHM_H

#include <stdbool.h>
#include <tee_internal_api.h>

/* One algorithm of the simulator. */
struct sim_algorithm {
    uint32_t id;
    uint32_t operation_class; /* TEE_OPERATION_* */
    uint32_t key_type;        /* TEE_TYPE_*; of asymmetric algorithms that of the key pair; 0: no key */
    uint32_t digest_size;     /* bytes of the digest or MAC, or of the digest to sign; 0: signs a message */
    uint32_t block_size;      /* bytes of a cipher's block; 1: a stream */
    const char *name;         /* OpenSSL's name of the digest, or of the AES mode */
    uint32_t key_bits;        /* the only key size in bits; 0: every size that the type allows */
};

/* Finds an algorithm by its TEE_ALG_*. Returns NULL if the simulator does not have it. */
const struct sim_algorithm *sim_algorithm_find(uint32_t id);

/* Whether the algorithm works with key pairs. */
bool sim_algorithm_is_asymmetric(const struct sim_algorithm *algorithm);

/* Whether a key of this type may be used in this mode: TEE_MODE_VERIFY and _ENCRYPT also accept the public key. */
bool sim_algorithm_accepts_key(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t key_type);

/* Whether TEE_AllocateOperation accepts this mode and this maximum key size, in bits. */
bool sim_algorithm_supports(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t max_bits);

#endif
