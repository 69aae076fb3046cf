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
    struct part_id of;
    memcpy(of.bytes, id, id_size);
    of.bytes[0] |= (uint8_t)part;
    return of;
}

static void make_entry(const struct part_id *witness, size_t id_size, uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    (void)directory_entry(&directory_of_ta, witness->bytes, id_size, entry);
}

TEE_Result marker_make(const uint8_t *id, size_t id_size)
{
    struct part_id witness = part_id(OBJECT_MARKER, id, id_size);
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change directory;
    TEE_ObjectHandle object;
    make_entry(&witness, id_size, entry);
    TEE_Result result = directory_enter(&directory, &directory_of_ta, entry);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, witness.bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE,
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

static bool is_other(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct search *s = context;
    s->found = memcmp(entry, s->entry, DIRECTORY_ENTRY_SIZE) == 0;
    return !s->found;
}

/* Opens the scratch object, which may be there from a time when the power went. */
static TEE_Result open_scratch(const struct part_id *id, size_t id_size, TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, object);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META,
                                            TEE_HANDLE_NULL, NULL, 0, object);
    return result;
}

/* A name that is taken cannot be given to another object. If the power goes before that is undone, the witness is
 * there: then something is thought lost that never was, and not the other way round. */
static TEE_Result try_name(const struct part_id *witness, const struct part_id *scratch, size_t id_size, bool *there)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_scratch(scratch, id_size, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = object_result(&object, TEE_RenamePersistentObject(object, witness->bytes, id_size));
    *there = result == TEE_ERROR_ACCESS_CONFLICT;
    TEE_Result deleted = TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_SUCCESS || *there ? deleted : result;
}

TEE_Result marker_look(const uint8_t *id, size_t id_size, bool *there)
{
    struct part_id witness = part_id(OBJECT_MARKER, id, id_size), scratch = part_id(OBJECT_SCRATCH, id, id_size);
    struct search s = { .found = false };
    bool nameless;
    make_entry(&witness, id_size, s.entry);
    TEE_Result result = directory_each(&directory_of_ta, is_other, &s, &nameless);
    *there = s.found;
    return result == TEE_SUCCESS && nameless && !s.found ? try_name(&witness, &scratch, id_size, there) : result;
}

static TEE_Result remove_object(const struct part_id *witness, size_t id_size)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(witness->bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        return TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}

TEE_Result marker_remove(const uint8_t *id, size_t id_size)
{
    struct part_id witness = part_id(OBJECT_MARKER, id, id_size);
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change directory;
    make_entry(&witness, id_size, entry);
    TEE_Result opened = directory_open(&directory, &directory_of_ta);
    if (opened != TEE_SUCCESS && opened != TEE_ERROR_ITEM_NOT_FOUND)
        return opened;
    TEE_Result result = remove_object(&witness, id_size);
    if (opened == TEE_SUCCESS && result == TEE_SUCCESS)
        directory_drop(&directory, entry);
    directory_close(&directory);
    return result;
}
