/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/manifest_parse.h"

#include <string.h>

#include "abi/name.h"
#include "core/codec/cursor.h"

#define KEY_MAX 11
#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

struct parsing {
    struct cursor c;
    struct manifest *manifest;
    struct manifest_identity *identity;
    const char *why; /* a broken rule that is not one of the encoding; or NULL */
};

/* Reads the value of one entry. */
typedef void (*read_value)(struct parsing *p);

struct field {
    const char *key;
    read_value read;
};

/* Reads a map whose keys are some of `fields`, in that order. Returns a bit for each of `fields`, set when the map has
 * it. */
static unsigned read_map(struct parsing *p, uint64_t pairs, const struct field *fields, size_t count)
{
    unsigned seen = 0;
    size_t i = 0;
    for (; pairs > 0 && p->c.failure == CURSOR_FINE; pairs--) {
        size_t size;
        const char *key = cursor_text(&p->c, 1, KEY_MAX, &size);
        while (key && i < count && (strlen(fields[i].key) != size || memcmp(fields[i].key, key, size) != 0))
            i++;
        if (!key || i == count) {
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
            break;
        }
        fields[i].read(p);
        seen |= 1u << i++;
    }
    return seen;
}

static void read_name(struct parsing *p, char out[LUATEE_NAME_MAX + 1])
{
    size_t size;
    const char *name = cursor_text(&p->c, 1, LUATEE_NAME_MAX, &size);
    if (!name || !luatee_name_valid(name, size)) {
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
        return;
    }
    memcpy(out, name, size);
    out[size] = '\0';
}

static uint64_t read_number(struct parsing *p, uint64_t min)
{
    uint64_t number = cursor_uint(&p->c);
    if (number < min || number > PACKAGE_SEQUENCE_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    return number;
}

static void read_own_name(struct parsing *p)
{
    read_name(p, p->identity->name);
}

static void read_sequence(struct parsing *p)
{
    p->identity->sequence = read_number(p, 0);
}

static void read_version(struct parsing *p)
{
    size_t size;
    const char *version = cursor_text(&p->c, 1, PACKAGE_VERSION_MAX, &size);
    for (size_t i = 0; version && i < size; i++)
        if (version[i] < ' ' || version[i] > '~')
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

static void read_fuel(struct parsing *p)
{
    p->manifest->fuel = read_number(p, 1);
}

static void read_memory(struct parsing *p)
{
    p->manifest->memory = read_number(p, 1);
    if (p->manifest->memory > LUATEE_TA_MEMORY_MAX)
        p->why = "its memory is more than the " TEXT_OF(
            LUATEE_TA_MEMORY_MIB) " MiB that this TA has for a session: lower `memory` in manifest.lua";
    if (p->manifest->memory < LUATEE_MEMORY_MIN)
        p->why = "its memory is less than the " TEXT_OF(LUATEE_MEMORY_MIN_KIB)
                 " KiB that a session needs: raise `memory` in manifest.lua";
}

static void read_revoked_id(struct parsing *p, size_t i)
{
    const uint8_t **revoked = p->identity->revoked;
    revoked[i] = cursor_bytes_of(&p->c, PACKAGE_PUBLISHER_ID_SIZE);
    for (size_t j = 0; j < i && revoked[i]; j++)
        if (memcmp(revoked[i], revoked[j], PACKAGE_PUBLISHER_ID_SIZE) == 0)
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

static void read_revoked(struct parsing *p)
{
    uint64_t count = cursor_array(&p->c);
    if (count == 0 || count > PACKAGE_REVOKE_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    for (size_t i = 0; i < count && p->c.failure == CURSOR_FINE; i++)
        read_revoked_id(p, i);
    p->identity->revoked_count = (size_t)count;
}

static void read_grant(struct parsing *p, enum manifest_permission permission)
{
    if (!cursor_bool(&p->c)) /* false has no encoding: a permission that is not granted is left out */
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    p->manifest->permissions |= permission;
}

static void read_storage(struct parsing *p)
{
    read_grant(p, MANIFEST_STORAGE);
}

static void read_keys(struct parsing *p)
{
    read_grant(p, MANIFEST_KEYS);
}

static void read_counters(struct parsing *p)
{
    read_grant(p, MANIFEST_COUNTERS);
}

static void read_load(struct parsing *p)
{
    read_grant(p, MANIFEST_LOAD);
}

static void read_log(struct parsing *p)
{
    read_grant(p, MANIFEST_LOG);
}

static void read_host(struct parsing *p)
{
    struct manifest *m = p->manifest;
    uint64_t count = cursor_array(&p->c);
    if (count == 0 || count > PACKAGE_HOST_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    for (size_t i = 0; i < count && p->c.failure == CURSOR_FINE; i++) {
        read_name(p, m->host[i]);
        if (p->c.failure == CURSOR_FINE && manifest_grants_host(m, m->host[i]))
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
        m->host_count = i + 1;
    }
}

static void read_permissions(struct parsing *p)
{
    static const struct field fields[] = {
        { "log", read_log },   { "host", read_host },       { "keys", read_keys },
        { "load", read_load }, { "storage", read_storage }, { "counters", read_counters },
    };
    if (read_map(p, cursor_map(&p->c), fields, sizeof(fields) / sizeof(fields[0])) == 0)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

/* The bits of name, version and sequence among the fields below. */
#define REQUIRED (1u << 1 | 1u << 4 | 1u << 5)

const char *manifest_parse(const void *data, size_t size, struct manifest *manifest, struct manifest_identity *identity)
{
    static const struct field fields[] = {
        { "fuel", read_fuel },
        { "name", read_own_name },
        { "memory", read_memory },
        { "revoke", read_revoked },
        { "version", read_version },
        { "sequence", read_sequence },
        { "permissions", read_permissions },
    };
    struct parsing p = { .manifest = manifest, .identity = identity };
    manifest_default(manifest);
    memset(identity, 0, sizeof(*identity));
    cursor_begin(&p.c, data, size);
    unsigned seen = read_map(&p, cursor_map(&p.c), fields, sizeof(fields) / sizeof(fields[0]));
    if (!cursor_finish(&p.c) || (seen & REQUIRED) != REQUIRED)
        return "it is not a manifest as this TA knows it: pack with a luatee of the same release";
    return p.why;
}
