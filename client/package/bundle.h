/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes all packages of an app. They share the bundle, a digest over all of them, which each has in its identity.
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
    luatee_script_name name; /* for a manifest: PACKAGE_MANIFEST_NAME */
    enum package_kind kind;
    struct luatee_buffer plaintext;
    uint8_t source[LUATEE_DIGEST_SIZE]; /* SHA-256 of the source of the plaintext; not part of the package */
};

/* The inputs that all packages of an app share. The caller owns everything that the fields point to. */
struct package_maker {
    const struct package_manifest *manifest;
    EVP_PKEY *publisher;
    bool sign; /* false: signatures are all zeros, and an external signer makes them; publisher may be a public key */
    struct package_readers readers;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
};

/* Sorts the parts by kind and name, and computes maker->bundle with a new random salt. Returns LUATEE_FAILED when
 * OpenSSL fails or when out of memory. */
LUATEE_CHECKED luatee_status package_bundle(struct package_maker *maker, struct package_part *parts, size_t count,
                                            luatee_error *error);

/* Writes one package into a buffer, which is emptied before and which the caller frees. Returns LUATEE_USAGE when the
 * part is too large, and LUATEE_FAILED when OpenSSL fails or when out of memory. */
LUATEE_CHECKED luatee_status package_make(const struct package_maker *maker, const struct package_part *part,
                                          struct luatee_buffer *out, luatee_error *error);

#endif
