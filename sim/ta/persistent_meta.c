/* SPDX-License-Identifier: BSD-2-Clause */
/* Deleting and renaming persistent objects: GP TEE Internal Core API, section 5.7. */
#include <string.h>
#include <unistd.h>

#include "sim/ta/panic.h"
#include "sim/ta/persistent.h"
#include "sim/ta/storage_lock.h"
#include "sim/ta/storage_record.h"

TEE_Result TEE_CloseAndDeletePersistentObject1(TEE_ObjectHandle handle)
{
    const struct sim_storage *storage;
    struct sim_object *object;
    TEE_Result result;

    if (handle == TEE_HANDLE_NULL)
        return TEE_SUCCESS;
    object = sim_persistent_get(handle, TEE_DATA_FLAG_ACCESS_WRITE_META, __func__);
    storage = sim_persistent_storage(__func__);
    result = sim_storage_lock(storage);
    if (result == TEE_SUCCESS) {
        result = sim_storage_remove(storage, object->name);
        sim_storage_unlock(storage);
    }
    sim_object_close(handle);
    return result == TEE_SUCCESS ? result : TEE_ERROR_STORAGE_NOT_AVAILABLE;
}

void TEE_CloseAndDeletePersistentObject(TEE_ObjectHandle handle)
{
    TEE_Result result = TEE_CloseAndDeletePersistentObject1(handle);

    if (result != TEE_SUCCESS)
        sim_panic(result, __func__, "the object could not be deleted");
}

static TEE_Result rename_locked(const struct sim_storage *storage, struct sim_object *object, const void *id,
                                size_t id_size, const char *name)
{
    struct sim_record_head head = sim_record_head(&object->content);
    struct sim_bytes content;
    int version = -1;
    int lock = -1;
    TEE_Result result;

    if (sim_storage_exists(storage, name) || sim_storage_is_open(storage, name))
        return TEE_ERROR_ACCESS_CONFLICT;
    result = sim_storage_acquire(storage, name, object->flags, &lock);
    if (result != TEE_SUCCESS)
        return result;
    memset(head.id, 0, sizeof(head.id));
    memcpy(head.id, id, id_size);
    head.id_size = (uint32_t)id_size;
    result = TEE_ERROR_OUT_OF_MEMORY;
    if (sim_record_make(&content, &head, sim_record_secret(&object->content), sim_record_data(&object->content)))
        result = sim_storage_move(storage, object->name, name, &content, &version);
    if (result != TEE_SUCCESS) {
        sim_bytes_free(&content);
        close(lock);
        return result;
    }
    sim_persistent_set_content(object, &content, version);
    close(object->lock);
    object->lock = lock;
    memcpy(object->name, name, sizeof(object->name));
    return TEE_SUCCESS;
}

TEE_Result TEE_RenamePersistentObject(TEE_ObjectHandle handle, const void *id, size_t id_size)
{
    char name[SIM_STORAGE_NAME_SIZE];
    const struct sim_storage *storage;
    struct sim_object *object;
    TEE_Result result;

    if (handle == TEE_HANDLE_NULL)
        return TEE_ERROR_ITEM_NOT_FOUND;
    sim_persistent_require_id(id, id_size, __func__);
    object = sim_persistent_get(handle, TEE_DATA_FLAG_ACCESS_WRITE_META, __func__);
    storage = sim_persistent_storage(__func__);
    result = sim_storage_name(storage, SIM_STORAGE_OBJECT, id, id_size, name);
    if (result == TEE_SUCCESS)
        result = sim_storage_lock(storage);
    if (result != TEE_SUCCESS)
        return result;
    result = sim_persistent_refresh(handle, object);
    if (result == TEE_SUCCESS)
        result = rename_locked(storage, object, id, id_size, name);
    sim_storage_unlock(storage);
    return result;
}
