/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/sealed_log.h"

#include <string.h>

#include "abi/limits.h"
#include "core/base/sha256.h"

void sealed_log_begin(struct sealed_log_reader *r, const uint8_t *data, size_t size)
{
    r->link = data;
    r->end = data + size;
}

static TEE_Result make_link(const uint8_t *link, size_t size, uint8_t next[SEALED_LOG_LINK_SIZE])
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    TEE_Result result = sha256_digest(link, SEALED_LOG_LINK_SIZE + SEALED_LOG_SIZE_SIZE + size, digest);
    memcpy(next, digest, SEALED_LOG_LINK_SIZE);
    return result;
}

static bool is_zero(const uint8_t *bytes, const uint8_t *end)
{
    while (bytes < end && *bytes == 0)
        bytes++;
    return bytes == end;
}

TEE_Result sealed_log_next(struct sealed_log_reader *r, const uint8_t **pairs, size_t *size)
{
    uint8_t link[SEALED_LOG_LINK_SIZE];
    const uint8_t *at = r->link + SEALED_LOG_LINK_SIZE;
    size_t left = (size_t)(r->end - at);
    *pairs = NULL;
    if (is_zero(at, left < SEALED_LOG_SIZE_SIZE ? r->end : at + SEALED_LOG_SIZE_SIZE))
        return is_zero(at, r->end) ? TEE_SUCCESS : TEE_ERROR_CORRUPT_OBJECT;
    if (left < SEALED_LOG_RECORD_OVERHEAD)
        return TEE_ERROR_CORRUPT_OBJECT;
    *size = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (*size > left - SEALED_LOG_RECORD_OVERHEAD)
        return TEE_ERROR_CORRUPT_OBJECT;
    TEE_Result result = make_link(r->link, *size, link);
    if (result != TEE_SUCCESS)
        return result;
    r->link = at + SEALED_LOG_SIZE_SIZE + *size;
    if (memcmp(r->link, link, SEALED_LOG_LINK_SIZE) != 0)
        return TEE_ERROR_CORRUPT_OBJECT;
    *pairs = at + SEALED_LOG_SIZE_SIZE;
    return TEE_SUCCESS;
}

bool sealed_log_read_pair(struct cursor *c, struct sealed_log_pair *pair)
{
    pair->whole = c->next;
    pair->key = cursor_bytes(c, 1, LUATEE_STORE_KEY_MAX, &pair->key_size);
    pair->deleted = cursor_nil(c);
    if (!pair->deleted)
        cursor_skip(c);
    pair->size = (size_t)(c->next - pair->whole);
    return c->failure == CURSOR_FINE;
}

TEE_Result sealed_log_seal(uint8_t *link, size_t size)
{
    uint8_t *at = link + SEALED_LOG_LINK_SIZE;
    at[0] = (uint8_t)(size >> 24);
    at[1] = (uint8_t)(size >> 16);
    at[2] = (uint8_t)(size >> 8);
    at[3] = (uint8_t)size;
    return make_link(link, size, at + SEALED_LOG_SIZE_SIZE + size);
}
