/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/manifest.h"

#include <string.h>

#include "client/package/encode.h"

bool package_version_valid(const char *version, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (version[i] < ' ' || version[i] > '~')
            return false;
    return size >= 1 && size <= PACKAGE_VERSION_MAX;
}

static void put_text(CborEncoder *items, const char *text)
{
    (void)cbor_encode_text_string(items, text, strlen(text));
}

static void put_number(CborEncoder *map, const char *key, uint64_t number)
{
    put_text(map, key);
    (void)cbor_encode_uint(map, number);
}

static void put_grant(CborEncoder *map, const char *key, bool granted)
{
    if (!granted)
        return;
    put_text(map, key);
    (void)cbor_encode_boolean(map, true);
}

static size_t count_permissions(const struct package_manifest *manifest)
{
    return (size_t)manifest->storage + manifest->keys + manifest->load + (manifest->host_count > 0);
}

static void put_permissions(CborEncoder *map, const struct package_manifest *manifest)
{
    CborEncoder permissions, host;
    put_text(map, "permissions");
    (void)cbor_encoder_create_map(map, &permissions, count_permissions(manifest));
    if (manifest->host_count > 0) {
        put_text(&permissions, "host");
        (void)cbor_encoder_create_array(&permissions, &host, manifest->host_count);
        for (size_t i = 0; i < manifest->host_count; i++)
            put_text(&host, manifest->host[i]);
        (void)cbor_encoder_close_container(&permissions, &host);
    }
    put_grant(&permissions, "keys", manifest->keys);
    put_grant(&permissions, "load", manifest->load);
    put_grant(&permissions, "storage", manifest->storage);
    (void)cbor_encoder_close_container(map, &permissions);
}

/* Keys in bytewise order of their encodings: shorter ones first. */
static void write_manifest(CborEncoder *root, const void *what)
{
    const struct package_manifest *manifest = what;
    CborEncoder map;
    bool permissions = count_permissions(manifest) > 0;
    (void)cbor_encoder_create_map(root, &map, (size_t)3 + (manifest->fuel > 0) + (manifest->memory > 0) + permissions);
    if (manifest->fuel > 0)
        put_number(&map, "fuel", manifest->fuel);
    put_text(&map, "name");
    put_text(&map, manifest->name);
    if (manifest->memory > 0)
        put_number(&map, "memory", manifest->memory);
    put_text(&map, "version");
    put_text(&map, manifest->version);
    put_number(&map, "sequence", manifest->sequence);
    if (permissions)
        put_permissions(&map, manifest);
    (void)cbor_encoder_close_container(root, &map);
}

bool package_encode_manifest(const struct package_manifest *manifest, struct luatee_buffer *out)
{
    return package_encode(out, write_manifest, manifest);
}
