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

/* Of a package, these functions use header and payload, and what they say. */

/* Signs with a private key. LUATEE_FAILED when OpenSSL fails. */
LUATEE_CHECKED luatee_status package_sign(EVP_PKEY *key, const struct package *package,
                                          uint8_t signature[PACKAGE_SIGNATURE_SIZE], luatee_error *error);

/* True when the signature is this key's, over this package; package->signature is not used. */
bool package_signature_good(EVP_PKEY *key, const struct package *package,
                            const uint8_t signature[PACKAGE_SIGNATURE_SIZE]);

/* Takes a signature from elsewhere: r || s, or the DER of ECDSA-Sig-Value, as most devices and openssl give it. False
 * when it is neither, or not good. */
bool package_signature_read(EVP_PKEY *key, const struct package *package, const void *data, size_t size,
                            uint8_t signature[PACKAGE_SIGNATURE_SIZE]);

/* What somebody else has to sign: the whole Sig_structure, and its SHA-256. The buffer is emptied before. LUATEE_FAILED
 * when OpenSSL fails or memory is out. */
LUATEE_CHECKED luatee_status package_to_be_signed(const struct package *package, struct luatee_buffer *out,
                                                  uint8_t digest[LUATEE_DIGEST_SIZE], luatee_error *error);

#endif
