/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cryptographic operations, on OpenSSL. operation_key.c gives them their keys; then there is a file for each class:
 * digest.c, mac.c, cipher.c, ae.c, signature.c, asymmetric_cipher.c, derive.c.
 */
#ifndef SIM_TA_OPERATION_H
#define SIM_TA_OPERATION_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/ta/algorithm.h"
#include "sim/ta/ccm.h"

#define SIM_OPERATION_KEY_MAX (1024u / 8u)

struct sim_operation {
    const struct sim_algorithm *algorithm;
    uint32_t mode;
    uint32_t max_bits;
    uint32_t handle_state; /* TEE_HANDLE_FLAG_* */
    uint32_t state;        /* TEE_OPERATION_STATE_* */
    uint32_t key_bits;     /* what TEE_ObjectInfo said of the key */
    uint8_t key[SIM_OPERATION_KEY_MAX];
    size_t key_size;
    EVP_PKEY *pair; /* the key of an asymmetric operation: a pair or a public one; `key` is not used then */

    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac;

    uint8_t hash[EVP_MAX_MD_SIZE]; /* while extracting */
    size_t extracted;
    size_t pending;  /* bytes of a block that the cipher holds back */
    size_t tag_size; /* AE, in bytes */
    bool payload;    /* AE: past the associated data */
    struct sim_ccm ccm;
};

/* The operation of a handle, which must be of this class; panics, in the name of `function`, otherwise. */
struct sim_operation *sim_operation_get(TEE_OperationHandle handle, uint32_t operation_class, const char *function);

/* The same of any class. */
struct sim_operation *sim_operation_any(TEE_OperationHandle handle, const char *function);

/* What a key must be allowed to be used for: TEE_USAGE_*. */
uint32_t sim_operation_usage(const struct sim_operation *operation);

/* Panics unless the operation has a key. */
void sim_operation_need_key(const struct sim_operation *operation, const char *function);

/* Panics unless the operation has been initialised (TEE_CipherInit, TEE_AEInit, TEE_MACInit). */
void sim_operation_need_init(const struct sim_operation *operation, const char *function);

/* Back to the state after TEE_SetOperationKey: what is under way is dropped. */
void sim_operation_reset(struct sim_operation *operation);

void sim_operation_close(TEE_OperationHandle handle);

/* OpenSSL reported an error that no argument of the TA can cause. */
_Noreturn void sim_operation_failed(const char *function);

#endif
