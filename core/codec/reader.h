/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a message: a CBOR array whose items are taken one after the other. Each function takes the item it names and
 * moves on, or returns false and the message is bad: there is no way back and no need for one. Definite lengths only.
 */
#ifndef LUATEE_CORE_CODEC_READER_H
#define LUATEE_CORE_CODEC_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cbor.h"

struct reader {
    CborParser parser;
    CborValue message; /* the array */
    CborValue item;    /* the next item in it */
    const uint8_t *end;
};

/* data: must stay, unchanged, as long as the reader and what it gave out are used. */
bool reader_begin(struct reader *r, const void *data, size_t size);

/* Items left to take. */
size_t reader_left(const struct reader *r);

/* Strings are given out as pointers into data, without a NUL. */
bool reader_text(struct reader *r, const char **text, size_t *size);
bool reader_bytes(struct reader *r, const uint8_t **bytes, size_t *size);
bool reader_uint(struct reader *r, uint64_t *value);

/* True when the next item is nil, which is then taken; otherwise nothing is taken. */
bool reader_nil(struct reader *r);

/* True when every item was taken and nothing follows the message. */
bool reader_finished(struct reader *r);

/* The string at `it`, which moves on past it. type: CborTextStringType or CborByteStringType. */
bool reader_string_item(CborValue *it, CborType type, const void **data, size_t *size);

#endif
