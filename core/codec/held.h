/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions that this world has borrowed from the other one, by number, with a count of the holders of each. A
 * function without holders stays in the list until a message has released it to the other world.
 */
#ifndef LUATEE_CORE_CODEC_HELD_H
#define LUATEE_CORE_CODEC_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held_function {
    uint64_t number;
    uint32_t count;
    bool selected; /* the message that is being written releases it */
};

/* All zeros, except resize and resize_ctx, is an empty list. */
struct held {
    struct held_function *at; /* sorted by number */
    size_t count;
    size_t capacity;
    size_t idle; /* number of functions without holders */
    /* A lua_Alloc, and its ud. */
    void *(*resize)(void *ctx, void *block, size_t old_size, size_t new_size);
    void *resize_ctx;
};

/* Adds a holder. Returns false when LUATEE_FUNCTIONS_MAX functions are in the list, when there is no memory, or when
 * the function has 2^32 - 1 holders. */
bool held_add(struct held *h, uint64_t number);

/* Removes a holder. Ignores a function without holders. Never fails, and needs no memory: finalizers call this. */
void held_drop(struct held *h, uint64_t number);

/* Returns whether the function has holders. */
bool held_has(const struct held *h, uint64_t number);

/*
 * For a message that releases functions: held_select() selects all functions without holders, and returns their number.
 * held_next() returns the number of one selected function after the other, with *position = 0 at first, and 0 at the
 * end. When the message was delivered, held_forget_selected() removes them from the list. Otherwise they stay until the
 * next held_select(). A function that gets a holder again is not selected any more.
 */
size_t held_select(struct held *h);
uint64_t held_next(const struct held *h, size_t *position);
void held_forget_selected(struct held *h);

/* Frees the list, which is empty afterwards. */
void held_free(struct held *h);

#endif
