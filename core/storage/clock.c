/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/clock.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/storage/object.h"

#define ID_SIZE OBJECT_ID_APP_SIZE /* of an app's object */
static const uint8_t epoch_id[] = { OBJECT_TIME };
#define EPOCH_SIZE 16

/* The data of an app's object. */
struct app_time {
    uint8_t epoch[EPOCH_SIZE];
    uint8_t offset[8]; /* app's time minus the TA's time, in ms: two's complement, big-endian */
};

/* Where the TA's clock starts, in seconds: the middle of the range of 32 bits. A TEE may derive the TA's time from the
 * clock of the rich OS, and setting that clock back, even far, must not take the TA's time below zero. */
#define START_SECONDS 0x80000000u

static int64_t millis_of(const TEE_Time *time)
{
    return (int64_t)time->seconds * 1000 + time->millis;
}

/* Returns whether the result means that the TA's clock must be set before it can be read. */
static bool needs_setting(TEE_Result result)
{
    return result == TEE_ERROR_TIME_NOT_SET || result == TEE_ERROR_TIME_NEEDS_RESET || result == TEE_ERROR_OVERFLOW;
}

/* Reads exactly `size` bytes from the beginning of the data. TEE_ERROR_CORRUPT_OBJECT: there are fewer. */
static TEE_Result read_all(TEE_ObjectHandle *object, void *data, size_t size)
{
    size_t count;
    TEE_Result result = object_read(object, 0, data, size, &count);
    return result == TEE_SUCCESS && count != size ? TEE_ERROR_CORRUPT_OBJECT : result;
}

static TEE_Result read_app_time(const char *app, struct app_time *app_time)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = object_id_of_app(OBJECT_TIME, app, id);
    if (result == TEE_SUCCESS)
        result = object_open(id, sizeof(id), OBJECT_SHARED, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = read_all(&object, app_time, sizeof(*app_time));
    TEE_CloseObject(object);
    return result;
}

static TEE_Result write_app_time(const char *app, const struct app_time *app_time)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = object_id_of_app(OBJECT_TIME, app, id);
    return result == TEE_SUCCESS ? object_replace(id, sizeof(id), app_time, sizeof(*app_time)) : result;
}

/* epoch: open, so that no other session can set the TA's clock meanwhile. */
static TEE_Result get_in_epoch(TEE_ObjectHandle *epoch, const struct app_time *app_time, uint64_t *millis)
{
    uint8_t id[EPOCH_SIZE];
    TEE_Time time;
    uint64_t offset = 0;
    TEE_Result result = read_all(epoch, id, sizeof(id));
    if (result == TEE_SUCCESS && memcmp(id, app_time->epoch, sizeof(id)) != 0)
        return TEE_ERROR_TIME_NEEDS_RESET;
    if (result == TEE_SUCCESS)
        result = TEE_GetTAPersistentTime(&time);
    if (result != TEE_SUCCESS)
        return result;
    for (size_t i = 0; i < sizeof(app_time->offset); i++)
        offset = offset << 8 | app_time->offset[i];
    int64_t now = (int64_t)((uint64_t)millis_of(&time) + offset);
    *millis = (uint64_t)now;
    return now < 0 ? TEE_ERROR_TIME_NEEDS_RESET : TEE_SUCCESS;
}

TEE_Result clock_get(const char *app, uint64_t *millis)
{
    struct app_time app_time;
    TEE_ObjectHandle epoch;
    TEE_Result result = read_app_time(app, &app_time);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return TEE_ERROR_TIME_NOT_SET;
    if (result == TEE_SUCCESS)
        result = object_open(epoch_id, sizeof(epoch_id), OBJECT_SHARED, &epoch);
    if (result == TEE_SUCCESS) {
        result = get_in_epoch(&epoch, &app_time, millis);
        TEE_CloseObject(epoch);
    }
    if (needs_setting(result) || result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_ERROR_TIME_NEEDS_RESET;
    return result;
}

/* Starts an epoch and the TA's clock. The epoch is written before the clock is set: if power is lost in between, the
 * clock still has to be set, and no epoch is used twice. */
static TEE_Result start_clock(TEE_ObjectHandle *epoch, uint8_t id[EPOCH_SIZE])
{
    TEE_Time start = { .seconds = START_SECONDS };
    TEE_GenerateRandom(id, EPOCH_SIZE);
    TEE_Result result = object_write(epoch, 0, id, EPOCH_SIZE);
    return result == TEE_SUCCESS ? TEE_SetTAPersistentTime(&start) : result;
}

/* epoch: open for this session only. */
static TEE_Result set_in_epoch(TEE_ObjectHandle *epoch, const char *app, uint64_t millis)
{
    struct app_time app_time;
    TEE_Time time;
    TEE_Result result = read_all(epoch, app_time.epoch, sizeof(app_time.epoch));
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_GetTAPersistentTime(&time);
    if (needs_setting(result)) {
        result = start_clock(epoch, app_time.epoch);
        if (result == TEE_SUCCESS)
            result = TEE_GetTAPersistentTime(&time);
    }
    if (result != TEE_SUCCESS)
        return result;
    uint64_t offset = millis - (uint64_t)millis_of(&time);
    for (int i = sizeof(app_time.offset) - 1; i >= 0; i--, offset >>= 8)
        app_time.offset[i] = (uint8_t)offset;
    return write_app_time(app, &app_time);
}

TEE_Result clock_set(const char *app, uint64_t millis)
{
    uint8_t fresh[EPOCH_SIZE];
    TEE_ObjectHandle epoch;
    TEE_GenerateRandom(fresh, sizeof(fresh));
    TEE_Result result = object_open_exclusive(epoch_id, sizeof(epoch_id), fresh, sizeof(fresh), &epoch);
    if (result == TEE_ERROR_CORRUPT_OBJECT) /* the TEE has deleted the damaged object: a new epoch begins */
        result = object_open_exclusive(epoch_id, sizeof(epoch_id), fresh, sizeof(fresh), &epoch);
    if (result != TEE_SUCCESS)
        return result;
    result = set_in_epoch(&epoch, app, millis);
    TEE_CloseObject(epoch);
    return result;
}

bool clock_supported(void)
{
    TEE_Time time;
    TEE_Result result = TEE_GetTAPersistentTime(&time);
    return result == TEE_SUCCESS || needs_setting(result);
}
