/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/key/der.h"

#include <string.h>

#define LONG_FORM 0x80u    /* from this value on, the first length byte is the number of those that follow */
#define LENGTH_BYTES_MAX 2 /* enough for any key */

void der_begin(struct der *d, const void *data, size_t size)
{
    *d = (struct der) { .next = data, .end = (const uint8_t *)data + size };
}

static const uint8_t *fail(struct der *d, size_t *size)
{
    d->failed = true;
    d->next = d->end;
    *size = 0;
    return d->end;
}

bool der_is(const struct der *d, enum der_tag tag)
{
    return d->next != d->end && *d->next == tag;
}

/* Reads the length of an item. Returns false when it is truncated, or not in its shortest form. */
static bool read_length(struct der *d, size_t *size)
{
    if (d->next == d->end)
        return false;
    size_t first = *d->next++, count = first - LONG_FORM;
    *size = first;
    if (first < LONG_FORM)
        return true;
    if (count == 0 || count > LENGTH_BYTES_MAX || count > (size_t)(d->end - d->next))
        return false;
    for (*size = 0; count > 0; count--)
        *size = *size << 8 | *d->next++;
    return *size >= (first == LONG_FORM + 1 ? LONG_FORM : 0x100);
}

const uint8_t *der_read(struct der *d, enum der_tag tag, size_t *size)
{
    if (!der_is(d, tag))
        return fail(d, size);
    d->next++;
    if (!read_length(d, size) || *size > (size_t)(d->end - d->next))
        return fail(d, size);
    const uint8_t *contents = d->next;
    d->next += *size;
    return contents;
}

struct der der_enter(struct der *d, enum der_tag tag)
{
    struct der inner;
    size_t size;
    const uint8_t *contents = der_read(d, tag, &size);
    der_begin(&inner, contents, size);
    inner.failed = d->failed;
    return inner;
}

const uint8_t *der_number(struct der *d, size_t *size)
{
    const uint8_t *number = der_read(d, DER_INTEGER, size);
    if (d->failed)
        return number;
    if (*size == 0 || number[0] & 0x80 || (*size > 1 && number[0] == 0 && !(number[1] & 0x80)))
        return fail(d, size);
    if (number[0] == 0) {
        number++;
        --*size;
    }
    return number;
}

const uint8_t *der_bits(struct der *d, size_t *size)
{
    const uint8_t *bits = der_read(d, DER_BIT_STRING, size);
    if (d->failed)
        return bits;
    if (*size == 0 || bits[0] != 0)
        return fail(d, size);
    --*size;
    return bits + 1;
}

void der_expect(struct der *d, const void *bytes, size_t size)
{
    size_t none;
    if ((size_t)(d->end - d->next) < size || memcmp(d->next, bytes, size) != 0)
        (void)fail(d, &none);
    else
        d->next += size;
}

bool der_finished(const struct der *d)
{
    return !d->failed && d->next == d->end;
}

void der_write_begin(struct der_writer *w, uint8_t *buffer, size_t size)
{
    *w = (struct der_writer) { .start = buffer, .at = buffer + size };
}

void der_put(struct der_writer *w, const void *bytes, size_t size)
{
    if (w->failed || (size_t)(w->at - w->start) < size) {
        w->failed = true;
        return;
    }
    w->at -= size;
    if (size > 0)
        memcpy(w->at, bytes, size);
}

void der_put_byte(struct der_writer *w, uint8_t byte)
{
    der_put(w, &byte, 1);
}

void der_wrap(struct der_writer *w, enum der_tag tag, const uint8_t *end)
{
    size_t size = (size_t)(end - w->at), rest = size, count = 0;
    if (size >= LONG_FORM) {
        for (; rest > 0; rest >>= 8, count++)
            der_put_byte(w, (uint8_t)rest);
        der_put_byte(w, (uint8_t)(LONG_FORM + count));
    } else {
        der_put_byte(w, (uint8_t)size);
    }
    der_put_byte(w, (uint8_t)tag);
}

void der_wrap_bits(struct der_writer *w, const uint8_t *end)
{
    der_put_byte(w, 0);
    der_wrap(w, DER_BIT_STRING, end);
}

void der_put_number(struct der_writer *w, const uint8_t *bytes, size_t size)
{
    const uint8_t *end = w->at;
    while (size > 0 && *bytes == 0) {
        bytes++;
        size--;
    }
    der_put(w, bytes, size);
    if (size == 0 || *bytes & 0x80)
        der_put_byte(w, 0);
    der_wrap(w, DER_INTEGER, end);
}
