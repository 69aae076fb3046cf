/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/cursor.h"

/* The head of an item: three bits of major type, five of additional information (RFC 8949, section 3). */
enum major { UNSIGNED = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6, SIMPLE = 7 };
#define MAJOR_SHIFT 5
#define INFO_MASK 0x1fu
#define INFO_1_BYTE 24 /* the number follows in 1, 2, 4, 8 bytes; below this, the information is the number */
#define INFO_8_BYTES 27
#define SIMPLE_FALSE 20
#define SIMPLE_TRUE 21

void cursor_begin(struct cursor *c, const uint8_t *data, size_t size)
{
    *c = (struct cursor) { .next = data, .end = size == 0 ? data : data + size, .failure = CURSOR_FINE };
}

void cursor_fail(struct cursor *c, enum cursor_failure failure)
{
    if (c->failure == CURSOR_FINE)
        c->failure = failure;
    c->next = c->end;
}

static size_t left(const struct cursor *c)
{
    return (size_t)(c->end - c->next);
}

/* The number behind a head's first byte. */
static uint64_t take_number(struct cursor *c, unsigned info)
{
    if (info < INFO_1_BYTE)
        return info;
    if (info > INFO_8_BYTES) {
        cursor_fail(c, CURSOR_NOT_SHORTEST);
        return 0;
    }
    size_t size = (size_t)1 << (info - INFO_1_BYTE);
    if (left(c) < size) {
        cursor_fail(c, CURSOR_TRUNCATED);
        return 0;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | *c->next++;
    /* Would half as many bytes hold it? A single one holds what the head itself could not. */
    uint64_t smallest = size == 1 ? INFO_1_BYTE : (uint64_t)1 << (size * 4);
    if (number < smallest) {
        cursor_fail(c, CURSOR_NOT_SHORTEST);
        return 0;
    }
    return number;
}

static uint64_t take_head(struct cursor *c, enum major major)
{
    if (c->failure != CURSOR_FINE)
        return 0;
    if (left(c) == 0) {
        cursor_fail(c, CURSOR_TRUNCATED);
        return 0;
    }
    unsigned first = *c->next++;
    if (first >> MAJOR_SHIFT != major) {
        cursor_fail(c, CURSOR_UNEXPECTED);
        return 0;
    }
    return take_number(c, first & INFO_MASK);
}

static void expect_head(struct cursor *c, enum major major, uint64_t number)
{
    if (take_head(c, major) != number)
        cursor_fail(c, CURSOR_UNEXPECTED);
}

void cursor_expect_array(struct cursor *c, uint64_t count)
{
    expect_head(c, ARRAY, count);
}

void cursor_expect_map(struct cursor *c, uint64_t pairs)
{
    expect_head(c, MAP, pairs);
}

void cursor_expect_tag(struct cursor *c, uint64_t tag)
{
    expect_head(c, TAG, tag);
}

uint64_t cursor_array(struct cursor *c)
{
    return take_head(c, ARRAY);
}

uint64_t cursor_map(struct cursor *c)
{
    return take_head(c, MAP);
}

void cursor_expect_int(struct cursor *c, int64_t value)
{
    if (value >= 0)
        expect_head(c, UNSIGNED, (uint64_t)value);
    else
        expect_head(c, NEGATIVE, (uint64_t)(-1 - value));
}

uint64_t cursor_uint(struct cursor *c)
{
    return take_head(c, UNSIGNED);
}

bool cursor_bool(struct cursor *c)
{
    uint64_t simple = take_head(c, SIMPLE);
    if (simple != SIMPLE_FALSE && simple != SIMPLE_TRUE)
        cursor_fail(c, CURSOR_UNEXPECTED);
    return simple == SIMPLE_TRUE;
}

static const void *take_string(struct cursor *c, enum major major, size_t min, size_t max, size_t *size)
{
    *size = 0;
    uint64_t length = take_head(c, major);
    if (c->failure != CURSOR_FINE)
        return NULL;
    if (length < min || length > max) {
        cursor_fail(c, CURSOR_UNEXPECTED);
        return NULL;
    }
    if (length > left(c)) {
        cursor_fail(c, CURSOR_TRUNCATED);
        return NULL;
    }
    const uint8_t *string = c->next;
    c->next += length;
    *size = (size_t)length;
    return string;
}

const uint8_t *cursor_bytes(struct cursor *c, size_t min, size_t max, size_t *size)
{
    return take_string(c, BYTES, min, max, size);
}

const char *cursor_text(struct cursor *c, size_t min, size_t max, size_t *size)
{
    return take_string(c, TEXT, min, max, size);
}

const uint8_t *cursor_bytes_of(struct cursor *c, size_t size)
{
    size_t taken;
    return take_string(c, BYTES, size, size, &taken);
}

bool cursor_finish(struct cursor *c)
{
    if (left(c) > 0)
        cursor_fail(c, CURSOR_UNEXPECTED);
    return c->failure == CURSOR_FINE;
}
