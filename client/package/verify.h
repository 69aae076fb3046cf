/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifies packages without a TEE. Only the decryption is not checked: it needs a reader's key. */
#ifndef LUATEE_CLIENT_PACKAGE_VERIFY_H
#define LUATEE_CLIENT_PACKAGE_VERIFY_H

#include <stddef.h>

#include <openssl/types.h>

#include "client/base/buffer.h"
#include "client/base/scripts.h"
#include "core/package/parse.h"
#include "luatee/luatee.h"

/* The suffix of packages: FOLDER/ta/NAME.luata and FOLDER/manifest.luata. */
#define PACKAGE_SUFFIX ".luata"

/* A package in memory, with its parsed fields. */
struct package_file {
    struct luatee_buffer data; /* package and body point into it */
    struct package package;
    struct package_body body;
};

/* Reads and parses a package. Returns LUATEE_REFUSED, with the failed check, when the package is malformed;
 * LUATEE_USAGE when there is no such file; LUATEE_FAILED when the file cannot be read. After LUATEE_OK the caller frees
 * file->data. */
LUATEE_CHECKED luatee_status package_open(const char *path, struct package_file *file, luatee_error *error);

/* Verifies the signature. Returns LUATEE_REFUSED when this key did not sign the package. path: for the message. */
LUATEE_CHECKED luatee_status package_verify(const char *path, const struct package *package, EVP_PKEY *key,
                                            luatee_error *error);

/*
 * Verifies an app's manifest and every package of its ta/. Each package must be signed by the key, have the name of its
 * file, and have the same app, version, sequence and bundle as the manifest; otherwise, or without a package in ta/,
 * returns LUATEE_REFUSED. Sets *count to the number of packages, with the manifest. After LUATEE_OK, *manifest is the
 * manifest's package, and the caller frees manifest->data.
 */
LUATEE_CHECKED luatee_status package_verify_app(const char *folder, EVP_PKEY *key, struct package_file *manifest,
                                                size_t *count, luatee_error *error);

#endif
