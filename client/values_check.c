/* SPDX-License-Identifier: BSD-2-Clause */
/* Is it a value? The rules of abi/messages.cddl, for bytes that came from the other world. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/values.h"

/* A map's key, taken out of its encoding: the same key can be written in more than one way. */
struct key {
    luatee_kind kind;
    int64_t integer; /* also of a boolean */
    double number;
    const void *bytes;
    size_t size;
};

static bool check_integer(CborValue *it)
{
    uint64_t raw;
    (void)cbor_value_get_raw_integer(it, &raw);
    return raw <= INT64_MAX && cbor_value_advance_fixed(it) == CborNoError;
}

static bool take_key(CborValue *it, struct key *key)
{
    bool truth;
    *key = (struct key){ 0 };
    switch (cbor_value_get_type(it)) {
    case CborBooleanType:
        (void)cbor_value_get_boolean(it, &truth);
        key->kind = LUATEE_BOOLEAN;
        key->integer = truth;
        return cbor_value_advance_fixed(it) == CborNoError;
    case CborIntegerType:
        (void)cbor_value_get_int64(it, &key->integer);
        key->kind = LUATEE_INTEGER;
        return check_integer(it);
    case CborDoubleType:
        (void)cbor_value_get_double(it, &key->number);
        key->kind = LUATEE_DOUBLE;
        return !isnan(key->number) && cbor_value_advance_fixed(it) == CborNoError;
    case CborByteStringType:
        key->kind = LUATEE_BYTES;
        return reader_string_item(it, CborByteStringType, &key->bytes, &key->size);
    default:
        return false;
    }
}

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->integer != y->integer)
        return x->integer < y->integer ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return x->size == 0 ? 0 : memcmp(x->bytes, y->bytes, x->size);
}

bool luatee_keys_differ(const CborValue *map)
{
    CborValue it;
    size_t count, taken = 0;
    if (cbor_value_get_map_length(map, &count) != CborNoError || cbor_value_enter_container(map, &it) != CborNoError)
        return false;
    struct key *keys = calloc(count, sizeof(*keys));
    if (keys == NULL)
        return false;
    while (taken < count && take_key(&it, &keys[taken]) && cbor_value_advance(&it) == CborNoError)
        taken++;
    bool differ = taken == count;
    qsort(keys, taken, sizeof(*keys), compare_keys);
    for (size_t i = 1; i < taken && differ; i++)
        differ = compare_keys(&keys[i - 1], &keys[i]) != 0;
    free(keys);
    return differ;
}

/* An element of a list, or a value in a map. */
static bool check_element(CborValue *it, int depth)
{
    return !cbor_value_at_end(it) && !cbor_value_is_null(it) && luatee_value_check(it, depth);
}

static bool check_list(CborValue *it, int depth)
{
    CborValue item;
    if (!cbor_value_is_length_known(it) || cbor_value_enter_container(it, &item) != CborNoError)
        return false;
    while (!cbor_value_at_end(&item))
        if (!check_element(&item, depth))
            return false;
    return cbor_value_leave_container(it, &item) == CborNoError;
}

static bool check_map(CborValue *it, int depth)
{
    CborValue item;
    struct key key;
    size_t count;
    if (cbor_value_get_map_length(it, &count) != CborNoError || count == 0 ||
        cbor_value_enter_container(it, &item) != CborNoError)
        return false;
    while (!cbor_value_at_end(&item))
        if (!take_key(&item, &key) || !check_element(&item, depth))
            return false;
    /* Only now is the count more than a claim. */
    return luatee_keys_differ(it) && cbor_value_leave_container(it, &item) == CborNoError;
}

bool luatee_value_check(CborValue *it, int depth)
{
    const void *bytes;
    size_t size;
    switch (cbor_value_get_type(it)) {
    case CborNullType:
    case CborBooleanType:
    case CborDoubleType:
        return cbor_value_advance_fixed(it) == CborNoError;
    case CborIntegerType:
        return check_integer(it);
    case CborByteStringType:
        return reader_string_item(it, CborByteStringType, &bytes, &size);
    case CborArrayType:
        return depth < LUATEE_VALUE_DEPTH_MAX && check_list(it, depth + 1);
    case CborMapType:
        return depth < LUATEE_VALUE_DEPTH_MAX && check_map(it, depth + 1);
    default:
        return false;
    }
}
