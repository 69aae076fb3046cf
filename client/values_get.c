/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading values. values_put.c wrote them or values_check.c checked them, so they are well-formed. */
#include <string.h>

#include "client/values.h"

void luatee_rewind(luatee_values *values)
{
    size_t size;
    const uint8_t *bytes = luatee_values_bytes(values, &size);
    cursor_begin(&values->in, bytes, size);
    values->reading = true;
    values->level = 0;
    values->left[0] = values->count;
}

/* Returns whether there is a next value at this level. Moves the cursor to the first value when reading starts. */
static bool at_value(luatee_values *values)
{
    if (values->status != LUATEE_OK)
        return false;
    if (values->depth > 0) {
        luatee_values_stick(values, LUATEE_USAGE, "values: read before a list or map was ended");
        return false;
    }
    if (!values->reading)
        luatee_rewind(values);
    return values->left[values->level] > 0;
}

static luatee_kind kind_of(uint8_t first)
{
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
    case HEAD_NEGATIVE:
        return LUATEE_INTEGER;
    case HEAD_BYTES:
        return LUATEE_BYTES;
    case HEAD_ARRAY:
        return LUATEE_LIST;
    case HEAD_MAP:
        return LUATEE_MAP;
    case HEAD_TAG:
        return LUATEE_FUNCTION;
    default:
        return first == HEAD_NULL ? LUATEE_NIL : first == HEAD_DOUBLE ? LUATEE_DOUBLE : LUATEE_BOOLEAN;
    }
}

luatee_kind luatee_next_kind(luatee_values *values)
{
    return at_value(values) ? kind_of(*values->in.next) : LUATEE_END;
}

/* Reads the head of a value of this kind: its first byte and its number; of a double, the number is its bits. Records a
 * mistake, and returns false, when the next value is another one. */
static bool read_head(luatee_values *values, luatee_kind kind, uint8_t *first, uint64_t *number)
{
    luatee_kind found = luatee_next_kind(values);
    if (found == kind && cursor_head(&values->in, first, number)) {
        values->left[values->level]--;
        return true;
    }
    luatee_values_stick(values, LUATEE_USAGE,
                        found == LUATEE_END ? "values: read after the last value"
                                            : "values: a value was read as another kind than it is");
    return false;
}

void luatee_skip(luatee_values *values)
{
    if (!at_value(values)) {
        luatee_values_stick(values, LUATEE_USAGE, "values: read after the last value");
        return;
    }
    cursor_skip(&values->in);
    values->left[values->level]--;
}

bool luatee_get_boolean(luatee_values *values)
{
    uint8_t first;
    uint64_t number;
    return read_head(values, LUATEE_BOOLEAN, &first, &number) && first == HEAD_TRUE;
}

int64_t luatee_get_integer(luatee_values *values)
{
    uint8_t first;
    uint64_t number;
    if (!read_head(values, LUATEE_INTEGER, &first, &number))
        return 0;
    return first >> HEAD_SHIFT == HEAD_UNSIGNED ? (int64_t)number : -1 - (int64_t)number;
}

double luatee_get_double(luatee_values *values)
{
    uint8_t first;
    uint64_t bits;
    double value;
    if (luatee_next_kind(values) == LUATEE_INTEGER)
        return (double)luatee_get_integer(values);
    if (!read_head(values, LUATEE_DOUBLE, &first, &bits))
        return 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

const void *luatee_get_bytes(luatee_values *values, size_t *size)
{
    uint8_t first;
    uint64_t number;
    *size = 0;
    if (!read_head(values, LUATEE_BYTES, &first, &number))
        return NULL;
    const void *bytes = values->in.next;
    *size = (size_t)number;
    values->in.next += number;
    return bytes;
}

luatee_function *luatee_get_function(luatee_values *values)
{
    uint8_t first;
    uint64_t number; /* first of the tag, then of the function */
    if (!read_head(values, LUATEE_FUNCTION, &first, &number) || !cursor_head(&values->in, &first, &number))
        return NULL;
    luatee_function *function = luatee_function_new(values->borrowed, number);
    if (function == NULL)
        luatee_values_stick(values, LUATEE_FAILED, "out of memory");
    return function;
}

size_t luatee_enter(luatee_values *values)
{
    uint8_t first;
    uint64_t count;
    bool is_map = luatee_next_kind(values) == LUATEE_MAP;
    if (!read_head(values, is_map ? LUATEE_MAP : LUATEE_LIST, &first, &count))
        return 0;
    values->left[++values->level] = (size_t)(is_map ? 2 * count : count);
    return (size_t)count;
}

void luatee_leave(luatee_values *values)
{
    if (values->status != LUATEE_OK)
        return;
    if (!values->reading || values->level == 0) {
        luatee_values_stick(values, LUATEE_USAGE, "values: left a list or map that was not entered");
        return;
    }
    while (values->left[values->level] > 0)
        luatee_skip(values);
    values->level--;
}
