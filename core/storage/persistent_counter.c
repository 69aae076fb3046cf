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
    bool lost; /* a counter without an entry may have existed */
    uint8_t all[SIZE_MAX_ALL];
};

static TEE_Result check_format(struct counters *c)
{
    if (c->size == 0)
        return TEE_SUCCESS;
    c->lost = c->all[0] == SEALED_LOST || c->all[0] == COUNTER_VERSION_LOST;
    if (!c->lost && c->all[0] != COUNTER_VERSION)
        return TEE_ERROR_BAD_FORMAT;
    bool truncated = c->all[0] != SEALED_LOST || c->size == SEALED_LOST_SIZE;
    if (truncated && (c->size - 1) % ENTRY_SIZE == 0)
        return TEE_SUCCESS;
    c->lost = false; /* so that close_counters() marks the whole object as lost */
    return TEE_ERROR_CORRUPT_OBJECT;
}

/* Closes the object; when it is damaged and not marked yet, marks it as lost. Returns result. */
static TEE_Result close_counters(struct counters *c, TEE_Result result)
{
    bool marked = c->lost && c->object != TEE_HANDLE_NULL; /* without a handle, the TEE has deleted the mark as well */
    object_close_and_yield(c->object);
    if (result == TEE_ERROR_CORRUPT_OBJECT && !marked)
        (void)sealed_mark_lost(OBJECT_COUNTERS, c->app);
    return result;
}

/* Opens and reads the object. After an error there is nothing to close. */
static TEE_Result open_counters(struct counters *c, const char *app, bool exclusive)
{
    c->app = app;
    c->size = 0;
    c->lost = false;
    TEE_Result result = sealed_open(OBJECT_COUNTERS, app, exclusive, &c->object, &c->size);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && !exclusive)
        return TEE_SUCCESS;
    if (result == TEE_SUCCESS && c->size > sizeof(c->all))
        result = TEE_ERROR_CORRUPT_OBJECT;
    else if (result == TEE_SUCCESS)
        result = sealed_read(&c->object, 0, c->all, c->size);
    if (result == TEE_SUCCESS)
        result = check_format(c);
    return result == TEE_SUCCESS ? result : close_counters(c, result);
}

static void make_name(const char *name, uint8_t out[NAME_SIZE])
{
    memset(out, 0, NAME_SIZE);
    out[0] = (uint8_t)strlen(name);
    memcpy(out + 1, name, out[0]);
}

/* Returns the entry of this name, or NULL. */
static uint8_t *find_entry(struct counters *c, const char *name)
{
    uint8_t wanted[NAME_SIZE];
    make_name(name, wanted);
    for (size_t at = 1; at < c->size; at += ENTRY_SIZE)
        if (memcmp(c->all + at, wanted, NAME_SIZE) == 0)
            return c->all + at;
    return NULL;
}

static int64_t entry_value(const uint8_t *entry)
{
    uint64_t value = 0;
    for (int i = 0; i < VALUE_SIZE; i++)
        value = value << 8 | entry[NAME_SIZE + i];
    return (int64_t)value;
}

static void set_value(uint8_t *entry, int64_t value)
{
    for (int i = 0; i < VALUE_SIZE; i++)
        entry[NAME_SIZE + i] = (uint8_t)((uint64_t)value >> 8 * (VALUE_SIZE - 1 - i));
}

/* Appends a counter. If the first byte changes, too, one write covers both. */
static TEE_Result add_entry(struct counters *c, const char *name, int64_t value)
{
    uint8_t first = c->lost ? COUNTER_VERSION_LOST : COUNTER_VERSION;
    size_t at = c->size == 0 ? 1 : c->size, from = c->size == 0 || c->all[0] != first ? 0 : at;
    if (at + ENTRY_SIZE > sizeof(c->all))
        return TEE_ERROR_SHORT_BUFFER;
    c->all[0] = first;
    make_name(name, c->all + at);
    set_value(c->all + at, value);
    return object_write(&c->object, from, c->all + from, at + ENTRY_SIZE - from);
}

static TEE_Result increment(struct counters *c, uint8_t *entry, int64_t by, int64_t *value)
{
    *value = entry_value(entry);
    if (*value > INT64_MAX - by)
        return TEE_ERROR_OVERFLOW;
    *value += by;
    set_value(entry, *value);
    return object_write(&c->object, (size_t)(entry + NAME_SIZE - c->all), entry + NAME_SIZE, VALUE_SIZE);
}

TEE_Result persistent_counter_read(const char *app, const char *name, int64_t *value)
{
    struct counters c;
    TEE_Result result = open_counters(&c, app, false);
    if (result != TEE_SUCCESS)
        return result;
    const uint8_t *entry = find_entry(&c, name);
    *value = entry ? entry_value(entry) : 0;
    return close_counters(&c, !entry && c.lost ? TEE_ERROR_CORRUPT_OBJECT : TEE_SUCCESS);
}

TEE_Result persistent_counter_add(const char *app, const char *name, int64_t by, int64_t *value)
{
    struct counters c;
    TEE_Result result = open_counters(&c, app, true);
    if (result != TEE_SUCCESS)
        return result;
    uint8_t *entry = find_entry(&c, name);
    *value = by;
    if (entry)
        result = increment(&c, entry, by, value);
    else
        result = c.lost ? TEE_ERROR_CORRUPT_OBJECT : add_entry(&c, name, by);
    return close_counters(&c, result);
}

TEE_Result persistent_counter_restart(const char *app, const char *name, int64_t value)
{
    struct counters c;
    TEE_Result result = open_counters(&c, app, true);
    if (result != TEE_SUCCESS)
        return result;
    result = !c.lost || find_entry(&c, name) ? TEE_ERROR_BAD_STATE : add_entry(&c, name, value);
    return close_counters(&c, result);
}
