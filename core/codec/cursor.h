/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads CBOR that must be exactly as expected: definite lengths, shortest heads (RFC 8949, section 4.2.1), the expected
 * item at each place. Allocates and copies nothing: strings are returned as pointers into the data.
 *
 * The first item that is not as expected sets `failure`. All later reads return 0 or NULL with size 0. So a caller can
 * read a whole structure and check for failure once at its end. A caller that uses a value before that must accept 0.
 *
 * The data must lie in memory that only the caller can write.
 */
#ifndef LUATEE_CORE_CODEC_CURSOR_H
#define LUATEE_CORE_CODEC_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/head.h"

enum cursor_failure {
    CURSOR_FINE = 0,
    CURSOR_TRUNCATED,    /* the data end inside an item, or before the next one */
    CURSOR_NOT_SHORTEST, /* a head is longer than its number needs, or the length is indefinite */
    CURSOR_UNEXPECTED,   /* another item than the expected one, or something after the last */
};

struct cursor {
    const uint8_t *next;
    const uint8_t *end;
    enum cursor_failure failure;
};

/* Starts to read `size` bytes. The caller keeps the data valid and unchanged while it uses the cursor or pointers that
 * the cursor returned. data: may be NULL when size is 0. */
void cursor_begin(struct cursor *c, const uint8_t *data, size_t size);

/* Sets the failure, unless there is one already. Callers use it for checks of their own. */
void cursor_fail(struct cursor *c, enum cursor_failure failure);

/* Returns the number of bytes that are not read yet; 0 after a failure. */
static inline size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->next);
}

/*
 * Reads any head: its first byte and its number; for a float, the number is its bits. Returns false when it fails. For
 * callers that do not know the next item. It is inline because a value is read head by head.
 */
static inline bool cursor_head(struct cursor *c, uint8_t *first, uint64_t *number)
{
    if (c->next == c->end) {
        cursor_fail(c, CURSOR_TRUNCATED);
        return false;
    }
    unsigned info = (*first = *c->next++) & HEAD_INFO;
    if (info < HEAD_1_BYTE) {
        *number = info;
        return true;
    }
    if (info > HEAD_8_BYTES) {
        cursor_fail(c, CURSOR_NOT_SHORTEST);
        return false;
    }
    size_t size = (size_t)1 << (info - HEAD_1_BYTE);
    if (cursor_left(c) < size) {
        cursor_fail(c, CURSOR_TRUNCATED);
        return false;
    }
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n = n << 8 | *c->next++;
    *number = n;
    /* A number must not fit into half as many bytes, or into the first byte. Floats have fixed sizes. */
    uint64_t smallest = size == 1 ? HEAD_1_BYTE : (uint64_t)1 << (size * 4);
    if (n >= smallest || *first > (HEAD_SIMPLE << HEAD_SHIFT | HEAD_1_BYTE))
        return true;
    cursor_fail(c, CURSOR_NOT_SHORTEST);
    return false;
}

/* Read the head of an array, a map or a tag, and fail when its number is not the expected one. */
void cursor_expect_array(struct cursor *c, uint64_t count);
void cursor_expect_map(struct cursor *c, uint64_t pairs);
void cursor_expect_tag(struct cursor *c, uint64_t tag);

/* Read the head of an array or a map, and return the number of its items or pairs. */
uint64_t cursor_array(struct cursor *c);
uint64_t cursor_map(struct cursor *c);

/* Reads an integer, positive or negative, and fails when it is not the expected one. */
void cursor_expect_int(struct cursor *c, int64_t value);

/* Reads an integer that is not negative. */
uint64_t cursor_uint(struct cursor *c);

/* Reads false or true. */
bool cursor_bool(struct cursor *c);

/* Reads nil, and returns true. Reads nothing, and returns false, when the next item is another one. */
bool cursor_nil(struct cursor *c);

/* Reads this tag and an unsigned integer, and returns true. Reads nothing, and returns false, when the next items are
 * others. */
bool cursor_tagged(struct cursor *c, uint64_t tag, uint64_t *number);

/* Read a byte string or a text string of min to max bytes, and return its bytes and size. Do not check that text is
 * UTF-8, and do not end it with a NUL. */
const uint8_t *cursor_bytes(struct cursor *c, size_t min, size_t max, size_t *size);
const char *cursor_text(struct cursor *c, size_t min, size_t max, size_t *size);

/* Reads a byte string of exactly this size. */
const uint8_t *cursor_bytes_of(struct cursor *c, size_t size);

/* Reads one item of any kind, with all items inside it. */
void cursor_skip(struct cursor *c);

/* Fails if bytes are left. Returns true when nothing has failed. */
bool cursor_finish(struct cursor *c);

#endif
