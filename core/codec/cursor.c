/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/cursor.h"

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

static uint64_t read_head(struct cursor *c, enum head_major major)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(c, &first, &number))
        return 0;
    if (first >> HEAD_SHIFT == major)
        return number;
    cursor_fail(c, CURSOR_UNEXPECTED);
    return 0;
}

static void expect_head(struct cursor *c, enum head_major major, uint64_t number)
{
    if (read_head(c, major) != number)
        cursor_fail(c, CURSOR_UNEXPECTED);
}

void cursor_expect_array(struct cursor *c, uint64_t count)
{
    expect_head(c, HEAD_ARRAY, count);
}

void cursor_expect_map(struct cursor *c, uint64_t pairs)
{
    expect_head(c, HEAD_MAP, pairs);
}

void cursor_expect_tag(struct cursor *c, uint64_t tag)
{
    expect_head(c, HEAD_TAG, tag);
}

uint64_t cursor_array(struct cursor *c)
{
    return read_head(c, HEAD_ARRAY);
}

uint64_t cursor_map(struct cursor *c)
{
    return read_head(c, HEAD_MAP);
}

void cursor_expect_int(struct cursor *c, int64_t value)
{
    if (value >= 0)
        expect_head(c, HEAD_UNSIGNED, (uint64_t)value);
    else
        expect_head(c, HEAD_NEGATIVE, (uint64_t)(-1 - value));
}

uint64_t cursor_uint(struct cursor *c)
{
    return read_head(c, HEAD_UNSIGNED);
}

bool cursor_bool(struct cursor *c)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(c, &first, &number))
        return false;
    if (first != HEAD_FALSE && first != HEAD_TRUE)
        cursor_fail(c, CURSOR_UNEXPECTED);
    return first == HEAD_TRUE;
}

bool cursor_tagged(struct cursor *c, uint64_t tag, uint64_t *number)
{
    struct cursor ahead = *c;
    uint8_t first;
    uint64_t found;
    if (cursor_left(c) == 0 || *c->next >> HEAD_SHIFT != HEAD_TAG || !cursor_head(&ahead, &first, &found) ||
        found != tag)
        return false;
    if (!cursor_head(&ahead, &first, number) || first >> HEAD_SHIFT != HEAD_UNSIGNED)
        return false;
    *c = ahead;
    return true;
}

bool cursor_nil(struct cursor *c)
{
    if (cursor_left(c) == 0 || *c->next != HEAD_NULL)
        return false;
    c->next++;
    return true;
}

static const void *read_string(struct cursor *c, enum head_major major, size_t min, size_t max, size_t *size)
{
    *size = 0;
    uint64_t length = read_head(c, major);
    if (c->failure != CURSOR_FINE)
        return NULL;
    if (length < min || length > max) {
        cursor_fail(c, CURSOR_UNEXPECTED);
        return NULL;
    }
    if (length > cursor_left(c)) {
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
    return read_string(c, HEAD_BYTES, min, max, size);
}

const char *cursor_text(struct cursor *c, size_t min, size_t max, size_t *size)
{
    return read_string(c, HEAD_TEXT, min, max, size);
}

const uint8_t *cursor_bytes_of(struct cursor *c, size_t size)
{
    size_t size_read;
    return read_string(c, HEAD_BYTES, size, size, &size_read);
}

/* Checks that at least one byte is left for each of `count` items. */
static bool has_bytes(struct cursor *c, uint64_t count)
{
    if (count <= cursor_left(c))
        return true;
    cursor_fail(c, CURSOR_TRUNCATED);
    return false;
}

void cursor_skip(struct cursor *c)
{
    uint8_t first;
    uint64_t number;
    /* items does not overflow: each head takes a byte, and adds at most twice the bytes that are left. */
    for (uint64_t items = 1; items > 0 && cursor_head(c, &first, &number); items--) {
        switch (first >> HEAD_SHIFT) {
        case HEAD_BYTES:
        case HEAD_TEXT:
            if (has_bytes(c, number))
                c->next += number;
            break;
        case HEAD_MAP:
            if (has_bytes(c, number))
                items += 2 * number;
            break;
        case HEAD_ARRAY:
            if (has_bytes(c, number))
                items += number;
            break;
        case HEAD_TAG:
            items++;
            break;
        default: /* the item is only a head */
            break;
        }
    }
}

bool cursor_finish(struct cursor *c)
{
    if (cursor_left(c) > 0)
        cursor_fail(c, CURSOR_UNEXPECTED);
    return c->failure == CURSOR_FINE;
}
