/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL's view of asymmetric keys. Values are laid out as key_type.h says. */
#ifndef SIM_TA_PKEY_H
#define SIM_TA_PKEY_H

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "sim/ta/key_type.h"

/* The longest coordinate of a curve, in bytes. */
#define SIM_PKEY_COORDINATE_MAX (384u / 8u)

/*
 * The key that a value of `size` bytes is. NULL: it is none (wrong size, a point that is not on the curve), or no
 * memory. The caller frees it with EVP_PKEY_free(), which wipes it.
 */
EVP_PKEY *sim_pkey_new(const struct sim_key_type *type, const uint8_t *value, size_t size);

/*
 * Is it a valid key, and does the public part of a key pair belong to the private one? Of X25519 it need not: nothing
 * is computed from it, and a TA may only be about to find it out.
 */
bool sim_pkey_is_sound(const struct sim_key_type *type, const uint8_t *value, size_t size);

/*
 * Makes a new key pair of this size; exponent: the public one of RSA, NULL: 65537. Returns the size of its value in
 * bytes, or 0 when OpenSSL failed.
 */
size_t sim_pkey_generate(const struct sim_key_type *type, uint32_t bits, const BIGNUM *exponent,
                         uint8_t value[SIM_KEY_VALUE_MAX]);

/* Copies a big-endian number of any length into `size` bytes. False: it is too large for them. */
bool sim_pkey_number(const void *number, size_t number_size, uint8_t *out, size_t size);

#endif
