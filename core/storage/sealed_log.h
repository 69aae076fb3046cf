/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data of an app's store: a log of committed transactions.
 *
 *   log    = version (1) | link (16) | record ...
 *   record = size (4, big-endian, not 0) | that many bytes: pairs | link (16)
 *   pair   = key (CBOR byte string of 1 to LUATEE_STORE_KEY_MAX bytes) | value (a CBOR item; null: the key is deleted)
 *
 * The first link is random. Each other link is the first half of the SHA-256 of all bytes from the link before up to
 * itself. So a link authenticates all records before it, in this order: a record that is truncated, changed, missing or
 * from another log is detected. The log ends where the data end, or where only zeros follow.
 *
 * These functions know nothing about objects or Lua.
 */
#ifndef LUATEE_CORE_STORAGE_SEALED_LOG_H
#define LUATEE_CORE_STORAGE_SEALED_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/cursor.h"
#include "tee_internal_api.h"

#define SEALED_LOG_VERSION 1
#define SEALED_LOG_LINK_SIZE 16u
#define SEALED_LOG_HEADER_SIZE (1u + SEALED_LOG_LINK_SIZE)
#define SEALED_LOG_SIZE_SIZE 4u
#define SEALED_LOG_RECORD_OVERHEAD (SEALED_LOG_SIZE_SIZE + SEALED_LOG_LINK_SIZE)

struct sealed_log_reader {
    const uint8_t *link; /* the last link that was read */
    const uint8_t *end;
};

/* Starts to read. data: a link that is known to be correct, and the records after it. The caller keeps the data valid
 * while it reads. */
void sealed_log_begin(struct sealed_log_reader *r, const uint8_t *data, size_t size);

/* Reads the next record, checks its link, and returns its pairs, `size` bytes inside the data; *pairs is NULL at the
 * end of the log. TEE_ERROR_CORRUPT_OBJECT: the data are not a valid log. Also returns errors of sha256_digest(). */
TEE_Result sealed_log_next(struct sealed_log_reader *r, const uint8_t **pairs, size_t *size)
    __attribute__((warn_unused_result));

/* A pair. The pointers point into the data. */
struct sealed_log_pair {
    const uint8_t *whole; /* key and value */
    size_t size;          /* of both */
    const uint8_t *key;
    size_t key_size;
    bool deleted;
};

/* Reads a pair. Returns false when it is malformed; the content of its value is not checked. */
bool sealed_log_read_pair(struct cursor *c, struct sealed_log_pair *pair);

/* Completes a record: writes its size and its link. link: the link before the record, then space for the size, `size`
 * bytes of pairs, and space for the record's link. Returns TEE_SUCCESS, or an error of sha256_digest(). */
TEE_Result sealed_log_seal(uint8_t *link, size_t size) __attribute__((warn_unused_result));

#endif
