/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes DER (ITU-T X.690, chapter 10), as far as keys and signatures need it. Reading accepts only one
 * encoding for each value. The first item that is not as expected sets `failed`; all later reads return empty values.
 */
#ifndef LUATEE_CORE_KEY_DER_H
#define LUATEE_CORE_KEY_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum der_tag {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_SEQUENCE = 0x30,
    DER_CONTEXT_0 = 0xa0, /* constructed */
    DER_CONTEXT_1 = 0xa1,
    DER_IMPLICIT_1 = 0x81, /* primitive */
};

struct der {
    const uint8_t *next;
    const uint8_t *end;
    bool failed;
};

/* Starts to read. The caller keeps the data valid while it uses d, or pointers that d returned. */
void der_begin(struct der *d, const void *data, size_t size);

/* Returns whether the next item has this tag. */
bool der_is(const struct der *d, enum der_tag tag);

/* Reads an item, and returns its contents. */
const uint8_t *der_read(struct der *d, enum der_tag tag, size_t *size);

/* Reads an item, and returns a reader for its contents. */
struct der der_enter(struct der *d, enum der_tag tag);

/* Reads an integer, and returns its bytes, big-endian, without leading zeros; 0 has no bytes. Fails on a negative
 * one. */
const uint8_t *der_number(struct der *d, size_t *size);

/* Reads a bit string of whole bytes, and returns them. */
const uint8_t *der_bits(struct der *d, size_t *size);

/* Reads exactly these bytes, otherwise fails. */
void der_expect(struct der *d, const void *bytes, size_t size);

/* Returns true when all bytes were read, and nothing failed. */
bool der_finished(const struct der *d);

/* Writes from the end of a buffer to its beginning, so that lengths are known when they are written. */
struct der_writer {
    uint8_t *start;
    uint8_t *at; /* the beginning of the output so far */
    bool failed; /* the buffer is too small */
};

/* Starts to write into a buffer of `size` bytes, which the caller owns. */
void der_write_begin(struct der_writer *w, uint8_t *buffer, size_t size);

/* Write bytes in front of the output so far. */
void der_put(struct der_writer *w, const void *bytes, size_t size);
void der_put_byte(struct der_writer *w, uint8_t byte);

/* Makes the output from w->at up to `end`, an earlier value of w->at, the contents of an item. */
void der_wrap(struct der_writer *w, enum der_tag tag, const uint8_t *end);

/* Makes the output from w->at up to `end` the contents of a bit string. */
void der_wrap_bits(struct der_writer *w, const uint8_t *end);

/* Writes an integer that is not negative. bytes: big-endian. */
void der_put_number(struct der_writer *w, const uint8_t *bytes, size_t size);

#endif
