/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/record.h"

#include <stdbool.h>
#include <string.h>

#include "core/storage/existence_marker.h"
#include "core/storage/object.h"

/* The data of a copy: this byte, the size of the record (2 bytes, big-endian), and the record. */
#define COPY_RECORD 1
#define HEAD_SIZE 3
#define COPY_SIZE_MAX (HEAD_SIZE + RECORD_SIZE_MAX)

/* TEE_ERROR_CORRUPT_OBJECT: the object has no valid record, mostly because the TEE has just deleted it as damaged. */
static TEE_Result read_copy(TEE_ObjectHandle *object, struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    size_t count;
    TEE_Result result = object_read(object, 0, bytes, sizeof(bytes), &count);
    if (result != TEE_SUCCESS)
        return result;
    if (count < HEAD_SIZE || bytes[0] != COPY_RECORD)
        return TEE_ERROR_CORRUPT_OBJECT;
    size_t size = (size_t)bytes[1] << 8 | bytes[2];
    if (size > count - HEAD_SIZE)
        return TEE_ERROR_CORRUPT_OBJECT;
    memcpy(r->data, bytes + HEAD_SIZE, size);
    r->size = size;
    return TEE_SUCCESS;
}

/* Writes the data of a copy, and returns their size. */
static size_t encode_copy(const struct record *r, uint8_t bytes[COPY_SIZE_MAX])
{
    bytes[0] = COPY_RECORD;
    bytes[1] = (uint8_t)(r->size >> 8);
    bytes[2] = (uint8_t)r->size;
    memcpy(bytes + HEAD_SIZE, r->data, r->size);
    return HEAD_SIZE + r->size;
}

/* Opens a copy and reads it. Sets *object only on success. */
static TEE_Result open_copy(struct record *r, const uint8_t *id, uint32_t flags, TEE_ObjectHandle *object)
{
    TEE_ObjectHandle opened;
    TEE_Result result = object_open(id, r->id_size, flags, &opened);
    if (result != TEE_SUCCESS)
        return result;
    result = read_copy(&opened, r);
    if (result == TEE_SUCCESS)
        *object = opened;
    else
        TEE_CloseObject(opened);
    return result;
}

static bool is_missing(TEE_Result result)
{
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT;
}

/* Reads the record from the second copy. Without that copy the record has size 0 if nothing was ever recorded, and is
 * lost (TEE_ERROR_CORRUPT_OBJECT) if something was. */
static TEE_Result read_second(struct record *r)
{
    TEE_ObjectHandle second;
    bool recorded;
    TEE_Result result = open_copy(r, r->second_id, OBJECT_SHARED, &second);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(second);
    if (!is_missing(result))
        return result;
    r->size = 0;
    result = marker_exists(r->id, r->id_size, &recorded);
    return result == TEE_SUCCESS && recorded ? TEE_ERROR_CORRUPT_OBJECT : result;
}

/* Creates the missing first copy and opens it. If another session has created it meanwhile, the record of that session
 * counts. read_only: does not create a copy when nothing was recorded. */
static TEE_Result restore(struct record *r, bool read_only)
{
    uint8_t bytes[COPY_SIZE_MAX];
    TEE_ObjectHandle created;
    TEE_Result result = read_second(r);
    if (result == TEE_SUCCESS && read_only && r->size == 0) {
        result = open_copy(r, r->id, OBJECT_SHARED, &r->first);
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result;
    }
    if (result == TEE_SUCCESS)
        result = object_open_exclusive(r->id, r->id_size, bytes, encode_copy(r, bytes), &created);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(created);
    if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    result = open_copy(r, r->id, OBJECT_EXCLUSIVE, &r->first);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_ERROR_CORRUPT_OBJECT : result;
}

static void init(struct record *r, const uint8_t *id, size_t id_size)
{
    r->size = 0;
    r->first = TEE_HANDLE_NULL;
    r->id_size = id_size;
    memcpy(r->id, id, id_size);
    memcpy(r->second_id, id, id_size);
    r->second_id[0] |= 'a' - 'A';
}

TEE_Result record_open(struct record *r, const uint8_t *id, size_t id_size)
{
    init(r, id, id_size);
    TEE_Result result = open_copy(r, r->id, OBJECT_EXCLUSIVE, &r->first);
    if (is_missing(result))
        result = restore(r, false);
    /* The marker is created before anything is recorded, and never again later: OP-TEE 4.5 may delete a damaged marker
     * when another one is created. */
    if (result == TEE_SUCCESS && r->size == 0)
        result = marker_create(r->id, id_size);
    if (result != TEE_SUCCESS)
        record_close(r);
    return result;
}

TEE_Result record_read(struct record *r, const uint8_t *id, size_t id_size)
{
    init(r, id, id_size);
    TEE_Result result = open_copy(r, r->id, OBJECT_SHARED, &r->first);
    if (is_missing(result))
        result = restore(r, true);
    record_close(r);
    return result;
}

/* Writes the second copy first. The first copy counts while both exist, so until it is written the record is the old
 * one. */
TEE_Result record_write(struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    size_t size = encode_copy(r, bytes);
    TEE_Result result = object_replace(r->second_id, r->id_size, bytes, size);
    return result == TEE_SUCCESS ? object_write(&r->first, 0, bytes, size) : result;
}

void record_close(struct record *r)
{
    if (r->first != TEE_HANDLE_NULL)
        TEE_CloseObject(r->first);
    r->first = TEE_HANDLE_NULL;
}
