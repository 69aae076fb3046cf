/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/existence_marker.h"

#include <string.h>

#include "core/storage/directory.h"
#include "core/storage/object.h"

struct part_id {
    uint8_t bytes[TEE_OBJECT_ID_MAX_LEN];
};

static struct part_id part_id(enum object_part part, const uint8_t *id, size_t id_size)
{
    struct part_id result;
    memcpy(result.bytes, id, id_size);
    result.bytes[0] |= (uint8_t)part;
    return result;
}

static void make_entry(const struct part_id *marker, size_t id_size, uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    (void)directory_entry(&directory_of_ta, marker->bytes, id_size, entry);
}

TEE_Result marker_create(const uint8_t *id, size_t id_size)
{
    struct part_id marker = part_id(OBJECT_MARKER, id, id_size);
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change directory;
    TEE_ObjectHandle object;
    make_entry(&marker, id_size, entry);
    TEE_Result result = directory_open_with(&directory, &directory_of_ta, entry);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, marker.bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE,
                                        TEE_HANDLE_NULL, NULL, 0, &object);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    directory_close(&directory);
    return result == TEE_ERROR_ACCESS_CONFLICT ? TEE_SUCCESS : result;
}

struct search {
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    bool found;
};

static bool find_entry(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct search *s = context;
    s->found = memcmp(entry, s->entry, DIRECTORY_ENTRY_SIZE) == 0;
    return !s->found;
}

/* Opens the scratch object, which can exist already if power was lost before it was deleted. */
static TEE_Result open_scratch(const struct part_id *id, size_t id_size, TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, object);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META,
                                            TEE_HANDLE_NULL, NULL, 0, object);
    return result;
}

/* Tries to rename a scratch object to the marker's identifier, which fails when the marker exists. If power is lost
 * after a rename, the marker exists from then on: an object that never existed counts as lost. The opposite, a lost
 * object that counts as new, cannot happen. */
static TEE_Result probe_by_rename(const struct part_id *marker, const struct part_id *scratch, size_t id_size,
                                  bool *exists)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_scratch(scratch, id_size, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = object_result(&object, TEE_RenamePersistentObject(object, marker->bytes, id_size));
    *exists = result == TEE_ERROR_ACCESS_CONFLICT;
    TEE_Result deleted = TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_SUCCESS || *exists ? deleted : result;
}

TEE_Result marker_exists(const uint8_t *id, size_t id_size, bool *exists)
{
    struct part_id marker = part_id(OBJECT_MARKER, id, id_size), scratch = part_id(OBJECT_SCRATCH, id, id_size);
    struct search s = { .found = false };
    bool incomplete;
    make_entry(&marker, id_size, s.entry);
    TEE_Result result = directory_each(&directory_of_ta, find_entry, &s, &incomplete);
    *exists = s.found;
    return result == TEE_SUCCESS && incomplete && !s.found ? probe_by_rename(&marker, &scratch, id_size, exists)
                                                           : result;
}

static TEE_Result delete_object(const struct part_id *marker, size_t id_size)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(marker->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        return TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}

TEE_Result marker_delete(const uint8_t *id, size_t id_size)
{
    struct part_id marker = part_id(OBJECT_MARKER, id, id_size);
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change directory;
    make_entry(&marker, id_size, entry);
    TEE_Result opened = directory_open(&directory, &directory_of_ta);
    if (opened != TEE_SUCCESS && opened != TEE_ERROR_ITEM_NOT_FOUND)
        return opened;
    TEE_Result result = delete_object(&marker, id_size);
    if (opened == TEE_SUCCESS && result == TEE_SUCCESS)
        directory_remove(&directory, entry);
    directory_close(&directory);
    return result;
}
