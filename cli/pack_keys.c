/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pack.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cli/cli.h"
#include "client/base/error.h"
#include "client/package/development.h"
#include "client/package/keys.h"

static luatee_status load_class(struct pack_keys *keys, const char *path, luatee_error *error)
{
    luatee_status status = package_load_class(path, keys->class_key, error);
    keys->has_class = status == LUATEE_OK;
    return status;
}

static luatee_status load_development(const struct pack_options *options, bool readers, struct pack_keys *keys,
                                      luatee_error *error)
{
    struct package_development development;
    luatee_status status = package_development_keys(&development, error);
    if (status != LUATEE_OK)
        return status;
    cli_complain("without --key, the development keys in %s are used, which a release TA rejects",
                 development.folder);
    keys->development = true;
    status = package_load_publisher(development.publisher, &keys->publisher, &keys->is_private, error);
    if (status == LUATEE_OK && readers && options->class_key == NULL && options->device_count == 0)
        status = load_class(keys, development.class_key, error);
    return status;
}

static luatee_status load_publisher(const struct pack_options *options, bool readers, struct pack_keys *keys,
                                    luatee_error *error)
{
    luatee_status status = package_load_publisher(options->key, &keys->publisher, &keys->is_private, error);
    if (status != LUATEE_OK || !readers)
        return status;
    if (!keys->is_private && options->digest_only == NULL)
        return luatee_error_set(
            error, LUATEE_USAGE,
            "%s is a public key, which cannot sign: name the private key, or sign elsewhere with --digest-only DIR",
            options->key);
    if (options->class_key == NULL && options->device_count == 0)
        return luatee_error_set(error, LUATEE_USAGE,
                                "no device could decrypt these packages: name a class key (--class-key) or device "
                                "keys (--to)");
    return LUATEE_OK;
}

/* Adds a device's key to the readers, unless the same key is already there. */
static luatee_status add_device(struct pack_keys *keys, const char *path, luatee_error *error)
{
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE], other[PACKAGE_PUBLISHER_ID_SIZE];
    EVP_PKEY *key;
    luatee_status status = package_load_public(path, &key, error);
    if (status != LUATEE_OK)
        return status;
    bool fine = package_publisher_id(key, id), known = false;
    for (size_t i = 0; i < keys->device_count && fine && !known; i++) {
        fine = package_publisher_id(keys->devices[i], other);
        known = fine && memcmp(id, other, sizeof(id)) == 0;
    }
    if (fine && !known)
        keys->devices[keys->device_count++] = key;
    else
        EVP_PKEY_free(key);
    return fine ? LUATEE_OK : luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
}

luatee_status pack_keys_load(const struct pack_options *options, bool readers, struct pack_keys *keys,
                             luatee_error *error)
{
    *keys = (struct pack_keys) { 0 };
    luatee_status status = options->key == NULL ? load_development(options, readers, keys, error)
                                                : load_publisher(options, readers, keys, error);
    if (status == LUATEE_OK && readers && options->class_key != NULL)
        status = load_class(keys, options->class_key, error);
    for (size_t i = 0; i < options->device_count && status == LUATEE_OK && readers; i++)
        status = add_device(keys, options->devices[i], error);
    if (status == LUATEE_OK && keys->device_count + keys->has_class > PACKAGE_RECIPIENTS_MAX)
        status = luatee_error_set(error, LUATEE_USAGE, "a package has at most %d readers", PACKAGE_RECIPIENTS_MAX);
    return status;
}

void pack_keys_free(struct pack_keys *keys)
{
    EVP_PKEY_free(keys->publisher);
    for (size_t i = 0; i < keys->device_count; i++)
        EVP_PKEY_free(keys->devices[i]);
    OPENSSL_cleanse(keys, sizeof(*keys));
}
