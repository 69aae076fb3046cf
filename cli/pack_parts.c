/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pack.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "cli/cli.h"
#include "cli/compile.h"
#include "client/base/error.h"
#include "client/package/verify.h"

static luatee_status read_script(const struct pack_options *options, struct package_part *part, luatee_error *error)
{
    char path[PATH_MAX];
    struct luatee_script script;
    luatee_status status = luatee_script_read(options->app, part->name, &script, error);
    if (status != LUATEE_OK)
        return status;
    part->plaintext = script.data;
    memcpy(part->source, script.digest, sizeof(part->source));
    if (options->signature != NULL) /* the package exists already; the digest shows whether this script is its source */
        return LUATEE_OK;
    part->kind = options->precompile ? PACKAGE_BYTECODE : PACKAGE_SOURCE;
    if (snprintf(path, sizeof(path), "%s/ta/%s.lua", options->app, part->name) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", options->app);
    return compile_script(&part->plaintext, path, options->precompile, error);
}

/* Warns about packages whose script no longer exists: they belong to an older bundle, and the TEE rejects them. */
static void warn_leftovers(const char *folder, const luatee_script_name *scripts, size_t count)
{
    luatee_script_name *packages;
    size_t package_count;
    if (luatee_packages_list(folder, &packages, &package_count, NULL) != LUATEE_OK)
        return;
    for (size_t i = 0; i < package_count; i++) {
        if (count > 0 &&
            bsearch(packages[i], scripts, count, sizeof(*scripts), (int (*)(const void *, const void *))strcmp) != NULL)
            continue;
        cli_complain("%s/ta/%s" PACKAGE_SUFFIX " does not belong to this bundle, because its script is gone: remove it",
                     folder, packages[i]);
    }
    free(packages);
}

static luatee_status add_manifest(const struct package_manifest *manifest, struct package_part *part,
                                  luatee_error *error)
{
    memcpy(part->name, PACKAGE_MANIFEST_NAME, sizeof(PACKAGE_MANIFEST_NAME));
    part->kind = PACKAGE_MANIFEST;
    if (!package_encode_manifest(manifest, &part->plaintext))
        return luatee_error_memory(error);
    if (EVP_Digest(part->plaintext.data, part->plaintext.size, part->source, NULL, EVP_sha256(), NULL) == 1)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a digest");
}

luatee_status pack_parts_read(const struct pack_options *options, const struct package_manifest *manifest,
                              struct package_part **parts, size_t *count, luatee_error *error)
{
    luatee_script_name *names;
    size_t scripts;
    *parts = NULL;
    *count = 0;
    luatee_status status = luatee_scripts_list(options->app, &names, &scripts, error);
    if (status != LUATEE_OK)
        return status;
    if (scripts == 0 && options->signature == NULL) {
        free(names);
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s has no trusted scripts (ta/NAME.lua): there is nothing to pack", options->app);
    }
    *parts = calloc(scripts + 1, sizeof(**parts));
    if (*parts == NULL) {
        free(names);
        return luatee_error_memory(error);
    }
    while (status == LUATEE_OK && *count < scripts) {
        memcpy((*parts)[*count].name, names[*count], sizeof(*names));
        status = read_script(options, &(*parts)[*count], error);
        (*count)++;
    }
    if (status == LUATEE_OK) {
        warn_leftovers(options->out == NULL ? options->app : options->out, names, scripts);
        status = add_manifest(manifest, &(*parts)[(*count)++], error);
    }
    free(names);
    return status;
}

void pack_parts_free(struct package_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        luatee_buffer_free(&parts[i].plaintext);
    free(parts);
}
