/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking values out. What is read here was written by values_put.c or passed values_check.c, so it is well-formed. */
#include "client/values.h"

/* Puts the cursor of the top level on the value that begins at `next`. */
static void point_at(luatee_values *values, const uint8_t *next)
{
    const uint8_t *end = values->buffer.data + values->buffer.size;
    if (values->left > 0 &&
        cbor_parser_init(next, (size_t)(end - next), 0, &values->parser, &values->at[0]) != CborNoError)
        luatee_values_stick(values, LUATEE_FAILED, "values: damaged");
}

void luatee_rewind(luatee_values *values)
{
    values->reading = true;
    values->level = 0;
    values->left = values->count;
    if (values->count > 0)
        point_at(values, values->buffer.data + values->start);
}

/* The cursor at the next value, or NULL when there is none. */
static CborValue *cursor(luatee_values *values)
{
    if (values->status != LUATEE_OK)
        return NULL;
    if (values->depth > 0) {
        luatee_values_stick(values, LUATEE_USAGE, "values: read before a list or map was ended");
        return NULL;
    }
    if (!values->reading)
        luatee_rewind(values);
    CborValue *it = &values->at[values->level];
    bool at_end = values->level == 0 ? values->left == 0 : cbor_value_at_end(it);
    return at_end ? NULL : it;
}

/* After the value under the cursor was stepped over: on the top level every value is parsed on its own. */
static void next_value(luatee_values *values)
{
    if (values->level > 0)
        return;
    values->left--;
    point_at(values, cbor_value_get_next_byte(&values->at[0]));
}

static luatee_kind kind_of(const CborValue *it)
{
    switch (cbor_value_get_type(it)) {
    case CborNullType:
        return LUATEE_NIL;
    case CborBooleanType:
        return LUATEE_BOOLEAN;
    case CborIntegerType:
        return LUATEE_INTEGER;
    case CborDoubleType:
        return LUATEE_DOUBLE;
    case CborByteStringType:
        return LUATEE_BYTES;
    case CborArrayType:
        return LUATEE_LIST;
    case CborMapType:
        return LUATEE_MAP;
    default:
        return LUATEE_END;
    }
}

luatee_kind luatee_next_kind(luatee_values *values)
{
    CborValue *it = cursor(values);
    return it == NULL ? LUATEE_END : kind_of(it);
}

/* The cursor at a value of this kind; otherwise a mistake sticks. */
static CborValue *expect(luatee_values *values, luatee_kind kind)
{
    CborValue *it = cursor(values);
    if (it != NULL && kind_of(it) == kind)
        return it;
    luatee_values_stick(values, LUATEE_USAGE,
                        it == NULL ? "values: one was read that is not there" :
                                     "values: one was read as another kind than it is");
    return NULL;
}

void luatee_skip(luatee_values *values)
{
    CborValue *it = cursor(values);
    if (it == NULL) {
        luatee_values_stick(values, LUATEE_USAGE, "values: one was read that is not there");
        return;
    }
    if (cbor_value_advance(it) == CborNoError)
        next_value(values);
    else
        luatee_values_stick(values, LUATEE_FAILED, "values: damaged");
}

bool luatee_get_boolean(luatee_values *values)
{
    bool value = false;
    CborValue *it = expect(values, LUATEE_BOOLEAN);
    if (it == NULL)
        return false;
    (void)cbor_value_get_boolean(it, &value);
    luatee_skip(values);
    return value;
}

int64_t luatee_get_integer(luatee_values *values)
{
    int64_t value = 0;
    CborValue *it = expect(values, LUATEE_INTEGER);
    if (it == NULL)
        return 0;
    (void)cbor_value_get_int64(it, &value);
    luatee_skip(values);
    return value;
}

double luatee_get_double(luatee_values *values)
{
    double value = 0;
    if (luatee_next_kind(values) == LUATEE_INTEGER)
        return (double)luatee_get_integer(values);
    CborValue *it = expect(values, LUATEE_DOUBLE);
    if (it == NULL)
        return 0;
    (void)cbor_value_get_double(it, &value);
    luatee_skip(values);
    return value;
}

const void *luatee_get_bytes(luatee_values *values, size_t *size)
{
    const void *bytes = NULL;
    *size = 0;
    CborValue *it = expect(values, LUATEE_BYTES);
    if (it == NULL)
        return NULL;
    CborValue string = *it;
    if (!reader_string_item(&string, CborByteStringType, &bytes, size)) {
        luatee_values_stick(values, LUATEE_FAILED, "values: damaged");
        return NULL;
    }
    luatee_skip(values);
    return bytes;
}

size_t luatee_enter(luatee_values *values)
{
    size_t count = 0;
    bool is_map = luatee_next_kind(values) == LUATEE_MAP;
    CborValue *it = expect(values, is_map ? LUATEE_MAP : LUATEE_LIST);
    if (it == NULL)
        return 0;
    if (is_map)
        (void)cbor_value_get_map_length(it, &count);
    else
        (void)cbor_value_get_array_length(it, &count);
    if (cbor_value_enter_container(it, it + 1) != CborNoError) {
        luatee_values_stick(values, LUATEE_FAILED, "values: damaged");
        return 0;
    }
    values->level++;
    return count;
}

void luatee_leave(luatee_values *values)
{
    if (values->status != LUATEE_OK)
        return;
    if (!values->reading || values->level == 0) {
        luatee_values_stick(values, LUATEE_USAGE, "values: left a list or map that was not entered");
        return;
    }
    /* The list is stepped over from outside: what was taken inside does not matter. */
    values->level--;
    luatee_skip(values);
}
