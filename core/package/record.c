/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/record.h"

#include <stdbool.h>
#include <string.h>

#include "core/package/object.h"

/* A copy: what it is, the size of the record, big-endian, and the record. A mark can be overwritten by a record. */
enum { COPY_LOST = 0, COPY_RECORD = 1 };
#define HEAD_SIZE 3
#define COPY_SIZE_MAX (HEAD_SIZE + RECORD_SIZE_MAX)

#define ALONE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)

static const uint8_t lost[HEAD_SIZE] = { COPY_LOST };
static const uint8_t empty[HEAD_SIZE] = { COPY_RECORD };

/* TEE_ERROR_BAD_FORMAT: there is a copy, but no record in it. TEE_ERROR_CORRUPT_OBJECT: the TEE has removed it. */
static TEE_Result read_copy(TEE_ObjectHandle object, struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    size_t count = 0;
    TEE_Result result = TEE_ReadObjectData(object, bytes, sizeof(bytes), &count);
    if (result != TEE_SUCCESS)
        return result;
    if (count < HEAD_SIZE || bytes[0] != COPY_RECORD)
        return TEE_ERROR_BAD_FORMAT;
    size_t size = (size_t)bytes[1] << 8 | bytes[2];
    if (size > count - HEAD_SIZE)
        return TEE_ERROR_BAD_FORMAT;
    memcpy(r->data, bytes + HEAD_SIZE, size);
    r->size = size;
    return TEE_SUCCESS;
}

static void make_copy(const struct record *r, uint8_t bytes[COPY_SIZE_MAX])
{
    bytes[0] = COPY_RECORD;
    bytes[1] = (uint8_t)(r->size >> 8);
    bytes[2] = (uint8_t)r->size;
    memcpy(bytes + HEAD_SIZE, r->data, r->size);
}

static TEE_Result write_first(const struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    make_copy(r, bytes);
    TEE_Result result = TEE_SeekObjectData(r->first, 0, TEE_DATA_SEEK_SET);
    return result == TEE_SUCCESS ? TEE_WriteObjectData(r->first, bytes, HEAD_SIZE + r->size) : result;
}

/* A mark is held open in place of the first copy: brings the record back from the second, or leaves marks in place of
 * both. */
static TEE_Result recover(struct record *r)
{
    TEE_ObjectHandle second;
    TEE_Result result =
        object_open(r->second_id, r->id_size, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &second);
    if (result == TEE_SUCCESS) {
        result = read_copy(second, r);
        TEE_CloseObject(second);
    }
    if (result == TEE_SUCCESS)
        return write_first(r);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        result = object_replace(r->second_id, r->id_size, lost, sizeof(lost));
    return result == TEE_SUCCESS || result == TEE_ERROR_BAD_FORMAT ? TEE_ERROR_CORRUPT_OBJECT : result;
}

/* Makes the second copy of a record that was never written. TEE_ERROR_ACCESS_CONFLICT: there is one. That is asked by
 * making it and not by opening it: opened, a damaged one would be gone, and with the power in that moment all that is
 * known. */
static TEE_Result make_second(const struct record *r)
{
    TEE_ObjectHandle second;
    TEE_Result result =
        TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, r->second_id, r->id_size, TEE_DATA_FLAG_ACCESS_WRITE,
                                   TEE_HANDLE_NULL, empty, sizeof(empty), &second);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(second);
    return result;
}

/* The first copy was not there, or the TEE has removed it just now. */
static TEE_Result begin(struct record *r, const uint8_t *id, bool removed)
{
    bool fresh = false;
    if (!removed) {
        TEE_Result result = make_second(r);
        fresh = result == TEE_SUCCESS;
        if (!fresh && result != TEE_ERROR_ACCESS_CONFLICT)
            return result;
    }
    /* Another session may have been faster: then it is opened, and read. */
    return object_open_alone(id, r->id_size, fresh ? empty : lost, HEAD_SIZE, &r->first);
}

static TEE_Result open_first(struct record *r, const uint8_t *id, bool removed)
{
    TEE_Result result = removed ? TEE_ERROR_ITEM_NOT_FOUND : object_open(id, r->id_size, ALONE, &r->first);
    removed = removed || result == TEE_ERROR_CORRUPT_OBJECT;
    if (removed || result == TEE_ERROR_ITEM_NOT_FOUND)
        result = begin(r, id, removed);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_SeekObjectData(r->first, 0, TEE_DATA_SEEK_SET);
    return result == TEE_SUCCESS ? read_copy(r->first, r) : result;
}

/* removed: the TEE has just removed the first copy. */
static TEE_Result open_record(struct record *r, const uint8_t *id, size_t id_size, bool removed)
{
    r->size = 0;
    r->first = TEE_HANDLE_NULL;
    r->id_size = id_size;
    memcpy(r->second_id, id, id_size);
    r->second_id[0] |= 'a' - 'A';
    TEE_Result result = open_first(r, id, removed);
    if (result == TEE_ERROR_CORRUPT_OBJECT) { /* as reading has shown */
        record_close(r);
        result = open_first(r, id, true);
    }
    if (result == TEE_ERROR_BAD_FORMAT)
        result = recover(r);
    if (result != TEE_SUCCESS)
        record_close(r);
    return result;
}

TEE_Result record_open(struct record *r, const uint8_t *id, size_t id_size)
{
    return open_record(r, id, id_size, false);
}

TEE_Result record_read(struct record *r, const uint8_t *id, size_t id_size)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, id_size, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &object);
    if (result == TEE_SUCCESS) {
        result = read_copy(object, r);
        TEE_CloseObject(object);
    }
    /* Nearly always. Otherwise there is something to write first. */
    if (result != TEE_ERROR_ITEM_NOT_FOUND && result != TEE_ERROR_BAD_FORMAT && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    result = open_record(r, id, id_size, result == TEE_ERROR_CORRUPT_OBJECT);
    if (result == TEE_SUCCESS)
        record_close(r);
    return result;
}

/* The second copy first: as long as the first is the old one, nobody has run with the new. */
TEE_Result record_write(struct record *r)
{
    uint8_t bytes[COPY_SIZE_MAX];
    make_copy(r, bytes);
    TEE_Result result = object_replace(r->second_id, r->id_size, bytes, HEAD_SIZE + r->size);
    return result == TEE_SUCCESS ? write_first(r) : result;
}

void record_close(struct record *r)
{
    if (r->first != TEE_HANDLE_NULL)
        TEE_CloseObject(r->first);
    r->first = TEE_HANDLE_NULL;
}
