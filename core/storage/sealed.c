/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/sealed.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/storage/existence_marker.h"
#include "core/storage/object.h"

#define ID_SIZE OBJECT_ID_APP_SIZE

/* For an object that was not found. If its marker exists, opens the object in case another session has created it
 * meanwhile; otherwise the object is lost. Without a marker the object never existed, and is created if exclusive. */
static TEE_Result open_missing(const uint8_t id[ID_SIZE], bool exclusive, TEE_ObjectHandle *object)
{
    bool existed;
    TEE_Result result = marker_exists(id, ID_SIZE, &existed);
    if (result != TEE_SUCCESS)
        return result;
    if (existed) {
        result = object_open(id, ID_SIZE, exclusive ? OBJECT_EXCLUSIVE : OBJECT_SHARED, object);
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_ERROR_CORRUPT_OBJECT : result;
    }
    return exclusive ? object_open_exclusive(id, ID_SIZE, NULL, 0, object) : TEE_ERROR_ITEM_NOT_FOUND;
}

static TEE_Result open_object(const uint8_t id[ID_SIZE], bool exclusive, TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id, ID_SIZE, exclusive ? OBJECT_EXCLUSIVE : OBJECT_SHARED, object);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? open_missing(id, exclusive, object) : result;
}

TEE_Result sealed_open(enum object_kind kind, const char *app, bool exclusive, TEE_ObjectHandle *object, size_t *size)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectInfo info;
    TEE_ObjectHandle opened;
    *object = TEE_HANDLE_NULL;
    TEE_Result result = object_id_of_app(kind, app, id);
    if (result == TEE_SUCCESS)
        result = open_object(id, exclusive, &opened);
    if (result != TEE_SUCCESS)
        return result;
    result = object_result(&opened, TEE_GetObjectInfo1(opened, &info));
    if (result == TEE_SUCCESS && exclusive && info.dataSize == 0) /* before any data are written */
        result = marker_create(id, ID_SIZE);
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
    /* If power is lost before this, the object has more data than the mark: its reader takes it as damaged, and marks
     * it again. */
    result = object_result(&object, TEE_TruncateObjectData(object, sizeof(lost)));
    TEE_CloseObject(object);
    return result;
}

/* Opens the object to delete it. Leaves *object unchanged when there is none, or the TEE has deleted it as damaged. */
static TEE_Result open_to_delete(const uint8_t id[ID_SIZE], TEE_ObjectHandle *object)
{
    const uint32_t flags = TEE_DATA_FLAG_ACCESS_WRITE | TEE_DATA_FLAG_ACCESS_WRITE_META;
    TEE_ObjectHandle opened;
    TEE_Result result = object_open(id, ID_SIZE, flags, &opened);
    if (result == TEE_SUCCESS)
        *object = opened;
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}

/* Empties the object first: an object without data counts as one that was never written to, so power may be lost at any
 * point after that. When the storage has no space even to empty it, the object is deleted before its marker; if power
 * is lost in between, the object counts as lost. */
TEE_Result sealed_delete(enum object_kind kind, const char *app)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object = TEE_HANDLE_NULL;
    TEE_Result result = object_id_of_app(kind, app, id);
    if (result == TEE_SUCCESS)
        result = open_to_delete(id, &object);
    if (result != TEE_SUCCESS)
        return result;
    bool emptied = object && object_result(&object, TEE_TruncateObjectData(object, 0)) == TEE_SUCCESS;
    if (emptied)
        result = marker_delete(id, ID_SIZE);
    if (object && result == TEE_SUCCESS)
        result = TEE_CloseAndDeletePersistentObject1(object);
    else
        TEE_CloseObject(object);
    return emptied || result != TEE_SUCCESS ? result : marker_delete(id, ID_SIZE);
}
