/* SPDX-License-Identifier: BSD-2-Clause */
/* Asymmetric keys in OpenSSL. key_type.h describes the layout of values. */
#ifndef SIM_TA_PKEY_H
#define SIM_TA_PKEY_H

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "sim/ta/key_type.h"

/* The longest coordinate of a curve, in bytes. */
#define SIM_PKEY_COORDINATE_MAX (384u / 8u)

/*
 * Makes OpenSSL's key from a value of `size` bytes. Returns NULL if the value is not a key (wrong size, or a point that
 * is not on the curve) or when there is no memory. The caller frees the key with EVP_PKEY_free(), which wipes it.
 */
EVP_PKEY *sim_pkey_new(const struct sim_key_type *type, const uint8_t *value, size_t size);

/*
 * Whether the value is a valid key, and the public part of a pair belongs to the private one. The public part of an
 * X25519 pair is not checked: no result depends on it, and a TA may set any value when it does not know the right one.
 */
bool sim_pkey_is_valid(const struct sim_key_type *type, const uint8_t *value, size_t size);

/*
 * Generates a key pair of this size in bits. exponent is RSA's public exponent; NULL means 65537. Returns the size of
 * the value in bytes, or 0 when OpenSSL failed.
 */
size_t sim_pkey_generate(const struct sim_key_type *type, uint32_t bits, const BIGNUM *exponent,
                         uint8_t value[SIM_KEY_VALUE_MAX]);

/* Copies a big-endian number of any length into `size` bytes, right-aligned. Returns false if it does not fit. */
bool sim_pkey_number(const void *number, size_t number_size, uint8_t *out, size_t size);

#endif
