/* SPDX-License-Identifier: BSD-2-Clause */
/* Creating and opening persistent objects: GP TEE Internal Core API, section 5.7. */
#include "sim/ta/persistent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/ta/header.h"
#include "sim/ta/panic.h"
#include "sim/ta/storage_lock.h"
#include "sim/ta/storage_record.h"

#define OPEN_FLAGS \
    (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE | TEE_DATA_FLAG_ACCESS_WRITE_META | \
     TEE_DATA_FLAG_SHARE_READ | TEE_DATA_FLAG_SHARE_WRITE)
#define CREATE_FLAGS (OPEN_FLAGS | TEE_DATA_FLAG_OVERWRITE)

void sim_persistent_require_id(const void *id, size_t size, const char *function)
{
    if (!id || !size || size > TEE_OBJECT_ID_MAX_LEN)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the object identifier is NULL, empty or longer than 64 bytes");
}

const struct sim_storage *sim_persistent_storage(const char *function)
{
    TEE_Result result;
    const struct sim_storage *storage = sim_storage_open(&result);

    if (!storage)
        sim_panic(result, function, "the storage of an open object is not available");
    return storage;
}

struct sim_object *sim_persistent_get(TEE_ObjectHandle handle, uint32_t access, const char *function)
{
    struct sim_object *object = sim_object_get(handle, function);

    if (!(object->flags & TEE_HANDLE_FLAG_PERSISTENT))
        sim_panic(TEE_ERROR_BAD_STATE, function, "the object is not persistent");
    if ((object->flags & access) != access)
        sim_panic(TEE_ERROR_ACCESS_CONFLICT, function, "the object was not opened with the access flag for this");
    return object;
}

void sim_persistent_set_content(struct sim_object *object, const struct sim_bytes *content, int version)
{
    sim_bytes_free(&object->content);
    if (object->version >= 0)
        close(object->version);
    object->content = *content;
    object->version = version;
}

/* Reads the file into the object. The file authenticates its name, which is made from the identifier, so the content
 * belongs to this identifier. */
static TEE_Result load(const struct sim_storage *storage, struct sim_object *object)
{
    struct sim_bytes content = {NULL, 0};
    int version = -1;
    TEE_Result result = sim_storage_read(storage, object->name, &content, &version);

    if (result != TEE_SUCCESS)
        return result;
    if (!sim_record_is_valid(&content)) {
        sim_bytes_free(&content);
        close(version);
        return TEE_ERROR_CORRUPT_OBJECT;
    }
    sim_persistent_set_content(object, &content, version);
    return TEE_SUCCESS;
}

/* Copies the stored attributes from the content to the object. */
static TEE_Result load_attributes(struct sim_object *object, uint32_t flags)
{
    struct sim_record_head head = sim_record_head(&object->content);

    object->type = head.type;
    object->size_bits = head.size_bits;
    object->max_bits = head.max_bits;
    object->usage = head.usage;
    object->flags = flags | TEE_HANDLE_FLAG_PERSISTENT | TEE_HANDLE_FLAG_INITIALIZED;
    if (head.secret_size && !sim_object_set_secret(object, sim_record_secret(&object->content), head.secret_size))
        return TEE_ERROR_OUT_OF_MEMORY;
    return TEE_SUCCESS;
}

TEE_Result sim_persistent_refresh(TEE_ObjectHandle handle, struct sim_object *object)
{
    const struct sim_storage *storage = sim_persistent_storage(__func__);
    TEE_Result result;

    if (sim_storage_is_current(storage, object->name, object->version))
        return TEE_SUCCESS;
    result = load(storage, object);
    /* An open handle's lock keeps TAs from deleting the object, so the rich OS has removed the file. */
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = TEE_ERROR_CORRUPT_OBJECT;
    if (result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    (void)sim_storage_remove(storage, object->name);
    if (!sim_ta_keeps_corrupt_handles)
        sim_object_close(handle);
    return TEE_ERROR_CORRUPT_OBJECT;
}

TEE_Result sim_persistent_replace(const struct sim_storage *storage, struct sim_object *object,
                                  struct sim_bytes *content)
{
    int version = -1;
    TEE_Result result = sim_storage_replace(storage, object->name, content, &version);

    if (result == TEE_SUCCESS)
        sim_persistent_set_content(object, content, version);
    else
        sim_bytes_free(content);
    return result;
}

static TEE_Result open_locked(const struct sim_storage *storage, struct sim_object *object, uint32_t flags)
{
    TEE_Result result;

    if (!sim_storage_exists(storage, object->name))
        return TEE_ERROR_ITEM_NOT_FOUND;
    result = sim_storage_acquire(storage, object->name, flags, &object->lock);
    if (result == TEE_SUCCESS)
        result = load(storage, object);
    /* GP deletes an object that is found to be corrupt. */
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        (void)sim_storage_remove(storage, object->name);
    return result == TEE_SUCCESS ? load_attributes(object, flags) : result;
}

/* Makes an object for this identifier and locks the storage. Closes the object again if it returns an error. */
static TEE_Result begin(const struct sim_storage *storage, const void *id, size_t id_size, TEE_ObjectHandle *handle,
                        struct sim_object **object)
{
    TEE_Result result;

    *object = sim_object_new(TEE_TYPE_DATA, handle);
    if (!*object)
        return TEE_ERROR_OUT_OF_MEMORY;
    result = sim_storage_name(storage, SIM_STORAGE_OBJECT, id, id_size, (*object)->name);
    if (result == TEE_SUCCESS)
        result = sim_storage_lock(storage);
    if (result != TEE_SUCCESS)
        sim_object_close(*handle);
    return result;
}

TEE_Result TEE_OpenPersistentObject(uint32_t storage_id, const void *id, size_t id_size, uint32_t flags,
                                    TEE_ObjectHandle *handle)
{
    const struct sim_storage *storage;
    struct sim_object *object;
    TEE_ObjectHandle opened = TEE_HANDLE_NULL;
    TEE_Result result = TEE_SUCCESS;

    sim_require(handle, "the handle pointer is NULL");
    *handle = TEE_HANDLE_NULL;
    sim_persistent_require_id(id, id_size, __func__);
    sim_require(!(flags & ~OPEN_FLAGS), "unknown flags");
    if (storage_id != TEE_STORAGE_PRIVATE)
        return TEE_ERROR_ITEM_NOT_FOUND;
    storage = sim_storage_open(&result);
    if (!storage)
        return result;
    result = begin(storage, id, id_size, &opened, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = open_locked(storage, object, flags);
    sim_storage_unlock(storage);
    if (result == TEE_SUCCESS)
        *handle = opened;
    else
        sim_object_close(opened);
    return result;
}

struct creation {
    struct sim_record_head head;
    const void *secret;
    const void *data;
};

static TEE_Result create_locked(const struct sim_storage *storage, struct sim_object *object, uint32_t flags,
                                const struct creation *creation)
{
    struct sim_bytes content;
    TEE_Result result;

    if (!(flags & TEE_DATA_FLAG_OVERWRITE) &&
        (sim_storage_exists(storage, object->name) || sim_storage_is_open(storage, object->name)))
        return TEE_ERROR_ACCESS_CONFLICT;
    result = sim_storage_acquire(storage, object->name, flags, &object->lock);
    if (result != TEE_SUCCESS)
        return result;
    if (!sim_record_make(&content, &creation->head, creation->secret, creation->data))
        return TEE_ERROR_STORAGE_NO_SPACE;
    result = sim_persistent_replace(storage, object, &content);
    return result == TEE_SUCCESS ? load_attributes(object, flags) : result;
}

/* Fills in the attributes to store: those of an initialized object, or none if the handle is TEE_HANDLE_NULL. */
static void describe(struct creation *creation, TEE_ObjectHandle attributes)
{
    struct sim_object *from;

    creation->head.type = TEE_TYPE_DATA;
    creation->head.usage = SIM_USAGE_ALL;
    if (attributes == TEE_HANDLE_NULL)
        return;
    from = sim_object_get(attributes, "TEE_CreatePersistentObject");
    if (!(from->flags & TEE_HANDLE_FLAG_INITIALIZED))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, "TEE_CreatePersistentObject",
                  "the object with the attributes is not initialized");
    creation->head.type = from->type;
    creation->head.size_bits = from->size_bits;
    creation->head.max_bits = from->max_bits;
    creation->head.usage = from->usage;
    creation->head.secret_size = (uint32_t)from->secret_size;
    creation->secret = from->secret;
}

/*
 * For a caller that passed no place for a handle. If the attributes came from a transient object, that object becomes
 * the new persistent one (GP 1.3); otherwise the new object is closed.
 */
static void close_created(TEE_ObjectHandle created, TEE_ObjectHandle attributes)
{
    struct sim_object *from = attributes == TEE_HANDLE_NULL ? NULL : sim_object_get(attributes, __func__);
    struct sim_object *object = sim_object_get(created, __func__);
    struct sim_object transient;

    if (from && !(from->flags & TEE_HANDLE_FLAG_PERSISTENT)) {
        transient = *from;
        *from = *object;
        *object = transient;
    }
    sim_object_close(created);
}

TEE_Result TEE_CreatePersistentObject(uint32_t storage_id, const void *id, size_t id_size, uint32_t flags,
                                      TEE_ObjectHandle attributes, const void *data, size_t data_size,
                                      TEE_ObjectHandle *handle)
{
    struct creation creation = {.data = data};
    const struct sim_storage *storage;
    struct sim_object *object;
    TEE_ObjectHandle created = TEE_HANDLE_NULL;
    TEE_Result result = TEE_SUCCESS;

    if (handle)
        *handle = TEE_HANDLE_NULL;
    sim_persistent_require_id(id, id_size, __func__);
    sim_require(!(flags & ~CREATE_FLAGS), "unknown flags");
    sim_require(data || !data_size, "the initial data is NULL but its size is not 0");
    if (storage_id != TEE_STORAGE_PRIVATE)
        return TEE_ERROR_ITEM_NOT_FOUND;
    describe(&creation, attributes);
    creation.head.id_size = (uint32_t)id_size;
    creation.head.data_size = data_size;
    memcpy(creation.head.id, id, id_size);
    storage = sim_storage_open(&result);
    if (!storage)
        return result;
    result = begin(storage, id, id_size, &created, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = create_locked(storage, object, flags, &creation);
    sim_storage_unlock(storage);
    if (result != TEE_SUCCESS)
        sim_object_close(created);
    else if (handle)
        *handle = created;
    else
        close_created(created, attributes);
    return result;
}
