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

static void put_number(struct writer *w, const char *key, uint64_t number)
{
    writer_textz(w, key);
    writer_uint(w, number);
}

static void put_grant(struct writer *w, const char *key, bool granted)
{
    if (!granted)
        return;
    writer_textz(w, key);
    writer_bool(w, true);
}

static size_t count_permissions(const struct package_manifest *manifest)
{
    return (size_t)manifest->storage + manifest->counters + manifest->keys + manifest->load + manifest->log +
           (manifest->host_count > 0);
}

static void put_permissions(struct writer *w, const struct package_manifest *manifest)
{
    writer_textz(w, "permissions");
    writer_map(w, count_permissions(manifest));
    put_grant(w, "log", manifest->log);
    if (manifest->host_count > 0) {
        writer_textz(w, "host");
        writer_array(w, manifest->host_count);
        for (size_t i = 0; i < manifest->host_count; i++)
            writer_textz(w, manifest->host[i]);
    }
    put_grant(w, "keys", manifest->keys);
    put_grant(w, "load", manifest->load);
    put_grant(w, "storage", manifest->storage);
    put_grant(w, "counters", manifest->counters);
}

static void put_revoke(struct writer *w, const struct package_manifest *manifest)
{
    writer_textz(w, "revoke");
    writer_array(w, manifest->revoke_count);
    for (size_t i = 0; i < manifest->revoke_count; i++)
        writer_bytes(w, manifest->revoke[i], PACKAGE_PUBLISHER_ID_SIZE);
}

/* Writes the keys in the bytewise order of their encodings: shorter keys first. */
static void write_manifest(struct writer *w, const void *context)
{
    const struct package_manifest *manifest = context;
    bool permissions = count_permissions(manifest) > 0, revoke = manifest->revoke_count > 0;
    writer_map(w, (size_t)3 + (manifest->fuel > 0) + (manifest->memory > 0) + revoke + permissions);
    if (manifest->fuel > 0)
        put_number(w, "fuel", manifest->fuel);
    writer_textz(w, "name");
    writer_textz(w, manifest->name);
    if (manifest->memory > 0)
        put_number(w, "memory", manifest->memory);
    if (revoke)
        put_revoke(w, manifest);
    writer_textz(w, "version");
    writer_textz(w, manifest->version);
    put_number(w, "sequence", manifest->sequence);
    if (permissions)
        put_permissions(w, manifest);
}

bool package_encode_manifest(const struct package_manifest *manifest, struct luatee_buffer *out)
{
    return package_encode(out, write_manifest, manifest);
}
