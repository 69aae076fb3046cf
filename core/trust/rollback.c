/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/rollback.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/storage/object.h"
#include "core/storage/record.h"
#include "core/trust/publisher_keys.h"

/* The sequence of each app is in a record of its own: 8 bytes, big-endian; an empty record means 0. */
#define HIGHEST_ID_SIZE OBJECT_ID_APP_SIZE
#define SEQUENCE_SIZE 8

/* The ids of all revoked keys are in one record. */
static const uint8_t revoked_id[] = { OBJECT_REVOKED };
/* Foreign keys, which are not built in, leave space for all built-in keys. */
#define REVOKED_SIZE_FOREIGN (ROLLBACK_REVOKED_MAX * PACKAGE_PUBLISHER_ID_SIZE)
#define REVOKED_SIZE_MAX (REVOKED_SIZE_FOREIGN + PACKAGE_PUBLISHERS_MAX * PACKAGE_PUBLISHER_ID_SIZE)

_Static_assert(REVOKED_SIZE_MAX <= RECORD_SIZE_MAX, "a record can hold all revoked keys");

static uint64_t get_sequence(const struct record *r)
{
    uint64_t sequence = 0;
    for (size_t i = 0; i < r->size; i++)
        sequence = sequence << 8 | r->data[i];
    return sequence;
}

static TEE_Result put_sequence(struct record *r, uint64_t sequence)
{
    r->size = SEQUENCE_SIZE;
    for (size_t i = SEQUENCE_SIZE; i > 0; i--, sequence >>= 8)
        r->data[i - 1] = (uint8_t)sequence;
    return record_write(r);
}

TEE_Result rollback_sequence(const char *app, uint64_t *sequence)
{
    uint8_t id[HIGHEST_ID_SIZE];
    struct record r;
    *sequence = 0;
    TEE_Result result = object_id_of_app(OBJECT_HIGHEST, app, id);
    if (result == TEE_SUCCESS)
        result = record_read(&r, id, sizeof(id));
    if (result == TEE_SUCCESS)
        *sequence = get_sequence(&r);
    return result;
}

/* Creates the record of revoked keys, empty, when the first app runs. Every later package reads it. */
static TEE_Result create_revoked(void)
{
    struct record r;
    TEE_Result result = record_open(&r, revoked_id, sizeof(revoked_id));
    if (result == TEE_SUCCESS)
        record_close(&r);
    return result;
}

TEE_Result rollback_advance(const char *app, uint64_t sequence)
{
    uint8_t id[HIGHEST_ID_SIZE];
    struct record r;
    uint64_t highest;
    /* Nearly always the sequence is unchanged. Then nothing is written, and parallel sessions can read the record. */
    TEE_Result result = rollback_sequence(app, &highest);
    if (result != TEE_SUCCESS || sequence == highest)
        return result;
    if (sequence < highest)
        return TEE_ERROR_SECURITY;
    if (highest == 0)
        result = create_revoked();
    if (result == TEE_SUCCESS)
        result = object_id_of_app(OBJECT_HIGHEST, app, id);
    if (result == TEE_SUCCESS)
        result = record_open(&r, id, sizeof(id));
    if (result != TEE_SUCCESS)
        return result;
    highest = get_sequence(&r);
    if (sequence > highest)
        result = put_sequence(&r, sequence);
    record_close(&r);
    return sequence < highest ? TEE_ERROR_SECURITY : result;
}

static bool is_among(const struct record *r, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    for (size_t at = 0; at + PACKAGE_PUBLISHER_ID_SIZE <= r->size; at += PACKAGE_PUBLISHER_ID_SIZE)
        if (memcmp(r->data + at, id, PACKAGE_PUBLISHER_ID_SIZE) == 0)
            return true;
    return false;
}

TEE_Result rollback_check_publisher(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    struct record r;
    TEE_Result result = record_read(&r, revoked_id, sizeof(revoked_id));
    return result == TEE_SUCCESS && is_among(&r, id) ? TEE_ERROR_SECURITY : result;
}

/* Adds a key to an open record, atomically. */
static TEE_Result add_revoked(struct record *r, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE], bool foreign)
{
    if (is_among(r, id))
        return TEE_SUCCESS;
    if (r->size >= (foreign ? REVOKED_SIZE_FOREIGN : REVOKED_SIZE_MAX))
        return TEE_ERROR_STORAGE_NO_SPACE;
    memcpy(r->data + r->size, id, PACKAGE_PUBLISHER_ID_SIZE);
    r->size += PACKAGE_PUBLISHER_ID_SIZE;
    return record_write(r);
}

TEE_Result rollback_revoke(unsigned publisher, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    unsigned revoked = publisher_keys_find(id);
    bool foreign = revoked == publisher_keys_count;
    bool allowed = foreign ? publisher + 1 == publisher_keys_count : revoked < publisher;
    struct record r;
    if (!allowed)
        return TEE_SUCCESS;
    TEE_Result result = rollback_check_publisher(id);
    if (result != TEE_SUCCESS) /* TEE_ERROR_SECURITY: it is revoked already, as at every start after the first */
        return result == TEE_ERROR_SECURITY ? TEE_SUCCESS : result;
    result = record_open(&r, revoked_id, sizeof(revoked_id));
    if (result != TEE_SUCCESS)
        return result;
    result = add_revoked(&r, id, foreign);
    record_close(&r);
    return result;
}

uint32_t rollback_protection(void)
{
    uint32_t level;
    TEE_Result result = TEE_GetPropertyAsU32(TEE_PROPSET_TEE_IMPLEMENTATION,
                                             "gpd.tee.trustedStorage.antiRollback.protectionLevel", &level);
    return result == TEE_SUCCESS ? level : 0;
}
