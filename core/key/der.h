/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DER (ITU-T X.690, chapter 10): what keys and signatures need of it. Reading is strict: one encoding for each value.
 * The first thing that is not as expected sets `failed`; what is taken after it is empty.
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

void der_begin(struct der *d, const void *data, size_t size);

/* Is the next item one of this tag? */
bool der_is(const struct der *d, enum der_tag tag);

/* Takes an item; its contents. */
const uint8_t *der_take(struct der *d, enum der_tag tag, size_t *size);

/* Takes an item to read what is in it. */
struct der der_enter(struct der *d, enum der_tag tag);

/* Takes a whole number; big-endian, without zeros in front (nought: nothing). Fails on a negative one. */
const uint8_t *der_number(struct der *d, size_t *size);

/* Takes a bit string of whole bytes. */
const uint8_t *der_bits(struct der *d, size_t *size);

/* Takes exactly these bytes. */
void der_expect(struct der *d, const void *bytes, size_t size);

/* Is everything taken, and did nothing fail? */
bool der_finished(const struct der *d);

/* Writes from the end to the beginning, so that lengths are known when they are written. */
struct der_writer {
    uint8_t *start;
    uint8_t *at;
    bool failed; /* no room */
};

void der_write(struct der_writer *w, uint8_t *buffer, size_t room);
void der_put(struct der_writer *w, const void *bytes, size_t size);
void der_put_byte(struct der_writer *w, uint8_t byte);
/* Makes what was written since `end` was w->at the contents of an item. */
void der_wrap(struct der_writer *w, enum der_tag tag, const uint8_t *end);
/* The same of a bit string. */
void der_wrap_bits(struct der_writer *w, const uint8_t *end);
/* A whole number, big-endian. */
void der_put_number(struct der_writer *w, const uint8_t *bytes, size_t size);

#endif
