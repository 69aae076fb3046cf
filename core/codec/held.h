/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of the other world that this one has borrowed, by number, with how many times each is held. One that
 * nobody holds any more stays until a message has told the other world to let it go.
 */
#ifndef LUATEE_CORE_CODEC_HELD_H
#define LUATEE_CORE_CODEC_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held_function {
    uint64_t number;
    uint32_t count;
    bool leaving; /* the message that is being written says so */
};

/* Zero is an empty one. */
struct held {
    struct held_function *at; /* sorted by number */
    size_t count;
    size_t room;
    size_t idle; /* nobody holds them */
    /* A lua_Alloc. */
    void *(*resize)(void *ctx, void *block, size_t old_size, size_t new_size);
    void *resize_ctx;
};

/* Holds the function once (more). False: LUATEE_FUNCTIONS_MAX are held, or there is no memory. */
bool held_hold(struct held *h, uint64_t number);

/* Lets go of it once. Never fails, and takes no memory: finalizers call this. */
void held_drop(struct held *h, uint64_t number);

/* True when it is held. */
bool held_has(const struct held *h, uint64_t number);

/*
 * For a message: held_leave() picks those that nobody holds and says how many; held_next() gives their numbers, from
 * *position = 0 on, until it is 0. When the message got through, held_left() forgets them; otherwise they wait for the
 * next held_leave().
 */
size_t held_leave(struct held *h);
uint64_t held_next(const struct held *h, size_t *position);
void held_left(struct held *h);

void held_free(struct held *h);

#endif
