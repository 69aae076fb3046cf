/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cryptographic operations on OpenSSL. operation_key.c sets their keys. Each class has a file: digest.c, mac.c,
 * cipher.c, ae.c, signature.c, asymmetric_cipher.c, derive.c.
 */
#ifndef SIM_TA_OPERATION_H
#define SIM_TA_OPERATION_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/ta/algorithm.h"
#include "sim/ta/ccm.h"

/* Longest key of a symmetric operation, in bytes: HMAC with SHA-256 and longer digests. */
#define SIM_OPERATION_KEY_MAX (1024u / 8u)

struct sim_operation {
    const struct sim_algorithm *algorithm;
    uint32_t mode;
    uint32_t max_bits;
    uint32_t handle_state; /* TEE_HANDLE_FLAG_* */
    uint32_t state;        /* TEE_OPERATION_STATE_* */
    uint32_t key_bits;     /* the key's objectSize in TEE_ObjectInfo */
    uint8_t key[SIM_OPERATION_KEY_MAX];
    size_t key_size;
    EVP_PKEY *pair; /* key pair or public key of an asymmetric operation, which does not use `key` */

    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac;

    uint8_t hash[EVP_MAX_MD_SIZE]; /* the digest, in TEE_OPERATION_STATE_EXTRACTING */
    size_t extracted;              /* bytes of it that were extracted */
    size_t pending;                /* bytes of a block that the cipher holds back */
    size_t tag_size;               /* AE: bytes of the tag */
    bool payload;                  /* AE: the payload has begun */
    struct sim_ccm ccm;
};

/* Returns the operation of a handle. Panics in the name of `function` unless it is an operation of this class. */
struct sim_operation *sim_operation_get(TEE_OperationHandle handle, uint32_t operation_class, const char *function);

/* Returns the operation of a handle, of any class. Panics in the name of `function` unless it is an operation. */
struct sim_operation *sim_operation_any(TEE_OperationHandle handle, const char *function);

/* The TEE_USAGE_* that the operation's key must have; 0 for a digest. */
uint32_t sim_operation_usage(const struct sim_operation *operation);

/* Panics unless the operation has a key. */
void sim_operation_need_key(const struct sim_operation *operation, const char *function);

/* Panics unless the operation's Init function was called (TEE_CipherInit, TEE_AEInit, TEE_MACInit). */
void sim_operation_need_init(const struct sim_operation *operation, const char *function);

/* Returns the operation to its state after TEE_SetOperationKey, and wipes its intermediate results. */
void sim_operation_reset(struct sim_operation *operation);

/* Closes the handle, and wipes and frees the operation. */
void sim_operation_close(TEE_OperationHandle handle);

/* Panics because OpenSSL reported an error that the TA's arguments cannot cause. */
_Noreturn void sim_operation_failed(const char *function);

#endif
