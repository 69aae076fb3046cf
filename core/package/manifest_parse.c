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
    const char *why; /* a rule that the cursor does not know */
};

/* Takes one entry's value. */
typedef void (*take_value)(struct parsing *p);

struct field {
    const char *key;
    take_value take;
};

/* Takes a map whose keys are some of `fields`, in that order. Returns which of them there were, one bit each. */
static unsigned take_map(struct parsing *p, uint64_t pairs, const struct field *fields, size_t count)
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
        fields[i].take(p);
        seen |= 1u << i++;
    }
    return seen;
}

static void take_name(struct parsing *p, char out[LUATEE_NAME_MAX + 1])
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

static uint64_t take_number(struct parsing *p, uint64_t min)
{
    uint64_t number = cursor_uint(&p->c);
    if (number < min || number > PACKAGE_SEQUENCE_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    return number;
}

static void take_own_name(struct parsing *p)
{
    take_name(p, p->identity->name);
}

static void take_sequence(struct parsing *p)
{
    p->identity->sequence = take_number(p, 0);
}

static void take_version(struct parsing *p)
{
    size_t size;
    const char *version = cursor_text(&p->c, 1, PACKAGE_VERSION_MAX, &size);
    for (size_t i = 0; version && i < size; i++)
        if (version[i] < ' ' || version[i] > '~')
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

static void take_fuel(struct parsing *p)
{
    p->manifest->fuel = take_number(p, 1);
}

static void take_memory(struct parsing *p)
{
    p->manifest->memory = take_number(p, 1);
    if (p->manifest->memory > LUATEE_TA_MEMORY_MAX)
        p->why = "its memory is more than the " TEXT_OF(LUATEE_TA_MEMORY_MIB)
                 " MiB that this TA has for a session: ask for less";
    if (p->manifest->memory < LUATEE_MEMORY_MIN)
        p->why = "its memory is less than the " TEXT_OF(LUATEE_MEMORY_MIN_KIB)
                 " KiB that a session needs: raise `memory` in manifest.lua";
}

static void take_revoked_id(struct parsing *p, size_t i)
{
    const uint8_t **revoked = p->identity->revoked;
    revoked[i] = cursor_bytes_of(&p->c, PACKAGE_PUBLISHER_ID_SIZE);
    for (size_t j = 0; j < i && revoked[i]; j++)
        if (memcmp(revoked[i], revoked[j], PACKAGE_PUBLISHER_ID_SIZE) == 0)
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

static void take_revoked(struct parsing *p)
{
    uint64_t count = cursor_array(&p->c);
    if (count == 0 || count > PACKAGE_REVOKE_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    for (size_t i = 0; i < count && p->c.failure == CURSOR_FINE; i++)
        take_revoked_id(p, i);
    p->identity->revoked_count = (size_t)count;
}

static void take_grant(struct parsing *p, enum manifest_permission permission)
{
    if (!cursor_bool(&p->c)) /* what is not granted is left out */
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    p->manifest->permissions |= permission;
}

static void take_storage(struct parsing *p)
{
    take_grant(p, MANIFEST_STORAGE);
}

static void take_keys(struct parsing *p)
{
    take_grant(p, MANIFEST_KEYS);
}

static void take_counters(struct parsing *p)
{
    take_grant(p, MANIFEST_COUNTERS);
}

static void take_load(struct parsing *p)
{
    take_grant(p, MANIFEST_LOAD);
}

static void take_log(struct parsing *p)
{
    take_grant(p, MANIFEST_LOG);
}

static void take_host(struct parsing *p)
{
    struct manifest *m = p->manifest;
    uint64_t count = cursor_array(&p->c);
    if (count == 0 || count > PACKAGE_HOST_MAX)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
    for (size_t i = 0; i < count && p->c.failure == CURSOR_FINE; i++) {
        take_name(p, m->host[i]);
        if (p->c.failure == CURSOR_FINE && manifest_grants_host(m, m->host[i]))
            cursor_fail(&p->c, CURSOR_UNEXPECTED);
        m->host_count = i + 1;
    }
}

static void take_permissions(struct parsing *p)
{
    static const struct field fields[] = {
        { "log", take_log },
        { "host", take_host },
        { "keys", take_keys },
        { "load", take_load },
        { "storage", take_storage },
        { "counters", take_counters },
    };
    if (take_map(p, cursor_map(&p->c), fields, sizeof(fields) / sizeof(fields[0])) == 0)
        cursor_fail(&p->c, CURSOR_UNEXPECTED);
}

/* Name, version and sequence, of the fields below. */
#define REQUIRED (1u << 1 | 1u << 4 | 1u << 5)

const char *manifest_parse(const void *data, size_t size, struct manifest *manifest, struct manifest_identity *identity)
{
    static const struct field fields[] = {
        { "fuel", take_fuel },
        { "name", take_own_name },
        { "memory", take_memory },
        { "revoke", take_revoked },
        { "version", take_version },
        { "sequence", take_sequence },
        { "permissions", take_permissions },
    };
    struct parsing p = { .manifest = manifest, .identity = identity };
    manifest_default(manifest);
    memset(identity, 0, sizeof(*identity));
    cursor_begin(&p.c, data, size);
    unsigned seen = take_map(&p, cursor_map(&p.c), fields, sizeof(fields) / sizeof(fields[0]));
    if (!cursor_finish(&p.c) || (seen & REQUIRED) != REQUIRED)
        return "it is not a manifest as this TA knows it: pack with a luatee of the same release";
    return p.why;
}
