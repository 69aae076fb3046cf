/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/held.h"

#include <string.h>

#include "abi/limits.h"

#define CAPACITY_MIN 8

/* Returns the index of the function, or the index at which to insert it. */
static size_t find(const struct held *h, uint64_t number)
{
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->at[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct held_function *get(const struct held *h, uint64_t number)
{
    size_t i = find(h, number);
    return i < h->count && h->at[i].number == number ? &h->at[i] : NULL;
}

static bool grow(struct held *h)
{
    if (h->count < h->capacity)
        return true;
    if (h->count >= LUATEE_FUNCTIONS_MAX)
        return false;
    size_t capacity = h->capacity ? 2 * h->capacity : CAPACITY_MIN;
    struct held_function *at = h->resize(h->resize_ctx, h->at, h->capacity * sizeof(*at), capacity * sizeof(*at));
    if (!at)
        return false;
    h->at = at;
    h->capacity = capacity;
    return true;
}

bool held_add(struct held *h, uint64_t number)
{
    struct held_function *function = get(h, number);
    if (function) {
        if (function->count == UINT32_MAX)
            return false;
        h->idle -= function->count == 0;
        function->count++;
        function->selected = false; /* the message that releases it was not delivered */
        return true;
    }
    if (!grow(h))
        return false;
    size_t i = find(h, number);
    memmove(&h->at[i + 1], &h->at[i], (h->count - i) * sizeof(*h->at));
    h->at[i] = (struct held_function){ .number = number, .count = 1 };
    h->count++;
    return true;
}

void held_drop(struct held *h, uint64_t number)
{
    struct held_function *function = get(h, number);
    if (function && function->count > 0 && --function->count == 0)
        h->idle++;
}

bool held_has(const struct held *h, uint64_t number)
{
    const struct held_function *function = get(h, number);
    return function && function->count > 0;
}

size_t held_select(struct held *h)
{
    if (h->idle > 0)
        for (size_t i = 0; i < h->count; i++)
            h->at[i].selected = h->at[i].count == 0;
    return h->idle;
}

uint64_t held_next(const struct held *h, size_t *position)
{
    while (h->idle > 0 && *position < h->count) {
        const struct held_function *function = &h->at[(*position)++];
        if (function->selected)
            return function->number;
    }
    return 0;
}

void held_forget_selected(struct held *h)
{
    size_t kept = 0;
    if (h->idle == 0)
        return;
    for (size_t i = 0; i < h->count; i++)
        if (!h->at[i].selected)
            h->at[kept++] = h->at[i];
    h->idle -= h->count - kept;
    h->count = kept;
}

void held_free(struct held *h)
{
    if (h->at)
        h->resize(h->resize_ctx, h->at, h->capacity * sizeof(*h->at), 0);
    h->at = NULL;
    h->count = 0;
    h->capacity = 0;
    h->idle = 0;
}
