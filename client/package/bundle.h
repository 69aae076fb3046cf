/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All packages of an app, made together: their identities share the bundle, a digest over all of them.
 */
#ifndef LUATEE_CLIENT_PACKAGE_BUNDLE_H
#define LUATEE_CLIENT_PACKAGE_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "client/base/buffer.h"
#include "client/package/manifest.h"
#include "client/package/seal.h"
#include "luatee/luatee.h"

/* A script, or the manifest. */
struct package_part {
    luatee_script_name name; /* of a manifest: PACKAGE_MANIFEST_NAME */
    enum package_kind kind;
    struct luatee_buffer plaintext;
    uint8_t source[LUATEE_DIGEST_SIZE]; /* SHA-256 of what the plaintext was made of; the package does not have it */
};

/* What one package is made with. */
struct package_maker {
    const struct package_manifest *manifest;
    EVP_PKEY *publisher;
    bool sign; /* publisher is a private key; otherwise signatures are all zero, for package_signature_read() to mend */
    struct package_readers readers;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
};

/* Sorts the parts by kind and name, and computes maker->bundle with a new random salt. LUATEE_FAILED when OpenSSL fails
 * or memory is out. */
LUATEE_CHECKED luatee_status package_bundle(struct package_maker *maker, struct package_part *parts, size_t count,
                                            luatee_error *error);

/* Makes one package into a buffer, which is emptied before. LUATEE_FAILED when OpenSSL fails or memory is out;
 * LUATEE_USAGE when the part is too large. */
LUATEE_CHECKED luatee_status package_make(const struct package_maker *maker, const struct package_part *part,
                                          struct luatee_buffer *out, luatee_error *error);

#endif
