/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes CBOR (RFC 8949) in the one form that cursor.h reads: definite lengths, shortest heads. Nothing is allocated.
 * Items follow each other as they are put; who puts an array or a map puts as many items after it as it says.
 *
 * A buffer that is too small is no error: the writer goes on counting, and the size it ends with is the size to try
 * again with.
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
    size_t missing; /* bytes that did not fit; once there are some, end is at: nothing more is written */
};

/* data: may be NULL when room is 0, to measure. */
void writer_begin(struct writer *w, void *data, size_t room);

/* Bytes that were put, those that did not fit included. */
size_t writer_size(const struct writer *w);
bool writer_fits(const struct writer *w);

/* Bytes as they are: the rest of a string whose head was put, or items that are encoded already. */
void writer_raw(struct writer *w, const void *data, size_t size);

/* A head that is longer than a byte, or has no room. */
void writer_long_head(struct writer *w, enum head_major major, uint64_t number);

static inline void writer_head(struct writer *w, enum head_major major, uint64_t number)
{
    if (number < HEAD_1_BYTE && w->at != w->end)
        *w->at++ = (uint8_t)((unsigned)major << HEAD_SHIFT | (unsigned)number);
    else
        writer_long_head(w, major, number);
}

void writer_uint(struct writer *w, uint64_t value);
void writer_int(struct writer *w, int64_t value);
void writer_double(struct writer *w, double value); /* always in 64 bits */
void writer_bool(struct writer *w, bool value);
void writer_nil(struct writer *w);

void writer_bytes(struct writer *w, const void *data, size_t size);
void writer_text(struct writer *w, const char *text, size_t size); /* UTF-8: the caller's care */
void writer_textz(struct writer *w, const char *text);             /* NUL-terminated */

/* A tag with an unsigned integer. */
void writer_tagged(struct writer *w, uint64_t tag, uint64_t number);

void writer_array(struct writer *w, uint64_t count);
void writer_map(struct writer *w, uint64_t pairs);

/* A map whose pairs are counted while they are put: what begin returns is for end, which moves them if the head is
 * longer than a byte. */
size_t writer_map_begin(struct writer *w);
void writer_map_end(struct writer *w, size_t begin, uint64_t pairs);

#endif
