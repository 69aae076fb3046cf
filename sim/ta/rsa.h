/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RSA keys and the signatures of PKCS #1 (RFC 8017), v1.5 and PSS, with SHA-256. A value is laid out as key_type.h
 * describes: n, e, d, p, q, d mod (p - 1), d mod (q - 1), 1/q mod p.
 */
#ifndef SIM_TA_RSA_H
#define SIM_TA_RSA_H

#include "sim/ta/operation.h"
#include "sim/ta/pkey.h"

/* Makes OpenSSL's key from a value whose numbers have `part` bytes each. The caller frees it. Returns NULL if OpenSSL
 * rejects the numbers, or when there is no memory. */
EVP_PKEY *sim_rsa_new(const struct sim_key_type *type, const uint8_t *value, size_t part);

/* Whether the numbers can be a key's and belong to each other. */
bool sim_rsa_is_valid(const struct sim_key_type *type, EVP_PKEY *key, const uint8_t *value, size_t part);

/* Generates a key pair; exponent is NULL for 65537. Returns the size of its value in bytes, or 0 when OpenSSL
 * failed. */
size_t sim_rsa_generate(uint32_t bits, const BIGNUM *exponent, uint8_t value[SIM_KEY_VALUE_MAX]);

/* Sign and verify a digest of 32 bytes; the signature is as long as the modulus. The only parameter is the salt length,
 * for PSS; any other panics. They return false when OpenSSL failed, or when the signature is wrong. */
bool sim_rsa_sign(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                  const uint8_t *digest, uint8_t *signature);
bool sim_rsa_verify(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                    const uint8_t *digest, const uint8_t *signature);

#endif
