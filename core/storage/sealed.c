/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/sealed.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/storage/existence_marker.h"
#include "core/storage/object.h"

#define ID_SIZE OBJECT_ID_APP_SIZE

#define ALONE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)
#define TOGETHER (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ)

/* Of an object that is not there: opens it all the same if another session was faster, or makes it, without data, if
 * there never was one and it is to be written to. */
static TEE_Result begin(const uint8_t id[ID_SIZE], bool alone, TEE_ObjectHandle *object)
{
    bool was_there;
    TEE_Result result = marker_look(id, ID_SIZE, &was_there);
    if (result != TEE_SUCCESS)
        return result;
    if (was_there) {
        result = object_open(id, ID_SIZE, alone ? ALONE : TOGETHER, object);
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_ERROR_CORRUPT_OBJECT : result;
    }
    return alone ? object_open_alone(id, ID_SIZE, NULL, 0, object) : TEE_ERROR_ITEM_NOT_FOUND;
}

static TEE_Result open_object(const uint8_t id[ID_SIZE], bool alone, TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id, ID_SIZE, alone ? ALONE : TOGETHER, object);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? begin(id, alone, object) : result;
}

TEE_Result sealed_open(enum object_kind kind, const char *app, bool alone, TEE_ObjectHandle *object, size_t *size)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectInfo info;
    TEE_ObjectHandle opened;
    *object = TEE_HANDLE_NULL;
    TEE_Result result = object_id_of_app(kind, app, id);
    if (result == TEE_SUCCESS)
        result = open_object(id, alone, &opened);
    if (result != TEE_SUCCESS)
        return result;
    result = object_result(&opened, TEE_GetObjectInfo1(opened, &info));
    if (result == TEE_SUCCESS && alone && info.dataSize == 0) /* before anything is in it */
        result = marker_make(id, ID_SIZE);
    if (result == TEE_SUCCESS) {
        *object = opened;
        *size = info.dataSize;
    } else {
        TEE_CloseObject(opened);
    }
    return result;
}

TEE_Result sealed_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size)
{
    size_t count;
    TEE_Result result = object_read(object, at, data, size, &count);
    return result == TEE_SUCCESS && count != size ? TEE_ERROR_CORRUPT_OBJECT : result;
}

TEE_Result sealed_mark_lost(enum object_kind kind, const char *app)
{
    static const uint8_t lost[SEALED_LOST_SIZE] = { SEALED_LOST };
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = object_id_of_app(kind, app, id);
    if (result == TEE_SUCCESS)
        result = object_replace(id, ID_SIZE, lost, sizeof(lost));
    if (result == TEE_SUCCESS)
        result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE, &object);
    if (result != TEE_SUCCESS)
        return result;
    /* Until that is done, it is marked again. */
    result = object_result(&object, TEE_TruncateObjectData(object, sizeof(lost)));
    TEE_CloseObject(object);
    return result;
}

/* Opens the object to delete it. *object stays TEE_HANDLE_NULL when there is none, or no more. */
static TEE_Result open_last(const uint8_t id[ID_SIZE], TEE_ObjectHandle *object)
{
    const uint32_t flags = TEE_DATA_FLAG_ACCESS_WRITE | TEE_DATA_FLAG_ACCESS_WRITE_META;
    TEE_ObjectHandle opened;
    TEE_Result result = object_open(id, ID_SIZE, flags, &opened);
    if (result == TEE_SUCCESS)
        *object = opened;
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}

/* An object without data is as good as one that was never written to: it may lose its witness, and the power may go.
 * When there is no room even for that change, the object goes first, and with the power in between it is lost. */
TEE_Result sealed_delete(enum object_kind kind, const char *app)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object = TEE_HANDLE_NULL;
    TEE_Result result = object_id_of_app(kind, app, id);
    if (result == TEE_SUCCESS)
        result = open_last(id, &object);
    if (result != TEE_SUCCESS)
        return result;
    bool emptied = object && object_result(&object, TEE_TruncateObjectData(object, 0)) == TEE_SUCCESS;
    if (emptied)
        result = marker_remove(id, ID_SIZE);
    if (object && result == TEE_SUCCESS)
        result = TEE_CloseAndDeletePersistentObject1(object);
    else
        TEE_CloseObject(object);
    return emptied || result != TEE_SUCCESS ? result : marker_remove(id, ID_SIZE);
}
