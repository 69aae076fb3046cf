/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/witness.h"

#include <string.h>

#include "core/package/object.h"

/* First bytes of identifiers, in which the object's own one is a letter. */
enum part { WITNESS = 0x80, SCRATCH = 0xa0 };

struct part_id {
    uint8_t bytes[TEE_OBJECT_ID_MAX_LEN];
};

static struct part_id part_id(enum part part, const uint8_t *id, size_t id_size)
{
    struct part_id of;
    memcpy(of.bytes, id, id_size);
    of.bytes[0] |= (uint8_t)part;
    return of;
}

TEE_Result witness_make(const uint8_t *id, size_t id_size)
{
    struct part_id witness = part_id(WITNESS, id, id_size);
    TEE_ObjectHandle object;
    TEE_Result result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, witness.bytes, id_size,
                                                   TEE_DATA_FLAG_ACCESS_WRITE, TEE_HANDLE_NULL, NULL, 0, &object);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    return result == TEE_ERROR_ACCESS_CONFLICT ? TEE_SUCCESS : result;
}

/* Looks at all names. The TEE does not tell those of damaged objects: nameless, there was one. */
static TEE_Result enumerate(const struct part_id *id, size_t id_size, bool *there, bool *nameless)
{
    uint8_t name[TEE_OBJECT_ID_MAX_LEN];
    TEE_ObjectEnumHandle objects;
    TEE_ObjectInfo info;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    while (result == TEE_SUCCESS && !*there) {
        size_t size = sizeof(name);
        result = TEE_GetNextPersistentObject(objects, &info, name, &size);
        if (result == TEE_SUCCESS)
            *there = size == id_size && memcmp(name, id->bytes, size) == 0;
        if (result == TEE_ERROR_CORRUPT_OBJECT) {
            *nameless = true;
            result = TEE_SUCCESS;
        }
    }
    TEE_FreePersistentObjectEnumerator(objects);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result; /* the end */
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

TEE_Result witness_look(const uint8_t *id, size_t id_size, bool *there)
{
    struct part_id witness = part_id(WITNESS, id, id_size), scratch = part_id(SCRATCH, id, id_size);
    bool nameless = false;
    *there = false;
    TEE_Result result = enumerate(&witness, id_size, there, &nameless);
    return result == TEE_SUCCESS && nameless && !*there ? try_name(&witness, &scratch, id_size, there) : result;
}

TEE_Result witness_remove(const uint8_t *id, size_t id_size)
{
    struct part_id witness = part_id(WITNESS, id, id_size);
    TEE_ObjectHandle object;
    TEE_Result result = object_open(witness.bytes, id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        return TEE_CloseAndDeletePersistentObject1(object);
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT ? TEE_SUCCESS : result;
}
