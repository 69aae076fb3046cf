/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/clock.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/storage/object.h"

/* The epoch's object is called by its kind alone; that of an app, by its kind and a digest of the app's name. */
#define ID_SIZE OBJECT_ID_APP_SIZE
static const uint8_t epoch_id[] = { OBJECT_TIME };
#define EPOCH_SIZE 16

/* What an app notes. */
struct record {
    uint8_t epoch[EPOCH_SIZE];
    uint8_t offset[8]; /* app's time less that of the TA, in ms: two's complement, big-endian */
};

/* In the middle of what 32 bits of seconds can hold: a clock of the rich OS that is turned back a little, or a lot,
 * does not go below zero. */
#define BEGINNING 0x80000000u

#define READ (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ)

static int64_t millis_of(const TEE_Time *time)
{
    return (int64_t)time->seconds * 1000 + time->millis;
}

/* What the TEE says when its clock has to be set before it can be read. */
static bool has_no_time(TEE_Result result)
{
    return result == TEE_ERROR_TIME_NOT_SET || result == TEE_ERROR_TIME_NEEDS_RESET || result == TEE_ERROR_OVERFLOW;
}

/* Reads exactly `size` bytes from the beginning. */
static TEE_Result read_all(TEE_ObjectHandle *object, void *data, size_t size)
{
    size_t count;
    TEE_Result result = object_read(object, 0, data, size, &count);
    return result == TEE_SUCCESS && count != size ? TEE_ERROR_CORRUPT_OBJECT : result;
}

static TEE_Result read_record(const char *app, struct record *record)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = object_id_of_app(OBJECT_TIME, app, id);
    if (result == TEE_SUCCESS)
        result = object_open(id, sizeof(id), READ, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = read_all(&object, record, sizeof(*record));
    TEE_CloseObject(object);
    return result;
}

static TEE_Result write_record(const char *app, const struct record *record)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = object_id_of_app(OBJECT_TIME, app, id);
    return result == TEE_SUCCESS ? object_replace(id, sizeof(id), record, sizeof(*record)) : result;
}

/* epoch: opened, so that nobody sets the TA's clock meanwhile. */
static TEE_Result get_in(TEE_ObjectHandle *epoch, const struct record *record, uint64_t *millis)
{
    uint8_t id[EPOCH_SIZE];
    TEE_Time time;
    uint64_t offset = 0;
    TEE_Result result = read_all(epoch, id, sizeof(id));
    if (result == TEE_SUCCESS && memcmp(id, record->epoch, sizeof(id)) != 0)
        return TEE_ERROR_TIME_NEEDS_RESET;
    if (result == TEE_SUCCESS)
        result = TEE_GetTAPersistentTime(&time);
    if (result != TEE_SUCCESS)
        return result;
    for (size_t i = 0; i < sizeof(record->offset); i++)
        offset = offset << 8 | record->offset[i];
    int64_t now = (int64_t)((uint64_t)millis_of(&time) + offset);
    *millis = (uint64_t)now;
    return now < 0 ? TEE_ERROR_TIME_NEEDS_RESET : TEE_SUCCESS;
}

TEE_Result clock_get(const char *app, uint64_t *millis)
{
    struct record record;
    TEE_ObjectHandle epoch;
    TEE_Result result = read_record(app, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return TEE_ERROR_TIME_NOT_SET;
    if (result == TEE_SUCCESS)
        result = object_open(epoch_id, sizeof(epoch_id), READ, &epoch);
    if (result == TEE_SUCCESS) {
        result = get_in(&epoch, &record, millis);
        TEE_CloseObject(epoch);
    }
    if (has_no_time(result) || result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_ERROR_TIME_NEEDS_RESET;
    return result;
}

/* Another epoch, in case the clock has no time. It is written before the clock is set: when that is cut, the clock
 * still has none. */
static TEE_Result start_clock(TEE_ObjectHandle *epoch, uint8_t id[EPOCH_SIZE])
{
    TEE_Time beginning = { .seconds = BEGINNING };
    TEE_GenerateRandom(id, EPOCH_SIZE);
    TEE_Result result = object_write(epoch, 0, id, EPOCH_SIZE);
    return result == TEE_SUCCESS ? TEE_SetTAPersistentTime(&beginning) : result;
}

/* epoch: opened alone. */
static TEE_Result set_in(TEE_ObjectHandle *epoch, const char *app, uint64_t millis)
{
    struct record record;
    TEE_Time time;
    TEE_Result result = read_all(epoch, record.epoch, sizeof(record.epoch));
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_GetTAPersistentTime(&time);
    if (has_no_time(result)) {
        result = start_clock(epoch, record.epoch);
        if (result == TEE_SUCCESS)
            result = TEE_GetTAPersistentTime(&time);
    }
    if (result != TEE_SUCCESS)
        return result;
    uint64_t offset = millis - (uint64_t)millis_of(&time);
    for (int i = sizeof(record.offset) - 1; i >= 0; i--, offset >>= 8)
        record.offset[i] = (uint8_t)offset;
    return write_record(app, &record);
}

TEE_Result clock_set(const char *app, uint64_t millis)
{
    uint8_t fresh[EPOCH_SIZE];
    TEE_ObjectHandle epoch;
    TEE_GenerateRandom(fresh, sizeof(fresh));
    TEE_Result result = object_open_alone(epoch_id, sizeof(epoch_id), fresh, sizeof(fresh), &epoch);
    if (result == TEE_ERROR_CORRUPT_OBJECT) /* a damaged object is gone once the TEE has noticed: a new epoch begins */
        result = object_open_alone(epoch_id, sizeof(epoch_id), fresh, sizeof(fresh), &epoch);
    if (result != TEE_SUCCESS)
        return result;
    result = set_in(&epoch, app, millis);
    TEE_CloseObject(epoch);
    return result;
}

bool clock_supported(void)
{
    TEE_Time time;
    TEE_Result result = TEE_GetTAPersistentTime(&time);
    return result == TEE_SUCCESS || has_no_time(result);
}
