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

/* Of an object that another session deletes just then OP-TEE 4.5 says what it says at the end, TEE_ERROR_ITEM_NOT_FOUND,
 * but goes on when it is asked again. */
#define ENDS 8

/* Looks at all names. The TEE does not tell those of damaged objects: nameless, there was one. */
static TEE_Result look_at_all(TEE_ObjectEnumHandle objects, const struct part_id *id, size_t id_size, bool *there,
                              bool *nameless)
{
    uint8_t name[TEE_OBJECT_ID_MAX_LEN];
    TEE_ObjectInfo info;
    for (unsigned ends = 0; ends < ENDS && !*there;) {
        size_t size = sizeof(name);
        TEE_Result result = TEE_GetNextPersistentObject(objects, &info, name, &size);
        if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT && result != TEE_ERROR_ITEM_NOT_FOUND)
            return result;
        ends = result == TEE_ERROR_ITEM_NOT_FOUND ? ends + 1 : 0;
        *nameless |= result == TEE_ERROR_CORRUPT_OBJECT;
        *there = result == TEE_SUCCESS && size == id_size && memcmp(name, id->bytes, size) == 0;
    }
    return TEE_SUCCESS;
}

static TEE_Result enumerate(const struct part_id *id, size_t id_size, bool *there, bool *nameless)
{
    TEE_ObjectEnumHandle objects;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    if (result == TEE_SUCCESS)
        result = look_at_all(objects, id, id_size, there, nameless);
    else if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = TEE_SUCCESS; /* nothing is stored at all */
    TEE_FreePersistentObjectEnumerator(objects);
    return result;
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
