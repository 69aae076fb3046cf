/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/writer.h"

#include <string.h>

void writer_begin(struct writer *w, void *data, size_t room)
{
    w->begin = data;
    w->at = data;
    w->end = room > 0 ? (uint8_t *)data + room : data;
    w->missing = 0;
}

size_t writer_size(const struct writer *w)
{
    return (size_t)(w->at - w->begin) + w->missing;
}

bool writer_fits(const struct writer *w)
{
    return w->missing == 0;
}

void writer_raw(struct writer *w, const void *data, size_t size)
{
    if (size > (size_t)(w->end - w->at)) {
        w->missing += size;
        w->end = w->at;
        return;
    }
    if (size == 0) /* data and w->at may be NULL, which memcpy does not allow */
        return;
    memcpy(w->at, data, size);
    w->at += size;
}

/* Appends the byte `first`, and the number in `size` bytes, big-endian. */
static void write_number(struct writer *w, unsigned first, uint64_t number, size_t size)
{
    uint8_t bytes[HEAD_MAX];
    bytes[0] = (uint8_t)first;
    for (size_t i = size; i > 0; i--, number >>= 8)
        bytes[i] = (uint8_t)number;
    writer_raw(w, bytes, size + 1);
}

void writer_long_head(struct writer *w, enum head_major major, uint64_t number)
{
    unsigned first = (unsigned)major << HEAD_SHIFT;
    if (number < HEAD_1_BYTE) {
        write_number(w, first | (unsigned)number, 0, 0);
        return;
    }
    unsigned log = number > UINT32_MAX ? 3 : number > UINT16_MAX ? 2 : number > UINT8_MAX ? 1 : 0;
    write_number(w, first | (HEAD_1_BYTE + log), number, (size_t)1 << log);
}

void writer_uint(struct writer *w, uint64_t value)
{
    writer_head(w, HEAD_UNSIGNED, value);
}

void writer_int(struct writer *w, int64_t value)
{
    if (value >= 0)
        writer_head(w, HEAD_UNSIGNED, (uint64_t)value);
    else
        writer_head(w, HEAD_NEGATIVE, ~(uint64_t)value); /* -1 - value */
}

void writer_double(struct writer *w, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    write_number(w, HEAD_DOUBLE, bits, sizeof(bits));
}

void writer_bool(struct writer *w, bool value)
{
    writer_head(w, HEAD_SIMPLE, (value ? HEAD_TRUE : HEAD_FALSE) & HEAD_INFO);
}

void writer_nil(struct writer *w)
{
    writer_head(w, HEAD_SIMPLE, HEAD_NULL & HEAD_INFO);
}

void writer_bytes(struct writer *w, const void *data, size_t size)
{
    writer_head(w, HEAD_BYTES, size);
    writer_raw(w, data, size);
}

void writer_text(struct writer *w, const char *text, size_t size)
{
    writer_head(w, HEAD_TEXT, size);
    writer_raw(w, text, size);
}

void writer_textz(struct writer *w, const char *text)
{
    writer_text(w, text, strlen(text));
}

void writer_tagged(struct writer *w, uint64_t tag, uint64_t number)
{
    writer_head(w, HEAD_TAG, tag);
    writer_head(w, HEAD_UNSIGNED, number);
}

void writer_array(struct writer *w, uint64_t count)
{
    writer_head(w, HEAD_ARRAY, count);
}

void writer_map(struct writer *w, uint64_t pairs)
{
    writer_head(w, HEAD_MAP, pairs);
}

size_t writer_map_begin(struct writer *w)
{
    size_t begin = writer_size(w);
    writer_map(w, 0);
    return begin;
}

void writer_map_end(struct writer *w, size_t begin, uint64_t pairs)
{
    struct writer head;
    uint8_t bytes[HEAD_MAX];
    writer_begin(&head, bytes, sizeof(bytes));
    writer_map(&head, pairs);
    size_t size = writer_size(&head);
    if (w->missing > 0 || size - 1 > (size_t)(w->end - w->at)) {
        w->missing += size - 1;
        w->end = w->at;
        return;
    }
    uint8_t *at = w->begin + begin;
    if (size > 1)
        memmove(at + size, at + 1, (size_t)(w->at - at) - 1);
    memcpy(at, bytes, size);
    w->at += size - 1;
}
