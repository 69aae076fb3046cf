/* SPDX-License-Identifier: BSD-2-Clause */
/* Encrypts a script for its readers. The result is the body of a package. */
#ifndef LUATEE_CLIENT_PACKAGE_SEAL_H
#define LUATEE_CLIENT_PACKAGE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "abi/package.h"
#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* The readers of a package, 1 to PACKAGE_RECIPIENTS_MAX in all. The caller owns the keys. */
struct package_readers {
    const uint8_t *class_key; /* PACKAGE_KEY_SIZE bytes; NULL: no class */
    EVP_PKEY *const *devices; /* public P-256 keys */
    size_t device_count;
};

/*
 * Encrypts plaintext (at most LUATEE_SCRIPT_MAX bytes) with a new random key and IV, wraps the key for each reader, and
 * encodes the body into a buffer, which is emptied before and which the caller frees. header: the encoded protected
 * header of the package; the body decrypts only with this header. Returns LUATEE_USAGE when the plaintext is too large
 * or the number of readers is out of range, and LUATEE_FAILED when OpenSSL fails or when out of memory.
 */
LUATEE_CHECKED luatee_status package_seal(const struct luatee_buffer *header, const void *plaintext, size_t size,
                                          const struct package_readers *readers, struct luatee_buffer *body,
                                          luatee_error *error);

#endif
