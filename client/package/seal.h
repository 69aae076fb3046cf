/* SPDX-License-Identifier: BSD-2-Clause */
/* Encrypts a script for those who may read it: the body of a package. */
#ifndef LUATEE_CLIENT_PACKAGE_SEAL_H
#define LUATEE_CLIENT_PACKAGE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "abi/package.h"
#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* 1 to PACKAGE_RECIPIENTS_MAX in all. */
struct package_readers {
    const uint8_t *class_key; /* PACKAGE_KEY_SIZE; NULL: no class */
    EVP_PKEY *const *devices; /* public P-256 keys */
    size_t device_count;
};

/*
 * Encrypts plaintext (at most LUATEE_SCRIPT_MAX) with a new random key and IV, wraps the key for each reader, and
 * encodes the body into a buffer, which is emptied before. header: the encoded protected header that the package will
 * have; the body can be decrypted with no other. LUATEE_FAILED when OpenSSL fails or memory is out.
 */
LUATEE_CHECKED luatee_status package_seal(const struct luatee_buffer *header, const void *plaintext, size_t size,
                                          const struct package_readers *readers, struct luatee_buffer *body,
                                          luatee_error *error);

#endif
