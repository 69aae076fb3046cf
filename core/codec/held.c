/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/held.h"

#include <string.h>

#include "abi/limits.h"

#define ROOM_MIN 8

/* Where the function is, or where it would have to be. */
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

static bool make_room(struct held *h)
{
    if (h->count < h->room)
        return true;
    if (h->count >= LUATEE_FUNCTIONS_MAX)
        return false;
    size_t room = h->room ? 2 * h->room : ROOM_MIN;
    struct held_function *at = h->resize(h->resize_ctx, h->at, h->room * sizeof(*at), room * sizeof(*at));
    if (!at)
        return false;
    h->at = at;
    h->room = room;
    return true;
}

bool held_hold(struct held *h, uint64_t number)
{
    struct held_function *function = get(h, number);
    if (function) {
        if (function->count == UINT32_MAX)
            return false;
        h->idle -= function->count == 0;
        function->count++;
        function->leaving = false; /* it was on its way, in a message that did not get through */
        return true;
    }
    if (!make_room(h))
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

size_t held_leave(struct held *h)
{
    if (h->idle > 0)
        for (size_t i = 0; i < h->count; i++)
            h->at[i].leaving = h->at[i].count == 0;
    return h->idle;
}

uint64_t held_next(const struct held *h, size_t *position)
{
    while (h->idle > 0 && *position < h->count) {
        const struct held_function *function = &h->at[(*position)++];
        if (function->leaving)
            return function->number;
    }
    return 0;
}

void held_left(struct held *h)
{
    size_t kept = 0;
    if (h->idle == 0)
        return;
    for (size_t i = 0; i < h->count; i++)
        if (!h->at[i].leaving)
            h->at[kept++] = h->at[i];
    h->idle -= h->count - kept;
    h->count = kept;
}

void held_free(struct held *h)
{
    if (h->at)
        h->resize(h->resize_ctx, h->at, h->room * sizeof(*h->at), 0);
    h->at = NULL;
    h->count = 0;
    h->room = 0;
    h->idle = 0;
}
