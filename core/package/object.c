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

TEE_Result object_result(TEE_ObjectHandle *object, TEE_Result result)
{
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        *object = TEE_HANDLE_NULL;
    return result;
}

TEE_Result object_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size, size_t *count)
{
    TEE_Result result = TEE_SeekObjectData(*object, (intmax_t)at, TEE_DATA_SEEK_SET);
    *count = 0;
    if (result == TEE_SUCCESS)
        result = TEE_ReadObjectData(*object, data, size, count);
    return object_result(object, result);
}

TEE_Result object_write(TEE_ObjectHandle *object, size_t at, const void *data, size_t size)
{
    TEE_Result result = TEE_SeekObjectData(*object, (intmax_t)at, TEE_DATA_SEEK_SET);
    if (result == TEE_SUCCESS)
        result = TEE_WriteObjectData(*object, data, size);
    return object_result(object, result);
}

/* Creates an object only when there is none, and never by TEE_DATA_FLAG_OVERWRITE: OP-TEE 4.5 dereferences NULL when a
 * client is killed while it looks for the name of an object that is created (set_name in tee_ree_fs.c goes on after an
 * error), and the whole TEE panics. Nor is the object cut to the new size: after TEE_TruncateObjectData by more than a
 * block, OP-TEE 4.5 finds it corrupt (the nodes above keep their hashes). */
TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size)
{
    unsigned tries = 0;
    TEE_Result result;
    TEE_ObjectHandle object;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, TEE_DATA_FLAG_ACCESS_WRITE, &object);
        if (result == TEE_SUCCESS) {
            result = object_write(&object, 0, data, size);
            TEE_CloseObject(object);
        } else if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT) { /* which is removed */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, TEE_DATA_FLAG_ACCESS_WRITE,
                                                TEE_HANDLE_NULL, data, size, &object);
            if (result == TEE_SUCCESS)
                TEE_CloseObject(object);
        }
    } while (try_again(result, &tries));
    return result;
}
