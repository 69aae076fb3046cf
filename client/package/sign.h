/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature of a package: ES256 over Sig_structure (core/package/structures.h). */
#ifndef LUATEE_CLIENT_PACKAGE_SIGN_H
#define LUATEE_CLIENT_PACKAGE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "client/base/buffer.h"
#include "core/package/parse.h"
#include "luatee/luatee.h"

/* These functions use only the fields header, header_size, payload and payload_size of a package. */

/* Signs with a private key. Returns LUATEE_FAILED when OpenSSL fails. */
LUATEE_CHECKED luatee_status package_sign(EVP_PKEY *key, const struct package *package,
                                          uint8_t signature[PACKAGE_SIGNATURE_SIZE], luatee_error *error);

/* Returns whether this key signed this package. Verifies `signature`, not package->signature. */
bool package_signature_good(EVP_PKEY *key, const struct package *package,
                            const uint8_t signature[PACKAGE_SIGNATURE_SIZE]);

/* Reads a signature of an external signer: r || s, or the DER of ECDSA-Sig-Value, which most devices and openssl write.
 * Returns false when the data are neither, or when this key did not sign this package. */
bool package_signature_read(EVP_PKEY *key, const struct package *package, const void *data, size_t size,
                            uint8_t signature[PACKAGE_SIGNATURE_SIZE]);

/* Writes the input of an external signer: the whole Sig_structure, and its SHA-256. The buffer is emptied before; the
 * caller frees it. Returns LUATEE_FAILED when OpenSSL fails or when out of memory. */
LUATEE_CHECKED luatee_status package_to_be_signed(const struct package *package, struct luatee_buffer *out,
                                                  uint8_t digest[LUATEE_DIGEST_SIZE], luatee_error *error);

#endif
