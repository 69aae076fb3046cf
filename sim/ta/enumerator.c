/* SPDX-License-Identifier: BSD-2-Clause */
/* Enumerating persistent objects: GP TEE Internal Core API, section 5.8. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tee_internal_api.h>
#include <unistd.h>

#include "sim/ta/handle.h"
#include "sim/ta/object.h"
#include "sim/ta/panic.h"
#include "sim/ta/storage_lock.h"
#include "sim/ta/storage_record.h"

#define FIRST_ROOM 16u

/* The names of the files that existed when the enumerator was started. Those deleted since are skipped. */
struct enumerator {
    char (*names)[SIM_STORAGE_NAME_SIZE];
    size_t count;
    size_t room;
    size_t at;
};

static struct enumerator *get(TEE_ObjectEnumHandle handle, const char *function)
{
    return sim_handle_get(SIM_HANDLE_OBJECT_ENUMERATOR, handle, function);
}

static void reset(struct enumerator *enumerator)
{
    free(enumerator->names);
    *enumerator = (struct enumerator){.names = NULL};
}

TEE_Result TEE_AllocatePersistentObjectEnumerator(TEE_ObjectEnumHandle *handle)
{
    struct enumerator *enumerator;

    sim_require(handle, "the handle pointer is NULL");
    enumerator = calloc(1, sizeof(*enumerator));
    *handle = enumerator ? sim_handle_new(SIM_HANDLE_OBJECT_ENUMERATOR, enumerator) : TEE_HANDLE_NULL;
    if (*handle)
        return TEE_SUCCESS;
    free(enumerator);
    return TEE_ERROR_OUT_OF_MEMORY;
}

void TEE_FreePersistentObjectEnumerator(TEE_ObjectEnumHandle handle)
{
    struct enumerator *enumerator;

    if (handle == TEE_HANDLE_NULL)
        return;
    enumerator = get(handle, __func__);
    sim_handle_invalidate(handle);
    reset(enumerator);
    free(enumerator);
}

void TEE_ResetPersistentObjectEnumerator(TEE_ObjectEnumHandle handle)
{
    if (handle != TEE_HANDLE_NULL)
        reset(get(handle, __func__));
}

static bool add(struct enumerator *enumerator, const char *name)
{
    size_t room = enumerator->room ? enumerator->room * 2 : FIRST_ROOM;
    char(*larger)[SIM_STORAGE_NAME_SIZE];

    if (enumerator->count == enumerator->room) {
        larger = realloc(enumerator->names, room * sizeof(*larger));
        if (!larger)
            return false;
        enumerator->names = larger;
        enumerator->room = room;
    }
    memcpy(enumerator->names[enumerator->count++], name, SIM_STORAGE_NAME_SIZE);
    return true;
}

static TEE_Result collect(const struct sim_storage *storage, struct enumerator *enumerator)
{
    int fd = openat(storage->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    TEE_Result result = TEE_SUCCESS;
    struct dirent *entry;

    if (!directory) {
        result = sim_storage_error("list");
        if (fd >= 0)
            close(fd);
        return result;
    }
    while (result == TEE_SUCCESS && (entry = readdir(directory))) {
        if (strlen(entry->d_name) + 1 != SIM_STORAGE_NAME_SIZE || entry->d_name[0] != SIM_STORAGE_OBJECT)
            continue;
        if (!add(enumerator, entry->d_name))
            result = TEE_ERROR_OUT_OF_MEMORY;
    }
    closedir(directory);
    return result;
}

TEE_Result TEE_StartPersistentObjectEnumerator(TEE_ObjectEnumHandle handle, uint32_t storage_id)
{
    struct enumerator *enumerator = get(handle, __func__);
    const struct sim_storage *storage;
    TEE_Result result = TEE_SUCCESS;

    reset(enumerator);
    if (storage_id != TEE_STORAGE_PRIVATE)
        return TEE_ERROR_ITEM_NOT_FOUND;
    storage = sim_storage_open(&result);
    if (!storage)
        return result;
    result = sim_storage_lock(storage);
    if (result != TEE_SUCCESS)
        return result;
    result = collect(storage, enumerator);
    sim_storage_unlock(storage);
    if (result == TEE_SUCCESS && !enumerator->count)
        result = TEE_ERROR_ITEM_NOT_FOUND;
    return result;
}

static void describe(const struct sim_bytes *record, TEE_ObjectInfo *info, void *id, size_t *id_size)
{
    struct sim_record_head head = sim_record_head(record);

    memcpy(id, head.id, head.id_size);
    *id_size = head.id_size;
    if (!info)
        return;
    memset(info, 0, sizeof(*info));
    info->objectType = head.type;
    info->objectSize = head.size_bits;
    info->maxObjectSize = head.max_bits;
    info->objectUsage = head.usage;
    info->dataSize = (size_t)head.data_size;
    info->handleFlags = TEE_HANDLE_FLAG_PERSISTENT | TEE_HANDLE_FLAG_INITIALIZED;
}

TEE_Result TEE_GetNextPersistentObject(TEE_ObjectEnumHandle handle, TEE_ObjectInfo *info, void *id, size_t *id_size)
{
    struct enumerator *enumerator = get(handle, __func__);
    struct sim_bytes record = {NULL, 0};
    const struct sim_storage *storage;
    TEE_Result result = TEE_ERROR_ITEM_NOT_FOUND;
    int version = -1;

    sim_require(id && id_size, "the identifier buffer or its size pointer is NULL");
    if (!enumerator->names)
        return TEE_ERROR_ITEM_NOT_FOUND;
    storage = sim_storage_open(&result);
    if (!storage)
        return result;
    result = TEE_ERROR_ITEM_NOT_FOUND;
    while (result == TEE_ERROR_ITEM_NOT_FOUND && enumerator->at < enumerator->count)
        result = sim_storage_read(storage, enumerator->names[enumerator->at++], &record, &version);
    if (result != TEE_SUCCESS)
        return result;
    close(version);
    if (sim_record_is_valid(&record))
        describe(&record, info, id, id_size);
    else
        result = TEE_ERROR_CORRUPT_OBJECT;
    sim_bytes_free(&record);
    return result;
}
