/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RSA: keys, and the signatures of PKCS #1 (RFC 8017): v1.5 and PSS, with SHA-256. Values are laid out as key_type.h
 * says: n, e, d, p, q, d mod (p - 1), d mod (q - 1), 1/q mod p.
 */
#ifndef SIM_TA_RSA_H
#define SIM_TA_RSA_H

#include "sim/ta/operation.h"
#include "sim/ta/pkey.h"

/* part: bytes of each number. NULL: no memory, or OpenSSL sees that it is none. */
EVP_PKEY *sim_rsa_new(const struct sim_key_type *type, const uint8_t *value, size_t part);

/* Are the numbers those of a key, and of one key? */
bool sim_rsa_is_sound(const struct sim_key_type *type, EVP_PKEY *key, const uint8_t *value, size_t part);

/* exponent: NULL for 65537. Returns the size of the value, or 0 when OpenSSL failed. */
size_t sim_rsa_generate(uint32_t bits, const BIGNUM *exponent, uint8_t value[SIM_KEY_VALUE_MAX]);

/* params: none, or the length of the salt of PSS; all else panics. digest: 32 bytes; signature: as long as the
 * modulus. */
bool sim_rsa_sign(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                  const uint8_t *digest, uint8_t *signature);
bool sim_rsa_verify(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                    const uint8_t *digest, const uint8_t *signature);

#endif
