/* SPDX-License-Identifier: BSD-2-Clause */
/* Clocks: GP TEE Internal Core API, chapter 7. TEE_Wait is in cancel.c. */
#include <string.h>
#include <tee_internal_api.h>
#include <time.h>
#include <unistd.h>

#include "sim/ta/panic.h"
#include "sim/ta/storage_file.h"
#include "sim/ta/storage_lock.h"

/* Identifier of the file with the TA's persistent time, which is stored as an offset from the host's clock in ms. */
#define TIME_ID "persistent time"

static void read_clock(clockid_t clock, TEE_Time *time)
{
    struct timespec now;

    clock_gettime(clock, &now);
    time->seconds = (uint32_t)now.tv_sec;
    time->millis = (uint32_t)(now.tv_nsec / 1000000);
}

void TEE_GetSystemTime(TEE_Time *time)
{
    sim_require(time, "the time pointer is NULL");
    read_clock(CLOCK_MONOTONIC, time);
}

void TEE_GetREETime(TEE_Time *time)
{
    sim_require(time, "the time pointer is NULL");
    read_clock(CLOCK_REALTIME, time);
}

static int64_t host_millis(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* GP: the time is 0 with every error except TEE_ERROR_OVERFLOW. */
TEE_Result TEE_GetTAPersistentTime(TEE_Time *time)
{
    char name[SIM_STORAGE_NAME_SIZE];
    struct sim_bytes stored = {NULL, 0};
    const struct sim_storage *storage;
    TEE_Result result = TEE_SUCCESS;
    int64_t offset = 0;
    int64_t millis;
    int version = -1;

    sim_require(time, "the time pointer is NULL");
    memset(time, 0, sizeof(*time));
    storage = sim_storage_open(&result);
    if (!storage)
        return TEE_ERROR_TIME_NOT_SET;
    result = sim_storage_name(storage, SIM_STORAGE_TIME, TIME_ID, sizeof(TIME_ID), name);
    if (result == TEE_SUCCESS)
        result = sim_storage_read(storage, name, &stored, &version);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return TEE_ERROR_TIME_NOT_SET;
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_ERROR_TIME_NEEDS_RESET;
    if (result != TEE_SUCCESS)
        return result;
    close(version);
    if (stored.size == sizeof(offset))
        memcpy(&offset, stored.data, sizeof(offset));
    else
        result = TEE_ERROR_TIME_NEEDS_RESET;
    sim_bytes_free(&stored);
    if (result != TEE_SUCCESS)
        return result;
    /* If the host's clock was set back, the TA's time can be negative. */
    if (__builtin_add_overflow(host_millis(), offset, &millis) || millis < 0)
        return TEE_ERROR_TIME_NEEDS_RESET;
    time->seconds = (uint32_t)(millis / 1000);
    time->millis = (uint32_t)(millis % 1000);
    return millis / 1000 > UINT32_MAX ? TEE_ERROR_OVERFLOW : TEE_SUCCESS;
}

TEE_Result TEE_SetTAPersistentTime(const TEE_Time *time)
{
    char name[SIM_STORAGE_NAME_SIZE];
    const struct sim_storage *storage;
    TEE_Result result = TEE_SUCCESS;
    int64_t offset;
    struct sim_bytes content = {(uint8_t *)&offset, sizeof(offset)};
    int version = -1;

    sim_require(time && time->millis < 1000, "the time pointer is NULL, or millis is above 999");
    offset = (int64_t)time->seconds * 1000 + time->millis - host_millis();
    storage = sim_storage_open(&result);
    if (!storage)
        return result;
    result = sim_storage_name(storage, SIM_STORAGE_TIME, TIME_ID, sizeof(TIME_ID), name);
    if (result == TEE_SUCCESS)
        result = sim_storage_lock(storage);
    if (result != TEE_SUCCESS)
        return result;
    result = sim_storage_replace(storage, name, &content, &version);
    sim_storage_unlock(storage);
    if (result == TEE_SUCCESS)
        close(version);
    return result;
}
