/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes CBOR (RFC 8949) in the one form that cursor.h reads: definite lengths, shortest heads. Allocates nothing. Each
 * function appends an item. After the head of an array or a map, the caller appends the announced number of items.
 *
 * A buffer that is too small is not an error: the writer continues to count, and writer_size() is the size to try again
 * with.
 */
#ifndef LUATEE_CORE_CODEC_WRITER_H
#define LUATEE_CORE_CODEC_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/head.h"

struct writer {
    uint8_t *begin;
    uint8_t *at;
    uint8_t *end;
    size_t missing; /* bytes that did not fit; when it is not 0, end == at, so nothing more is written */
};

/* Starts to write into `room` bytes, which the caller owns. data: may be NULL when room is 0, to compute a size. */
void writer_begin(struct writer *w, void *data, size_t room);

/* Returns the number of bytes so far, including those that did not fit. */
size_t writer_size(const struct writer *w);

/* Returns whether all bytes fitted. */
bool writer_fits(const struct writer *w);

/* Appends bytes unchanged: the content of a string after its head, or items that are encoded already. */
void writer_raw(struct writer *w, const void *data, size_t size);

/* The part of writer_head() for a head that is longer than a byte or does not fit. */
void writer_long_head(struct writer *w, enum head_major major, uint64_t number);

/* Appends a head. */
static inline void writer_head(struct writer *w, enum head_major major, uint64_t number)
{
    if (number < HEAD_1_BYTE && w->at != w->end)
        *w->at++ = (uint8_t)((unsigned)major << HEAD_SHIFT | (unsigned)number);
    else
        writer_long_head(w, major, number);
}

void writer_uint(struct writer *w, uint64_t value);
void writer_int(struct writer *w, int64_t value);
void writer_double(struct writer *w, double value); /* always with 64 bits */
void writer_bool(struct writer *w, bool value);
void writer_nil(struct writer *w);

void writer_bytes(struct writer *w, const void *data, size_t size);
void writer_text(struct writer *w, const char *text, size_t size); /* the caller makes sure that it is UTF-8 */
void writer_textz(struct writer *w, const char *text);             /* NUL-terminated */

/* Appends a tag and an unsigned integer. */
void writer_tagged(struct writer *w, uint64_t tag, uint64_t number);

/* Append the head of an array or a map. */
void writer_array(struct writer *w, uint64_t count);
void writer_map(struct writer *w, uint64_t pairs);

/* Write a map whose number of pairs is known only at its end. writer_map_begin() returns a value for writer_map_end(),
 * which moves the pairs if the head is longer than a byte. */
size_t writer_map_begin(struct writer *w);
void writer_map_end(struct writer *w, size_t begin, uint64_t pairs);

#endif
