/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is inside the object of an app's store: a log of committed transactions.
 *
 *   log    = version (1) | link (16) | record ...
 *   record = size (4, big-endian, not 0) | that many bytes: pairs | link (16)
 *   pair   = key (CBOR byte string of 1 to LUATEE_STORE_KEY_MAX bytes) | value (a CBOR item; null: the key is deleted)
 *
 * The first link is random; each other one is the first half of the SHA-256 of everything from the link before it up to
 * itself. So a link stands for all that is before it, in this order, and a record that is cut, changed, missing or of
 * another log is found out. The log ends with its data, or with zeros up to there.
 *
 * Nothing here knows of objects or of Lua.
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
    const uint8_t *link; /* the last one that was read */
    const uint8_t *end;
};

/* data: begins with a link that is known to be right, and goes on with the records after it. Its memory must stay. */
void sealed_log_begin(struct sealed_log_reader *r, const uint8_t *data, size_t size);

/*
 * Takes the next record, and finds its pairs; at the end of the log, *pairs is NULL. TEE_ERROR_CORRUPT_OBJECT: this is
 * no log. Errors of TEE_DigestDoFinal and its like.
 */
TEE_Result sealed_log_next(struct sealed_log_reader *r, const uint8_t **pairs, size_t *size) __attribute__((warn_unused_result));

/* A pair, inside the data. */
struct sealed_log_pair {
    const uint8_t *whole;
    size_t size;
    const uint8_t *key;
    size_t key_size;
    bool deleted;
};

/* Takes a pair; false: it is none. What its value is made of is not looked at. */
bool sealed_log_take_pair(struct cursor *c, struct sealed_log_pair *pair);

/* Finishes a record: at `link` is the link before it; room for its size; `size` bytes of pairs; and room for its
 * link. */
TEE_Result sealed_log_seal(uint8_t *link, size_t size) __attribute__((warn_unused_result));

#endif
