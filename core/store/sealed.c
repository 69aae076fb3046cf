/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/store/sealed.h"

#include <string.h>

#include "core/package/digest.h"
#include "core/package/object.h"

#define ID_SIZE (1 + LUATEE_DIGEST_SIZE)

static TEE_Result make_id(enum sealed_kind kind, const char *app, uint8_t id[ID_SIZE])
{
    id[0] = (uint8_t)kind;
    return digest_sha256(app, strlen(app), id + 1);
}

TEE_Result sealed_open(enum sealed_kind kind, const char *app, bool alone, TEE_ObjectHandle *object, size_t *size)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectInfo info;
    TEE_Result result = make_id(kind, app, id);
    if (result != TEE_SUCCESS)
        return result;
    if (alone)
        result = object_open_alone(id, ID_SIZE, NULL, 0, object);
    else
        result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, object);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_GetObjectInfo1(*object, &info);
    *size = info.dataSize;
    if (result != TEE_SUCCESS)
        TEE_CloseObject(*object);
    return result;
}

TEE_Result sealed_read(TEE_ObjectHandle object, size_t at, void *data, size_t size)
{
    size_t count = 0;
    TEE_Result result = TEE_SeekObjectData(object, (intmax_t)at, TEE_DATA_SEEK_SET);
    if (result == TEE_SUCCESS)
        result = TEE_ReadObjectData(object, data, size, &count);
    if (result == TEE_SUCCESS && count != size)
        result = TEE_ERROR_CORRUPT_OBJECT;
    return result;
}

TEE_Result sealed_write(TEE_ObjectHandle object, size_t at, const void *data, size_t size)
{
    TEE_Result result = TEE_SeekObjectData(object, (intmax_t)at, TEE_DATA_SEEK_SET);
    return result == TEE_SUCCESS ? TEE_WriteObjectData(object, data, size) : result;
}

TEE_Result sealed_mark_lost(enum sealed_kind kind, const char *app)
{
    static const uint8_t lost[SEALED_LOST_SIZE] = { SEALED_LOST };
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = make_id(kind, app, id);
    if (result == TEE_SUCCESS)
        result = object_replace(id, ID_SIZE, lost, sizeof(lost));
    if (result == TEE_SUCCESS)
        result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_TruncateObjectData(object, sizeof(lost)); /* until that is done, it is marked again */
    TEE_CloseObject(object);
    return result;
}

TEE_Result sealed_delete(enum sealed_kind kind, const char *app)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = make_id(kind, app, id);
    if (result == TEE_SUCCESS)
        result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        result = TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}
