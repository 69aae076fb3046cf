/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/object.h"

#include <stdbool.h>

#define BUSY_TRIES 100
#define BUSY_WAIT_MS 10

static bool try_again(TEE_Result result, unsigned *tries)
{
    return result == TEE_ERROR_ACCESS_CONFLICT && (*tries)++ < BUSY_TRIES && TEE_Wait(BUSY_WAIT_MS) == TEE_SUCCESS;
}

TEE_Result object_open(const void *id, size_t id_size, uint32_t flags, TEE_ObjectHandle *object)
{
    unsigned tries = 0;
    TEE_Result result;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, object);
    } while (try_again(result, &tries));
    return result;
}

TEE_Result object_open_alone(const void *id, size_t id_size, const void *data, size_t size, TEE_ObjectHandle *object)
{
    const uint32_t flags = TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE;
    unsigned tries = 0;
    TEE_Result result;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, object);
        if (result == TEE_ERROR_ITEM_NOT_FOUND) /* a conflict then: another session was faster */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, TEE_HANDLE_NULL, data, size,
                                                object);
    } while (try_again(result, &tries));
    return result;
}

TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size)
{
    const uint32_t flags = TEE_DATA_FLAG_ACCESS_WRITE | TEE_DATA_FLAG_OVERWRITE;
    unsigned tries = 0;
    TEE_Result result;
    TEE_ObjectHandle object;
    do {
        result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, TEE_HANDLE_NULL, data, size, &object);
    } while (try_again(result, &tries));
    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    return result;
}
