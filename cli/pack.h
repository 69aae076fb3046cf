/* SPDX-License-Identifier: BSD-2-Clause */
/* What the pieces of `luatee pack` share. */
#ifndef LUATEE_CLI_PACK_H
#define LUATEE_CLI_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/types.h>

#include "client/package/bundle.h"
#include "client/package/files.h"
#include "client/package/manifest.h"
#include "luatee/luatee.h"

/* From the command line. Paths belong to the caller. */
struct pack_options {
    const char *app;
    const char *key;       /* NULL: the development key pair */
    const char *class_key; /* NULL: none, or with the development key pair, the development one */
    const char *devices[PACKAGE_RECIPIENTS_MAX];
    size_t device_count;
    const char *out;         /* NULL: the app's folder */
    const char *digest_only; /* a folder, or NULL */
    const char *signature;   /* a folder, or NULL */
    bool precompile;
};

struct pack_keys {
    EVP_PKEY *publisher;
    bool is_private;
    bool development; /* the publisher's is the development key */
    bool has_class;
    uint8_t class_key[PACKAGE_KEY_SIZE];
    EVP_PKEY *devices[PACKAGE_RECIPIENTS_MAX];
    size_t device_count;
};

/* Files of --digest-only and --signature, in the place of PACKAGE_SUFFIX. */
#define PACK_UNSIGNED ".unsigned" /* the package with an all-zero signature */
#define PACK_TO_SIGN ".tbs"       /* Sig_structure: what ES256 signs */
#define PACK_DIGEST ".sha256"     /* the SHA-256 of that, 32 bytes */
#define PACK_SIGNATURE ".sig"     /* the signature, r || s or DER: what is expected from elsewhere */
#define PACK_SOURCES "sources"    /* one file: what the packages were made of, a line each, as sha256sum has them */

/* Loads the keys that the options name; says on stderr when they are the development keys. readers: whether the keys of
 * who may read are needed. To be ended by pack_keys_free() in any case. */
LUATEE_CHECKED luatee_status pack_keys_load(const struct pack_options *options, bool readers, struct pack_keys *keys,
                                            luatee_error *error);
void pack_keys_free(struct pack_keys *keys);

/* Reads the app's scripts and compiles them (not with --signature, which needs only what they were made of), and adds
 * the manifest as the last part. *parts is to be ended by pack_parts_free() in any case. */
LUATEE_CHECKED luatee_status pack_parts_read(const struct pack_options *options,
                                             const struct package_manifest *manifest, struct package_part **parts,
                                             size_t *count, luatee_error *error);
void pack_parts_free(struct package_part *parts, size_t count);

/* "ta/NAME" + suffix, or "manifest" + suffix. */
#define PACK_PATH_SIZE (LUATEE_NAME_MAX + 32)
void pack_path(const char *name, bool is_manifest, const char *suffix, char path[PACK_PATH_SIZE]);

/* Makes all packages and writes them, or with --digest-only what has to be signed; prints the summary. */
LUATEE_CHECKED luatee_status pack_write(const struct pack_options *options, const struct package_manifest *manifest,
                                        const struct pack_keys *keys, struct package_part *parts, size_t count,
                                        luatee_error *error);

/* --signature: puts the signatures in, checks them, and writes the packages; prints a summary. */
LUATEE_CHECKED luatee_status pack_stitch(const struct pack_options *options, const struct package_manifest *manifest,
                                         const struct pack_keys *keys, const struct package_part *parts, size_t count,
                                         luatee_error *error);

/*
 * The folder of --digest-only:
 *
 *   pack_pending_unused   LUATEE_USAGE when it has signatures, or packages of other scripts, of an earlier time
 *   pack_pending_add      PACK_SOURCES
 *   pack_pending_check    LUATEE_REFUSED when the parts are not what PACK_SOURCES says; LUATEE_USAGE when it is missing
 */
LUATEE_CHECKED luatee_status pack_pending_unused(const char *folder, const struct package_part *parts, size_t count,
                                                 luatee_error *error);
LUATEE_CHECKED luatee_status pack_pending_add(struct package_set *set, const struct package_part *parts, size_t count,
                                              luatee_error *error);
LUATEE_CHECKED luatee_status pack_pending_check(const struct pack_options *options, const struct package_part *parts,
                                                size_t count, luatee_error *error);

#endif
