/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/record.h"

#include <stdbool.h>
#include <string.h>

#include "core/storage/existence_marker.h"
#include "core/storage/object.h"

/* A copy: this byte, the size of the record, big-endian, and the record. */
#define COPY_RECORD 1
#define HEAD_SIZE 3
#define COPY_SIZE_MAX (HEAD_SIZE + RECORD_SIZE_MAX)

#define ALONE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)
#define TOGETHER (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ)

/* TEE_ERROR_CORRUPT_OBJECT: there is no record in it; mostly as the TEE has removed it just now. */
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

/* Returns the size. */
static size_t make_copy(const struct record *r, uint8_t bytes[COPY_SIZE_MAX])
{
    bytes[0] = COPY_RECORD;
    bytes[1] = (uint8_t)(r->size >> 8);
    bytes[2] = (uint8_t)r->size;
    memcpy(bytes + HEAD_SIZE, r->data, r->size);
    return HEAD_SIZE + r->size;
}

/* Opens a copy, and reads it. *object is set when that succeeded. */
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

static bool is_gone(TEE_Result result)
{
    return result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT;
}

/* What is known without the first copy. */
static TEE_Result read_second(struct record *r)
{
    TEE_ObjectHandle second;
    bool recorded;
    TEE_Result result = open_copy(r, r->second_id, TOGETHER, &second);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(second);
    if (!is_gone(result))
        return result;
    r->size = 0;
    result = marker_look(r->id, r->id_size, &recorded);
    return result == TEE_SUCCESS && recorded ? TEE_ERROR_CORRUPT_OBJECT : result;
}

/* Makes the first copy, and opens it alone, as the one there was is gone. Another session may have been faster: then
 * what that wrote counts. Who only reads makes none where nothing was written. */
static TEE_Result restore(struct record *r, bool reads)
{
    uint8_t bytes[COPY_SIZE_MAX];
    TEE_ObjectHandle made;
    TEE_Result result = read_second(r);
    if (result == TEE_SUCCESS && reads && r->size == 0) {
        result = open_copy(r, r->id, TOGETHER, &r->first);
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result;
    }
    if (result == TEE_SUCCESS)
        result = object_open_alone(r->id, r->id_size, bytes, make_copy(r, bytes), &made);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(made);
    if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    result = open_copy(r, r->id, ALONE, &r->first);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_ERROR_CORRUPT_OBJECT : result;
}

static void begin(struct record *r, const uint8_t *id, size_t id_size)
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
    begin(r, id, id_size);
    TEE_Result result = open_copy(r, r->id, ALONE, &r->first);
    if (is_gone(result))
        result = restore(r, false);
    /* Before anything is recorded: later nobody makes it again, for OP-TEE may remove it by that. */
    if (result == TEE_SUCCESS && r->size == 0)
        result = marker_make(r->id, id_size);
    if (result != TEE_SUCCESS)
        record_close(r);
    return result;
}

TEE_Result record_read(struct record *r, const uint8_t *id, size_t id_size)
{
    begin(r, id, id_size);
    TEE_Result result = open_copy(r, r->id, TOGETHER, &r->first);
    if (is_gone(result))
        result = restore(r, true);
    record_close(r);
    return result;
}

/* The second copy first: as long as the first is the old one, nobody has run with the new. */
TEE_Result record_write(struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    size_t size = make_copy(r, bytes);
    TEE_Result result = object_replace(r->second_id, r->id_size, bytes, size);
    return result == TEE_SUCCESS ? object_write(&r->first, 0, bytes, size) : result;
}

void record_close(struct record *r)
{
    if (r->first != TEE_HANDLE_NULL)
        TEE_CloseObject(r->first);
    r->first = TEE_HANDLE_NULL;
}
