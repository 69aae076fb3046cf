/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/verify.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/base/error.h"
#include "client/package/files.h"
#include "client/package/keys.h"
#include "client/package/sign.h"

static luatee_status refuse(luatee_error *error, const char *path, const char *why)
{
    return luatee_error_set(error, LUATEE_REFUSED, "%s is refused: %s", path, why);
}

luatee_status package_open(const char *path, struct package_file *file, luatee_error *error)
{
    *file = (struct package_file) { 0 };
    luatee_status status = package_file_read(path, PACKAGE_SIZE_MAX, &file->data, error);
    if (status != LUATEE_OK)
        return status;
    enum package_check check = package_parse(file->data.data, file->data.size, &file->package);
    if (check == PACKAGE_FINE)
        check = package_parse_body(file->package.payload, file->package.payload_size, &file->body);
    if (check == PACKAGE_FINE)
        return LUATEE_OK;
    luatee_buffer_free(&file->data);
    return refuse(error, path, package_check_text(check));
}

luatee_status package_verify(const char *path, const struct package *package, EVP_PKEY *key, luatee_error *error)
{
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    if (!package_publisher_id(key, id))
        return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
    if (memcmp(id, package->publisher_id, sizeof(id)) != 0) {
        char expected[PACKAGE_ID_TEXT_SIZE], actual[PACKAGE_ID_TEXT_SIZE];
        package_id_text(id, expected);
        package_id_text(package->publisher_id, actual);
        return luatee_error_set(error, LUATEE_REFUSED, "%s is refused: it is signed with publisher key %s, not with %s",
                                path, actual, expected);
    }
    if (!package_signature_good(key, package, package->signature))
        return refuse(error, path, package_check_text(PACKAGE_BAD_SIGNATURE));
    return LUATEE_OK;
}

static bool is_text(const char *text, size_t size, const char *expected)
{
    return size == strlen(expected) && memcmp(text, expected, size) == 0;
}

/* Compares a package with the name of its file and with the identity of the manifest. Returns the first difference, in
 * the words of the TEE (core/trust/package_policy.c); NULL when there is no difference. */
static const char *find_difference(const struct package_identity *identity, const char *name, bool is_manifest,
                                   const struct package_identity *manifest)
{
    if ((identity->kind == PACKAGE_MANIFEST) != is_manifest)
        return package_check_text(PACKAGE_OTHER_KIND);
    if (!is_text(identity->script, identity->script_size, name))
        return package_check_text(PACKAGE_OTHER_SCRIPT);
    if (identity->app_size != manifest->app_size || memcmp(identity->app, manifest->app, manifest->app_size) != 0)
        return package_check_text(PACKAGE_OTHER_APP);
    if (identity->sequence != manifest->sequence)
        return "its sequence differs from that of the manifest";
    if (identity->version_size != manifest->version_size ||
        memcmp(identity->version, manifest->version, manifest->version_size) != 0)
        return "its version differs from that of the manifest";
    if (memcmp(identity->bundle, manifest->bundle, PACKAGE_BUNDLE_SIZE) != 0)
        return "its bundle differs from that of the manifest: use the files of one `luatee pack`";
    return NULL;
}

/* Opens and verifies a package. manifest: the identity of the manifest; NULL when the file is the manifest itself. */
static luatee_status verify_part(const char *path, const char *name, EVP_PKEY *key,
                                 const struct package_identity *manifest, struct package_file *file,
                                 luatee_error *error)
{
    luatee_status status = package_open(path, file, error);
    if (status != LUATEE_OK)
        return status;
    status = package_verify(path, &file->package, key, error);
    if (status == LUATEE_OK) {
        const struct package_identity *identity = &file->package.identity;
        const char *why = find_difference(identity, name, manifest == NULL, manifest == NULL ? identity : manifest);
        if (why != NULL)
            status = refuse(error, path, why);
    }
    if (status != LUATEE_OK)
        luatee_buffer_free(&file->data);
    return status;
}

static luatee_status verify_scripts(const char *folder, EVP_PKEY *key, const struct package_identity *manifest,
                                    const luatee_script_name *names, size_t count, luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    for (size_t i = 0; i < count && status == LUATEE_OK; i++) {
        char path[PATH_MAX];
        struct package_file file;
        if (snprintf(path, sizeof(path), "%s/ta/%s" PACKAGE_SUFFIX, folder, names[i]) >= PATH_MAX)
            return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", folder);
        status = verify_part(path, names[i], key, manifest, &file, error);
        if (status == LUATEE_OK)
            luatee_buffer_free(&file.data);
    }
    return status;
}

luatee_status package_verify_app(const char *folder, EVP_PKEY *key, struct package_file *manifest, size_t *count,
                                 luatee_error *error)
{
    char path[PATH_MAX];
    luatee_script_name *names;
    if (snprintf(path, sizeof(path), "%s/" PACKAGE_MANIFEST_NAME PACKAGE_SUFFIX, folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", folder);
    luatee_status status = verify_part(path, PACKAGE_MANIFEST_NAME, key, NULL, manifest, error);
    if (status != LUATEE_OK)
        return status;
    status = luatee_packages_list(folder, &names, count, error);
    if (status == LUATEE_OK) {
        status = *count > 0
                     ? verify_scripts(folder, key, &manifest->package.identity, names, *count, error)
                     : refuse(error, folder, "it has a manifest, but no package of a script: pack the app again");
        free(names);
        (*count)++;
    }
    if (status != LUATEE_OK)
        luatee_buffer_free(&manifest->data);
    return status;
}
