/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heads of CBOR items (RFC 8949, section 3), inline. Values are coded with these and not item by item through TinyCBOR, whose
 * iterator took most of the time of a call with a table; messages around the values are TinyCBOR's.
 */
#ifndef LUATEE_CORE_CODEC_HEAD_H
#define LUATEE_CORE_CODEC_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum head_major {
    HEAD_UNSIGNED = 0,
    HEAD_NEGATIVE = 1,
    HEAD_BYTES = 2,
    HEAD_TEXT = 3,
    HEAD_ARRAY = 4,
    HEAD_MAP = 5,
    HEAD_TAG = 6,
    HEAD_SIMPLE = 7,
};
#define HEAD_SHIFT 5
#define HEAD_INFO 0x1fu
/* The number of a head follows it in 1, 2, 4 or 8 bytes; below 24 it is the information itself. */
#define HEAD_1_BYTE 24u
#define HEAD_8_BYTES 27u

/* First bytes of items without a number. */
#define HEAD_FALSE 0xf4
#define HEAD_TRUE 0xf5
#define HEAD_NULL 0xf6
#define HEAD_DOUBLE 0xfb

/* --- writing: into memory that may be too small ------------------------------------------------------------------------ */

struct head_writer {
    uint8_t *at;
    uint8_t *end;
    size_t missing; /* bytes that did not fit */
};

static inline void head_write(struct head_writer *w, const void *bytes, size_t size)
{
    size_t room = (size_t)(w->end - w->at);
    if (size <= room) {
        if (size > 0)
            memcpy(w->at, bytes, size);
        w->at += size;
    } else {
        w->missing += size - room;
        w->at = w->end; /* and nothing more is written: what comes later does not belong here */
    }
}

static inline void head_put(struct head_writer *w, enum head_major major, uint64_t number)
{
    uint8_t bytes[9];
    unsigned info = (unsigned)number;
    size_t size = 0;
    if (number >= HEAD_1_BYTE) {
        unsigned log = number > UINT32_MAX ? 3 : number > UINT16_MAX ? 2 : number > UINT8_MAX ? 1 : 0;
        size = (size_t)1 << log;
        info = HEAD_1_BYTE + log;
        for (size_t i = 0; i < size; i++)
            bytes[size - i] = (uint8_t)(number >> (8 * i));
    }
    bytes[0] = (uint8_t)((unsigned)major << HEAD_SHIFT | info);
    head_write(w, bytes, size + 1);
}

static inline void head_put_double(struct head_writer *w, double value)
{
    uint8_t bytes[9] = { HEAD_DOUBLE };
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    for (size_t i = 0; i < 8; i++)
        bytes[8 - i] = (uint8_t)(bits >> (8 * i));
    head_write(w, bytes, sizeof(bytes));
}

static inline void head_put_simple(struct head_writer *w, uint8_t first)
{
    head_write(w, &first, 1);
}

/* --- reading: from memory that nobody else writes ----------------------------------------------------------------------- */

struct head_reader {
    const uint8_t *at;
    const uint8_t *end;
};

static inline size_t head_left(const struct head_reader *r)
{
    return (size_t)(r->end - r->at);
}

/*
 * Takes a head: its first byte and its number (of a float: its bits). False when it is cut, indefinite or reserved, or when a
 * number is not in its shortest form, so that a value has one encoding.
 */
static inline bool head_take(struct head_reader *r, uint8_t *first, uint64_t *number)
{
    if (r->at == r->end)
        return false;
    *first = *r->at++;
    unsigned info = *first & HEAD_INFO;
    if (info < HEAD_1_BYTE) {
        *number = info;
        return true;
    }
    if (info > HEAD_8_BYTES)
        return false;
    size_t size = (size_t)1 << (info - HEAD_1_BYTE);
    if (head_left(r) < size)
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n = n << 8 | *r->at++;
    *number = n;
    return *first >> HEAD_SHIFT == HEAD_SIMPLE || n >= (size == 1 ? HEAD_1_BYTE : (uint64_t)1 << (size * 4));
}

#endif
