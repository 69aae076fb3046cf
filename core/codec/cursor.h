/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads CBOR that must be exactly as expected: definite lengths, shortest heads (RFC 8949, section 4.2.1), the expected
 * item at each place. Nothing is allocated and nothing is copied: strings are given out as pointers into the data.
 *
 * The first item that is not as expected sets `failure`; whatever is taken after it is 0 or NULL, of size 0. So a whole
 * structure can be read and checked once at its end. A reader that uses a value before that must bear 0.
 *
 * The data must lie in memory that nobody else can write.
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

/* data: must stay, unchanged, as long as the cursor and what it gave out are used. May be NULL when size is 0. */
void cursor_begin(struct cursor *c, const uint8_t *data, size_t size);

/* Fails, unless it has failed before: for checks of the reader's own. */
void cursor_fail(struct cursor *c, enum cursor_failure failure);

/* Bytes that are not read yet; 0 after a failure. */
static inline size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->next);
}

/*
 * Takes any head: its first byte and its number (of a float: its bits). Returns false when it failed. For readers that
 * do not know what comes; inline, because values are read head by head.
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
    /* Would half as many bytes hold it? A single one holds what the head itself could not. Floats have fixed sizes. */
    uint64_t smallest = size == 1 ? HEAD_1_BYTE : (uint64_t)1 << (size * 4);
    if (n >= smallest || *first > (HEAD_SIMPLE << HEAD_SHIFT | HEAD_1_BYTE))
        return true;
    cursor_fail(c, CURSOR_NOT_SHORTEST);
    return false;
}

/* Takes the head of a container or a tag. The expect functions fail when the number is another one. */
void cursor_expect_array(struct cursor *c, uint64_t count);
void cursor_expect_map(struct cursor *c, uint64_t pairs);
void cursor_expect_tag(struct cursor *c, uint64_t tag);
uint64_t cursor_array(struct cursor *c);
uint64_t cursor_map(struct cursor *c);

/* Takes an integer, positive or negative, that must be this one. */
void cursor_expect_int(struct cursor *c, int64_t value);
uint64_t cursor_uint(struct cursor *c);
/* Takes false or true. */
bool cursor_bool(struct cursor *c);
/* True when the next item is nil, which is then taken; otherwise nothing is taken. */
bool cursor_nil(struct cursor *c);

/* True when the next items are this tag and an unsigned integer, which are then taken; otherwise nothing is taken. */
bool cursor_tagged(struct cursor *c, uint64_t tag, uint64_t *number);

/* Takes a byte string or a text string of min to max bytes. Text is not checked to be UTF-8. */
const uint8_t *cursor_bytes(struct cursor *c, size_t min, size_t max, size_t *size);
const char *cursor_text(struct cursor *c, size_t min, size_t max, size_t *size);
/* A byte string of exactly this size. */
const uint8_t *cursor_bytes_of(struct cursor *c, size_t size);

/* Takes one item of any kind, with everything in it. */
void cursor_skip(struct cursor *c);

/* Fails if anything is left. Returns whether nothing ever failed. */
bool cursor_finish(struct cursor *c);

#endif
