/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/state.h"

#include <string.h>

#include "core/package/digest.h"
#include "core/package/keys.h"
#include "core/package/object.h"

/* Sequences: an object for each app, its identifier a digest of the name, 8 bytes in it, big-endian. */
#define HIGHEST_ID_SIZE (1 + LUATEE_DIGEST_SIZE)
#define SEQUENCE_SIZE 8

/* Revoked keys: one object, their ids one after the other. */
static const uint8_t revoked_id[] = { OBJECT_REVOKED };
#define REVOKED_SIZE_MAX (STATE_REVOKED_MAX * PACKAGE_PUBLISHER_ID_SIZE)

static TEE_Result make_id(const char *app, uint8_t id[HIGHEST_ID_SIZE])
{
    id[0] = OBJECT_HIGHEST;
    return digest_sha256(app, strlen(app), id + 1);
}

static TEE_Result read_sequence(TEE_ObjectHandle object, uint64_t *sequence)
{
    uint8_t bytes[SEQUENCE_SIZE];
    size_t count = 0;
    TEE_Result result = TEE_ReadObjectData(object, bytes, sizeof(bytes), &count);
    if (result == TEE_SUCCESS && count != sizeof(bytes))
        result = TEE_ERROR_CORRUPT_OBJECT;
    for (size_t i = 0; i < sizeof(bytes) && result == TEE_SUCCESS; i++)
        *sequence = *sequence << 8 | bytes[i];
    return result;
}

static void put_sequence(uint64_t sequence, uint8_t bytes[SEQUENCE_SIZE])
{
    for (int i = SEQUENCE_SIZE - 1; i >= 0; i--, sequence >>= 8)
        bytes[i] = (uint8_t)sequence;
}

TEE_Result state_sequence(const char *app, uint64_t *sequence)
{
    uint8_t id[HIGHEST_ID_SIZE];
    TEE_ObjectHandle object;
    *sequence = 0;
    TEE_Result result = make_id(app, id);
    if (result == TEE_SUCCESS)
        result = object_open(id, sizeof(id), TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &object);
    if (result != TEE_SUCCESS)
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result;
    result = read_sequence(object, sequence);
    TEE_CloseObject(object);
    return result;
}

/* Writes the sequence unless it is the one that is there, or lower. */
static TEE_Result raise(TEE_ObjectHandle object, uint64_t sequence)
{
    uint8_t bytes[SEQUENCE_SIZE];
    uint64_t highest = 0;
    TEE_Result result = read_sequence(object, &highest);
    if (result != TEE_SUCCESS || sequence == highest)
        return result;
    if (sequence < highest)
        return TEE_ERROR_SECURITY;
    put_sequence(sequence, bytes);
    result = TEE_SeekObjectData(object, 0, TEE_DATA_SEEK_SET);
    return result == TEE_SUCCESS ? TEE_WriteObjectData(object, bytes, sizeof(bytes)) : result;
}

TEE_Result state_advance(const char *app, uint64_t sequence)
{
    uint8_t id[HIGHEST_ID_SIZE], bytes[SEQUENCE_SIZE];
    TEE_ObjectHandle object;
    uint64_t highest;
    /* Nearly always it is the same as before: that needs nothing written, and lets parallel sessions look at once. */
    TEE_Result result = state_sequence(app, &highest);
    if (result != TEE_SUCCESS || sequence == highest)
        return result;
    if (sequence < highest)
        return TEE_ERROR_SECURITY;
    result = make_id(app, id);
    if (result != TEE_SUCCESS)
        return result;
    put_sequence(sequence, bytes);
    result = object_open_alone(id, sizeof(id), bytes, sizeof(bytes), &object);
    if (result != TEE_SUCCESS)
        return result;
    result = raise(object, sequence);
    TEE_CloseObject(object);
    return result;
}

/* Reads the revoked keys from an opened object. */
static TEE_Result read_revoked(TEE_ObjectHandle object, uint8_t ids[REVOKED_SIZE_MAX], size_t *size)
{
    TEE_Result result = TEE_ReadObjectData(object, ids, REVOKED_SIZE_MAX, size);
    if (result == TEE_SUCCESS && *size % PACKAGE_PUBLISHER_ID_SIZE != 0)
        result = TEE_ERROR_CORRUPT_OBJECT;
    return result;
}

static bool is_among(const uint8_t *ids, size_t size, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    for (size_t at = 0; at < size; at += PACKAGE_PUBLISHER_ID_SIZE)
        if (memcmp(ids + at, id, PACKAGE_PUBLISHER_ID_SIZE) == 0)
            return true;
    return false;
}

TEE_Result state_check_publisher(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    uint8_t ids[REVOKED_SIZE_MAX];
    size_t size = 0;
    TEE_ObjectHandle object;
    TEE_Result result =
        object_open(revoked_id, sizeof(revoked_id), TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &object);
    if (result != TEE_SUCCESS)
        return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result;
    result = read_revoked(object, ids, &size);
    TEE_CloseObject(object);
    if (result == TEE_SUCCESS && is_among(ids, size, id))
        result = TEE_ERROR_SECURITY;
    return result;
}

/* Adds a key to an opened object, in one write. */
static TEE_Result add_revoked(TEE_ObjectHandle object, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    uint8_t ids[REVOKED_SIZE_MAX];
    size_t size = 0;
    TEE_Result result = read_revoked(object, ids, &size);
    if (result != TEE_SUCCESS || is_among(ids, size, id))
        return result;
    if (size == REVOKED_SIZE_MAX)
        return TEE_ERROR_STORAGE_NO_SPACE;
    return TEE_WriteObjectData(object, id, PACKAGE_PUBLISHER_ID_SIZE); /* reading has left the position at the end */
}

TEE_Result state_revoke(unsigned publisher, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    unsigned revoked = keys_find_publisher(id);
    bool allowed = revoked == keys_publisher_count ? publisher + 1 == keys_publisher_count : revoked < publisher;
    TEE_ObjectHandle object;
    if (!allowed)
        return TEE_SUCCESS;
    TEE_Result result = state_check_publisher(id);
    if (result != TEE_SUCCESS) /* it is revoked already: nothing to write, as with every call after the first */
        return result == TEE_ERROR_SECURITY ? TEE_SUCCESS : result;
    result = object_open_alone(revoked_id, sizeof(revoked_id), NULL, 0, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = add_revoked(object, id);
    TEE_CloseObject(object);
    return result;
}

uint32_t state_protection(void)
{
    uint32_t level;
    TEE_Result result = TEE_GetPropertyAsU32(TEE_PROPSET_TEE_IMPLEMENTATION,
                                             "gpd.tee.trustedStorage.antiRollback.protectionLevel", &level);
    return result == TEE_SUCCESS ? level : 0;
}
