/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks values that came from the TEE: the rules of abi/messages.cddl. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "abi/commands.h"
#include "client/values.h"

/* An encoded key of a map. A key has one encoding, so equal keys are equal bytes. */
struct key {
    const uint8_t *at;
    size_t size;
};

static bool skip_bytes(struct cursor *in, uint64_t size)
{
    if (size > cursor_left(in))
        return false;
    in->next += size;
    return true;
}

/* A key in Lua is neither NaN nor a float that equals an integer (Lua 5.4 manual, 2.1). */
static bool is_double_key(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof(number));
    return !isnan(number) && !luatee_is_integral(number);
}

static bool read_key(struct cursor *in, struct key *key)
{
    uint8_t first;
    uint64_t number;
    bool ok = false;
    key->at = in->next;
    if (!cursor_head(in, &first, &number))
        return false;
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
    case HEAD_NEGATIVE:
        ok = number <= INT64_MAX;
        break;
    case HEAD_BYTES:
        ok = skip_bytes(in, number);
        break;
    case HEAD_SIMPLE:
        ok = first == HEAD_TRUE || first == HEAD_FALSE || (first == HEAD_DOUBLE && is_double_key(number));
        break;
    default:
        break;
    }
    key->size = (size_t)(in->next - key->at);
    return ok;
}

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return memcmp(x->at, y->at, x->size);
}

bool luatee_keys_differ(struct cursor entries, size_t count)
{
    size_t read = 0;
    struct key *keys = calloc(count, sizeof(*keys));
    if (keys == NULL)
        return false;
    while (read < count && read_key(&entries, &keys[read])) {
        cursor_skip(&entries);
        read++;
    }
    bool differ = read == count;
    qsort(keys, read, sizeof(*keys), compare_keys);
    for (size_t i = 1; i < read && differ; i++)
        differ = compare_keys(&keys[i - 1], &keys[i]) != 0;
    free(keys);
    return differ;
}

/* Checks an element of a list, or a value in a map. */
static bool check_element(luatee_values *values, struct cursor *in, int depth)
{
    return !cursor_nil(in) && luatee_value_check(values, in, depth);
}

static bool check_list(luatee_values *values, struct cursor *in, uint64_t count, int depth)
{
    for (uint64_t i = 0; i < count; i++)
        if (!check_element(values, in, depth))
            return false;
    return true;
}

static bool check_map(luatee_values *values, struct cursor *in, uint64_t count, int depth)
{
    struct key key;
    struct cursor entries = *in;
    if (count == 0)
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!read_key(in, &key) || !check_element(values, in, depth))
            return false;
    /* The entries exist, so `count` is not too large for memory. */
    return luatee_keys_differ(entries, (size_t)count);
}

static bool check_function(luatee_values *values, struct cursor *in, uint64_t tag)
{
    uint8_t first;
    uint64_t number;
    return tag == LUATEE_TAG_TEE_FUNCTION && values->borrowed != NULL && cursor_head(in, &first, &number) &&
           first >> HEAD_SHIFT == HEAD_UNSIGNED && number > 0 && number <= INT64_MAX &&
           luatee_values_hold(values, values->borrowed, number);
}

bool luatee_value_check(luatee_values *values, struct cursor *in, int depth)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(in, &first, &number))
        return false;
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
    case HEAD_NEGATIVE:
        return number <= INT64_MAX;
    case HEAD_BYTES:
        return skip_bytes(in, number);
    case HEAD_ARRAY:
        return depth < LUATEE_VALUE_DEPTH_MAX && check_list(values, in, number, depth + 1);
    case HEAD_MAP:
        return depth < LUATEE_VALUE_DEPTH_MAX && check_map(values, in, number, depth + 1);
    case HEAD_TAG:
        return check_function(values, in, number);
    case HEAD_SIMPLE:
        return first == HEAD_NULL || first == HEAD_FALSE || first == HEAD_TRUE || first == HEAD_DOUBLE;
    default:
        return false;
    }
}
