/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pack.h"

#include <stdio.h>

#include "cli/cli.h"
#include "client/base/error.h"
#include "client/package/files.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "client/package/verify.h"

void pack_path(const char *name, bool is_manifest, const char *suffix, char path[PACK_PATH_SIZE])
{
    (void)snprintf(path, PACK_PATH_SIZE, "%s%s%s", is_manifest ? "" : "ta/", name, suffix);
}

static luatee_status add(struct package_set *set, const struct package_part *part, const char *suffix, const void *data,
                         size_t size, luatee_error *error)
{
    char path[PACK_PATH_SIZE];
    pack_path(part->name, part->kind == PACKAGE_MANIFEST, suffix, path);
    return package_set_add(set, path, data, size, error);
}

/* Adds the files that an external signer needs. */
static luatee_status add_unsigned(struct package_set *set, const struct package_part *part,
                                  const struct luatee_buffer *made, luatee_error *error)
{
    struct package package;
    struct luatee_buffer to_sign = { 0 };
    uint8_t digest[LUATEE_DIGEST_SIZE];
    if (package_parse(made->data, made->size, &package) != PACKAGE_FINE)
        return luatee_error_set(error, LUATEE_FAILED, "luatee made a malformed package: report this bug");
    luatee_status status = package_to_be_signed(&package, &to_sign, digest, error);
    if (status == LUATEE_OK)
        status = add(set, part, PACK_UNSIGNED, made->data, made->size, error);
    if (status == LUATEE_OK)
        status = add(set, part, PACK_TO_SIGN, to_sign.data, to_sign.size, error);
    if (status == LUATEE_OK)
        status = add(set, part, PACK_DIGEST, digest, sizeof(digest), error);
    luatee_buffer_free(&to_sign);
    return status;
}

static luatee_status add_all(const struct pack_options *options, const struct package_maker *maker,
                             const struct package_part *parts, size_t count, struct package_set *set,
                             luatee_error *error)
{
    struct luatee_buffer made = { 0 };
    luatee_status status = LUATEE_OK;
    for (size_t i = 0; i < count && status == LUATEE_OK; i++) {
        status = package_make(maker, &parts[i], &made, error);
        if (status == LUATEE_OK && options->digest_only != NULL)
            status = add_unsigned(set, &parts[i], &made, error);
        else if (status == LUATEE_OK)
            status = add(set, &parts[i], PACKAGE_SUFFIX, made.data, made.size, error);
    }
    luatee_buffer_free(&made);
    return status;
}

static void print_parts(const char *root, const char *suffix, const struct package_part *parts, size_t count)
{
    static const char *const kinds[] = {
        [PACKAGE_SOURCE] = "Lua source", [PACKAGE_BYTECODE] = "Lua bytecode", [PACKAGE_MANIFEST] = "the manifest"
    };
    for (size_t i = 0; i < count; i++) {
        char path[PACK_PATH_SIZE];
        pack_path(parts[i].name, parts[i].kind == PACKAGE_MANIFEST, suffix, path);
        cli_print("  %s/%s: %s, %zu bytes\n", root, path, kinds[parts[i].kind], parts[i].plaintext.size);
    }
}

static void print_keys(const struct package_maker *maker, const struct pack_keys *keys)
{
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    char text[PACKAGE_ID_TEXT_SIZE];
    if (package_publisher_id(keys->publisher, id)) {
        package_id_text(id, text);
        printf("publisher: key %s%s%s\n", text, keys->development ? ", the development key" : "",
               maker->sign ? "" : ", which still has to sign");
    }
    if (keys->has_class && package_class_id(keys->class_key, id)) {
        package_id_text(id, text);
        printf("reader:    class key %s\n", text);
    }
    for (size_t i = 0; i < keys->device_count; i++) {
        if (!package_device_id(keys->devices[i], id))
            continue;
        package_id_text(id, text);
        printf("reader:    device %s\n", text);
    }
    package_id_text(maker->bundle, text);
    printf("bundle:    %s\n", text);
}

static void print_summary(const struct pack_options *options, const struct package_maker *maker,
                          const struct pack_keys *keys, const char *root, const struct package_part *parts,
                          size_t count)
{
    const struct package_manifest *manifest = maker->manifest;
    cli_print("%s %s, version %s, sequence %llu: %zu script%s and the manifest\n",
              options->digest_only != NULL ? "to be signed:" : "packed", manifest->name, manifest->version,
              (unsigned long long)manifest->sequence, count - 1, count == 2 ? "" : "s");
    print_parts(root, options->digest_only != NULL ? PACK_UNSIGNED : PACKAGE_SUFFIX, parts, count);
    print_keys(maker, keys);
    if (options->digest_only != NULL)
        cli_print("Sign each " PACK_TO_SIGN " with ES256 (or each " PACK_DIGEST
                  ", its SHA-256, with ECDSA) into a " PACK_SIGNATURE
                  " beside it, then:\n  luatee pack %s%s%s --signature %s\n",
                  options->app, options->key == NULL ? "" : " --key ", options->key == NULL ? "" : options->key, root);
}

luatee_status pack_write(const struct pack_options *options, const struct package_manifest *manifest,
                         const struct pack_keys *keys, struct package_part *parts, size_t count, luatee_error *error)
{
    struct package_maker maker = {
        .manifest = manifest,
        .publisher = keys->publisher,
        .sign = options->digest_only == NULL,
        .readers = { .class_key = keys->has_class ? keys->class_key : NULL,
                     .devices = keys->devices,
                     .device_count = keys->device_count },
    };
    const char *root = options->digest_only != NULL ? options->digest_only
                       : options->out != NULL       ? options->out
                                                    : options->app;
    struct package_set *set = NULL;
    luatee_status status = package_bundle(&maker, parts, count, error);
    if (status == LUATEE_OK)
        status = package_set_begin(root, &set, error);
    if (status == LUATEE_OK && options->digest_only != NULL)
        status = pack_pending_unused(root, parts, count, error);
    if (status == LUATEE_OK)
        status = add_all(options, &maker, parts, count, set, error);
    if (status == LUATEE_OK && options->digest_only != NULL)
        status = pack_pending_add(set, parts, count, error);
    if (status == LUATEE_OK)
        status = package_set_commit(set, error);
    package_set_end(set);
    if (status == LUATEE_OK)
        print_summary(options, &maker, keys, root, parts, count);
    return status;
}
