/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pack.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "client/base/error.h"
#include "client/package/encode.h"
#include "client/package/files.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "client/package/verify.h"

/* In bytes; larger than any signature, r || s or DER. */
#define SIGNATURE_FILE_MAX 1024

/* State of one run. All packages must have the bundle of the first one, the manifest's. */
struct stitching {
    const struct pack_options *options;
    const struct package_manifest *manifest;
    EVP_PKEY *publisher;
    uint8_t publisher_id[PACKAGE_PUBLISHER_ID_SIZE];
    struct package_set *set;
    bool has_bundle;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
};

/* Checks that an unsigned package belongs to the app as it is now: the folder may be older than the app. */
static luatee_status check_identity(struct stitching *stitching, const char *path, const char *name, bool is_manifest,
                                    const struct package_identity *identity, luatee_error *error)
{
    const struct package_manifest *manifest = stitching->manifest;
    if (identity->app_size != strlen(manifest->name) ||
        memcmp(identity->app, manifest->name, identity->app_size) != 0 || identity->sequence != manifest->sequence ||
        identity->version_size != strlen(manifest->version) ||
        memcmp(identity->version, manifest->version, identity->version_size) != 0)
        return luatee_error_set(error, LUATEE_REFUSED,
                                "%s has another app, version or sequence: start again with --digest-only", path);
    if ((identity->kind == PACKAGE_MANIFEST) != is_manifest || identity->script_size != strlen(name) ||
        memcmp(identity->script, name, identity->script_size) != 0)
        return luatee_error_set(error, LUATEE_REFUSED, "%s is a package of another script", path);
    if (!stitching->has_bundle)
        memcpy(stitching->bundle, identity->bundle, PACKAGE_BUNDLE_SIZE);
    stitching->has_bundle = true;
    if (memcmp(stitching->bundle, identity->bundle, PACKAGE_BUNDLE_SIZE) != 0)
        return luatee_error_set(error, LUATEE_REFUSED, "%s was not packed together with the others", path);
    return LUATEE_OK;
}

/* Checks that the package names the key of --key: a TEE verifies the signature with the key that the package names. */
static luatee_status check_publisher(const struct stitching *stitching, const char *path, const uint8_t *id,
                                     luatee_error *error)
{
    if (memcmp(id, stitching->publisher_id, PACKAGE_PUBLISHER_ID_SIZE) == 0)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_REFUSED,
                            "%s names another publisher key: use the same --key as with --digest-only", path);
}

static luatee_status put_signature(struct stitching *stitching, const char *path, struct package *package,
                                   const char *name, bool is_manifest, luatee_error *error)
{
    char output[PACK_PATH_SIZE];
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    struct luatee_buffer file = { 0 }, whole = { 0 };
    luatee_status status = package_file_read(path, SIGNATURE_FILE_MAX, &file, error);
    if (status != LUATEE_OK)
        return status;
    pack_path(name, is_manifest, PACKAGE_SUFFIX, output);
    if (!package_signature_read(stitching->publisher, package, file.data, file.size, signature)) {
        status = luatee_error_set(error, LUATEE_REFUSED, "%s is not a signature of the package by the key of --key",
                                  path);
    } else {
        package->signature = signature;
        status = package_encode_whole(package, &whole)
                     ? package_set_add(stitching->set, output, whole.data, whole.size, error)
                     : luatee_error_memory(error);
        package->signature = NULL;
    }
    luatee_buffer_free(&file);
    luatee_buffer_free(&whole);
    return status;
}

static luatee_status stitch(struct stitching *stitching, const char *name, bool is_manifest, luatee_error *error)
{
    char relative[PACK_PATH_SIZE], path[PATH_MAX], signature_path[PATH_MAX];
    struct package_file file;
    const char *root = stitching->options->signature;
    pack_path(name, is_manifest, PACK_UNSIGNED, relative);
    if (snprintf(path, sizeof(path), "%s/%s", root, relative) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", root);
    pack_path(name, is_manifest, PACK_SIGNATURE, relative);
    if (snprintf(signature_path, sizeof(signature_path), "%s/%s", root, relative) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", root);
    luatee_status status = package_open(path, &file, error);
    if (status != LUATEE_OK)
        return status;
    status = check_publisher(stitching, path, file.package.publisher_id, error);
    if (status == LUATEE_OK)
        status = check_identity(stitching, path, name, is_manifest, &file.package.identity, error);
    if (status == LUATEE_OK)
        status = put_signature(stitching, signature_path, &file.package, name, is_manifest, error);
    luatee_buffer_free(&file.data);
    return status;
}

static luatee_status stitch_all(struct stitching *stitching, const struct package_part *parts, size_t count,
                                luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    for (size_t i = count; i-- > 0 && status == LUATEE_OK;) /* the manifest, the last part, is read first */
        status = stitch(stitching, parts[i].name, parts[i].kind == PACKAGE_MANIFEST, error);
    if (status == LUATEE_OK)
        status = package_set_commit(stitching->set, error);
    return status;
}

luatee_status pack_stitch(const struct pack_options *options, const struct package_manifest *manifest,
                          const struct pack_keys *keys, const struct package_part *parts, size_t count,
                          luatee_error *error)
{
    const char *root = options->out == NULL ? options->app : options->out;
    struct stitching stitching = { .options = options, .manifest = manifest, .publisher = keys->publisher };
    luatee_status status = pack_pending_check(options, parts, count, error);
    if (status == LUATEE_OK && !package_publisher_id(keys->publisher, stitching.publisher_id))
        status = luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
    if (status == LUATEE_OK)
        status = package_set_begin(root, &stitching.set, error);
    if (status == LUATEE_OK)
        status = stitch_all(&stitching, parts, count, error);
    package_set_end(stitching.set);
    if (status == LUATEE_OK)
        cli_print("packed %s, version %s, sequence %llu: %zu script%s and the manifest, signed elsewhere, in %s\n",
                  manifest->name, manifest->version, (unsigned long long)manifest->sequence, count - 1,
                  count == 2 ? "" : "s", root);
    return status;
}
