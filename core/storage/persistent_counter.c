/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/persistent_counter.h"

#include <string.h>

#include "core/storage/object.h"
#include "core/storage/sealed.h"

#define VALUE_SIZE 8
#define NAME_SIZE (1 + LUATEE_NAME_MAX)
#define ENTRY_SIZE (NAME_SIZE + VALUE_SIZE)
#define SIZE_MAX_ALL (1 + LUATEE_COUNTERS_MAX * ENTRY_SIZE)

struct counters {
    TEE_ObjectHandle object;
    const char *app;
    size_t size;
    bool lost; /* a counter that is not there may have been */
    uint8_t all[SIZE_MAX_ALL];
};

static TEE_Result check(struct counters *c)
{
    if (c->size == 0)
        return TEE_SUCCESS;
    c->lost = c->all[0] == SEALED_LOST || c->all[0] == COUNTER_VERSION_LOST;
    if (!c->lost && c->all[0] != COUNTER_VERSION)
        return TEE_ERROR_BAD_FORMAT;
    bool cut = c->all[0] != SEALED_LOST || c->size == SEALED_LOST_SIZE;
    if (cut && (c->size - 1) % ENTRY_SIZE == 0)
        return TEE_SUCCESS;
    c->lost = false; /* but now all of them are */
    return TEE_ERROR_CORRUPT_OBJECT;
}

static TEE_Result close(struct counters *c, TEE_Result result)
{
    bool marked = c->lost && c->object != TEE_HANDLE_NULL; /* otherwise the TEE has removed the mark, too */
    object_leave(c->object);
    if (result == TEE_ERROR_CORRUPT_OBJECT && !marked)
        (void)sealed_mark_lost(OBJECT_COUNTERS, c->app);
    return result;
}

/* Opens and reads; to be closed when that succeeded. */
static TEE_Result open(struct counters *c, const char *app, bool alone)
{
    c->app = app;
    c->size = 0;
    c->lost = false;
    TEE_Result result = sealed_open(OBJECT_COUNTERS, app, alone, &c->object, &c->size);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && !alone)
        return TEE_SUCCESS;
    if (result == TEE_SUCCESS && c->size > sizeof(c->all))
        result = TEE_ERROR_CORRUPT_OBJECT;
    else if (result == TEE_SUCCESS)
        result = sealed_read(&c->object, 0, c->all, c->size);
    if (result == TEE_SUCCESS)
        result = check(c);
    return result == TEE_SUCCESS ? result : close(c, result);
}

static void make_name(const char *name, uint8_t out[NAME_SIZE])
{
    memset(out, 0, NAME_SIZE);
    out[0] = (uint8_t)strlen(name);
    memcpy(out + 1, name, out[0]);
}

/* The entry of this name, or NULL. */
static uint8_t *find(struct counters *c, const char *name)
{
    uint8_t wanted[NAME_SIZE];
    make_name(name, wanted);
    for (size_t at = 1; at < c->size; at += ENTRY_SIZE)
        if (memcmp(c->all + at, wanted, NAME_SIZE) == 0)
            return c->all + at;
    return NULL;
}

static int64_t get(const uint8_t *entry)
{
    uint64_t value = 0;
    for (int i = 0; i < VALUE_SIZE; i++)
        value = value << 8 | entry[NAME_SIZE + i];
    return (int64_t)value;
}

static void put(uint8_t *entry, int64_t value)
{
    for (int i = 0; i < VALUE_SIZE; i++)
        entry[NAME_SIZE + i] = (uint8_t)((uint64_t)value >> 8 * (VALUE_SIZE - 1 - i));
}

/* Adds a counter: with the first byte in the same write, when that is new or another one. */
static TEE_Result add(struct counters *c, const char *name, int64_t value)
{
    uint8_t first = c->lost ? COUNTER_VERSION_LOST : COUNTER_VERSION;
    size_t at = c->size == 0 ? 1 : c->size, from = c->size == 0 || c->all[0] != first ? 0 : at;
    if (at + ENTRY_SIZE > sizeof(c->all))
        return TEE_ERROR_SHORT_BUFFER;
    c->all[0] = first;
    make_name(name, c->all + at);
    put(c->all + at, value);
    return object_write(&c->object, from, c->all + from, at + ENTRY_SIZE - from);
}

static TEE_Result raise(struct counters *c, uint8_t *entry, int64_t by, int64_t *value)
{
    *value = get(entry);
    if (*value > INT64_MAX - by)
        return TEE_ERROR_OVERFLOW;
    *value += by;
    put(entry, *value);
    return object_write(&c->object, (size_t)(entry + NAME_SIZE - c->all), entry + NAME_SIZE, VALUE_SIZE);
}

TEE_Result persistent_counter_read(const char *app, const char *name, int64_t *value)
{
    struct counters c;
    TEE_Result result = open(&c, app, false);
    if (result != TEE_SUCCESS)
        return result;
    const uint8_t *entry = find(&c, name);
    *value = entry ? get(entry) : 0;
    return close(&c, !entry && c.lost ? TEE_ERROR_CORRUPT_OBJECT : TEE_SUCCESS);
}

TEE_Result persistent_counter_add(const char *app, const char *name, int64_t by, int64_t *value)
{
    struct counters c;
    TEE_Result result = open(&c, app, true);
    if (result != TEE_SUCCESS)
        return result;
    uint8_t *entry = find(&c, name);
    *value = by;
    if (entry)
        result = raise(&c, entry, by, value);
    else
        result = c.lost ? TEE_ERROR_CORRUPT_OBJECT : add(&c, name, by);
    return close(&c, result);
}

TEE_Result persistent_counter_restart(const char *app, const char *name, int64_t value)
{
    struct counters c;
    TEE_Result result = open(&c, app, true);
    if (result != TEE_SUCCESS)
        return result;
    result = !c.lost || find(&c, name) ? TEE_ERROR_BAD_STATE : add(&c, name, value);
    return close(&c, result);
}
