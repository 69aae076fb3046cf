/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations that the files of `luatee pack` share. */
#ifndef LUATEE_CLI_PACK_H
#define LUATEE_CLI_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/types.h>

#include "client/package/bundle.h"
#include "client/package/files.h"
#include "client/package/manifest.h"
#include "luatee/luatee.h"

/* The command line. The caller owns the paths. */
struct pack_options {
    const char *app;
    const char *key;       /* NULL: the development key pair */
    const char *class_key; /* NULL: no class key; with the development key pair, the development class key */
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
    bool development; /* `publisher` is the development key */
    bool has_class;
    uint8_t class_key[PACKAGE_KEY_SIZE];
    EVP_PKEY *devices[PACKAGE_RECIPIENTS_MAX];
    size_t device_count;
};

/* Suffixes of the files of --digest-only and --signature. They replace PACKAGE_SUFFIX. */
#define PACK_UNSIGNED ".unsigned" /* the package with an all-zero signature */
#define PACK_TO_SIGN ".tbs"       /* Sig_structure, the input of ES256 */
#define PACK_DIGEST ".sha256"     /* the SHA-256 of Sig_structure, 32 bytes */
#define PACK_SIGNATURE ".sig"     /* the signature, r || s or DER; the external signer writes it */
/* One file that lists the sources of the packages, one a line, in the format of sha256sum(1). */
#define PACK_SOURCES "sources"

/* Loads the keys that the options name. Prints a line on stderr when they are the development keys. readers: also loads
 * the keys of the readers. The caller calls pack_keys_free() after success and failure. Returns LUATEE_USAGE when a key
 * cannot be used for this, and the errors of client/package/keys.h. */
LUATEE_CHECKED luatee_status pack_keys_load(const struct pack_options *options, bool readers, struct pack_keys *keys,
                                            luatee_error *error);
/* Releases and wipes the keys. */
void pack_keys_free(struct pack_keys *keys);

/* Reads and compiles the app's scripts, and adds the manifest as the last part. With --signature, the scripts are not
 * compiled: only their digests are needed. The caller calls pack_parts_free() after success and failure. Returns
 * LUATEE_USAGE when the app has no scripts, and the errors of compile_script() and luatee_script_read(). */
LUATEE_CHECKED luatee_status pack_parts_read(const struct pack_options *options,
                                             const struct package_manifest *manifest, struct package_part **parts,
                                             size_t *count, luatee_error *error);
void pack_parts_free(struct package_part *parts, size_t count);

#define PACK_PATH_SIZE (LUATEE_NAME_MAX + 32)
/* Writes "ta/NAME" + suffix into path; for a manifest, NAME + suffix. */
void pack_path(const char *name, bool is_manifest, const char *suffix, char path[PACK_PATH_SIZE]);

/* Makes and writes all packages; with --digest-only, the files to be signed. Prints a summary. */
LUATEE_CHECKED luatee_status pack_write(const struct pack_options *options, const struct package_manifest *manifest,
                                        const struct pack_keys *keys, struct package_part *parts, size_t count,
                                        luatee_error *error);

/* --signature: reads and verifies the signatures, adds them to the packages, and writes the packages. Prints a summary.
 * Returns LUATEE_REFUSED when a file of the folder does not fit the app, the key or its signature. */
LUATEE_CHECKED luatee_status pack_stitch(const struct pack_options *options, const struct package_manifest *manifest,
                                         const struct pack_keys *keys, const struct package_part *parts, size_t count,
                                         luatee_error *error);

/*
 * The folder of --digest-only:
 *
 *   pack_pending_unused   returns LUATEE_USAGE when the folder has signatures, or unsigned packages of other scripts
 *   pack_pending_add      adds PACK_SOURCES to the set
 *   pack_pending_check    returns LUATEE_REFUSED when the parts differ from PACK_SOURCES, LUATEE_USAGE when the file
 *                         is missing
 */
LUATEE_CHECKED luatee_status pack_pending_unused(const char *folder, const struct package_part *parts, size_t count,
                                                 luatee_error *error);
LUATEE_CHECKED luatee_status pack_pending_add(struct package_set *set, const struct package_part *parts, size_t count,
                                              luatee_error *error);
LUATEE_CHECKED luatee_status pack_pending_check(const struct pack_options *options, const struct package_part *parts,
                                                size_t count, luatee_error *error);

#endif
