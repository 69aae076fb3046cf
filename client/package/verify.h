/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks packages without a TEE: everything but what only a reader's key can tell. */
#ifndef LUATEE_CLIENT_PACKAGE_VERIFY_H
#define LUATEE_CLIENT_PACKAGE_VERIFY_H

#include <stddef.h>

#include <openssl/types.h>

#include "client/base/buffer.h"
#include "client/base/scripts.h"
#include "core/package/parse.h"
#include "luatee/luatee.h"

/* The files of an app: FOLDER/ta/NAME.luata, and FOLDER/manifest.luata. */
#define PACKAGE_SUFFIX ".luata"

/* A package in memory, and what is in it. */
struct package_file {
    struct luatee_buffer data; /* package and body point into it */
    struct package package;
    struct package_body body;
};

/* Reads a package and parses all of it. LUATEE_REFUSED, with the check that failed, when it is malformed; LUATEE_USAGE
 * when there is no such file. The caller frees the file's data when LUATEE_OK was returned. */
LUATEE_CHECKED luatee_status package_open(const char *path, struct package_file *file, luatee_error *error);

/* LUATEE_REFUSED when the package was not signed by this key. path: for the message. */
LUATEE_CHECKED luatee_status package_verify(const char *path, const struct package *package, EVP_PKEY *key,
                                            luatee_error *error);

/*
 * Verifies an app's manifest and every package of its ta/, which has at least one: each is signed by the key, has the
 * name of its file, and belongs to the same app, version, sequence and bundle as the manifest. *count: how many
 * packages there are, with the manifest. `manifest`, to be freed by the caller when LUATEE_OK was returned, is the
 * manifest's package.
 */
LUATEE_CHECKED luatee_status package_verify_app(const char *folder, EVP_PKEY *key, struct package_file *manifest,
                                                size_t *count, luatee_error *error);

#endif
