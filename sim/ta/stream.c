/* SPDX-License-Identifier: BSD-2-Clause */
/* Data streams of persistent objects: GP TEE Internal Core API, section 5.9. Each change is one atomic replacement. */
#include <string.h>
#include <tee_internal_api.h>

#include "sim/ta/panic.h"
#include "sim/ta/persistent.h"
#include "sim/ta/storage_lock.h"
#include "sim/ta/storage_record.h"

TEE_Result TEE_ReadObjectData(TEE_ObjectHandle handle, void *buffer, size_t size, size_t *count)
{
    struct sim_object *object = sim_persistent_get(handle, TEE_DATA_FLAG_ACCESS_READ, __func__);
    size_t end, left;
    TEE_Result result;

    sim_require(count && (buffer || !size), "the data buffer or the count pointer is NULL");
    result = sim_persistent_refresh(handle, object);
    if (result != TEE_SUCCESS)
        return result;
    end = sim_record_data_size(&object->content);
    left = object->position < end ? end - object->position : 0;
    *count = size < left ? size : left;
    if (*count)
        memcpy(buffer, sim_record_data(&object->content) + object->position, *count);
    object->position += *count;
    return TEE_SUCCESS;
}

/* Makes a copy of the object's record with another size of data: cut, or filled up with zeros. */
static TEE_Result resized(const struct sim_object *object, size_t size, struct sim_bytes *content)
{
    struct sim_record_head head = sim_record_head(&object->content);
    size_t kept = size < head.data_size ? size : (size_t)head.data_size;

    head.data_size = size;
    if (!sim_record_make(content, &head, sim_record_secret(&object->content), NULL))
        return TEE_ERROR_STORAGE_NO_SPACE;
    if (kept)
        memcpy(sim_record_data(content), sim_record_data(&object->content), kept);
    return TEE_SUCCESS;
}

/* Writes n bytes at offset in one atomic step. Extends the data if needed; `truncate` ends it after these bytes. */
static TEE_Result change(TEE_ObjectHandle handle, struct sim_object *object, bool truncate, size_t offset,
                         const void *bytes, size_t n)
{
    const struct sim_storage *storage = sim_persistent_storage(__func__);
    struct sim_bytes content;
    TEE_Result result = sim_storage_lock(storage);
    size_t size;

    if (result != TEE_SUCCESS)
        return result;
    result = sim_persistent_refresh(handle, object);
    if (result != TEE_SUCCESS)
        goto out;
    size = sim_record_data_size(&object->content);
    if (truncate || offset + n > size)
        size = offset + n;
    result = resized(object, size, &content);
    if (result != TEE_SUCCESS)
        goto out;
    if (n)
        memcpy(sim_record_data(&content) + offset, bytes, n);
    result = sim_persistent_replace(storage, object, &content);
out:
    sim_storage_unlock(storage);
    return result;
}

TEE_Result TEE_WriteObjectData(TEE_ObjectHandle handle, const void *buffer, size_t size)
{
    struct sim_object *object = sim_persistent_get(handle, TEE_DATA_FLAG_ACCESS_WRITE, __func__);
    TEE_Result result;
    size_t end;

    sim_require(buffer || !size, "the data pointer is NULL but its size is not 0");
    if (__builtin_add_overflow(object->position, size, &end) || end > TEE_DATA_MAX_POSITION)
        return TEE_ERROR_OVERFLOW;
    if (!size)
        return TEE_SUCCESS;
    result = change(handle, object, false, object->position, buffer, size);
    if (result == TEE_SUCCESS)
        object->position = end;
    return result;
}

TEE_Result TEE_TruncateObjectData(TEE_ObjectHandle handle, size_t size)
{
    struct sim_object *object = sim_persistent_get(handle, TEE_DATA_FLAG_ACCESS_WRITE, __func__);

    if (size > TEE_DATA_MAX_POSITION)
        return TEE_ERROR_STORAGE_NO_SPACE;
    return change(handle, object, true, size, NULL, 0);
}

TEE_Result TEE_SeekObjectData(TEE_ObjectHandle handle, intmax_t offset, TEE_Whence whence)
{
    struct sim_object *object = sim_persistent_get(handle, 0, __func__);
    intmax_t base, position;
    TEE_Result result = sim_persistent_refresh(handle, object);

    if (result != TEE_SUCCESS)
        return result;
    switch (whence) {
    case TEE_DATA_SEEK_SET:
        base = 0;
        break;
    case TEE_DATA_SEEK_CUR:
        base = (intmax_t)object->position;
        break;
    case TEE_DATA_SEEK_END:
        base = (intmax_t)sim_record_data_size(&object->content);
        break;
    default:
        sim_panic(TEE_ERROR_BAD_PARAMETERS, __func__, "unknown TEE_Whence");
    }
    if (__builtin_add_overflow(base, offset, &position))
        return TEE_ERROR_OVERFLOW;
    /* GP: a position before the beginning becomes 0. */
    if (position < 0)
        position = 0;
    if (position > (intmax_t)TEE_DATA_MAX_POSITION)
        return TEE_ERROR_OVERFLOW;
    object->position = (size_t)position;
    return TEE_SUCCESS;
}
