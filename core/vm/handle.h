/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of what scripts hold of the TEE: digests, MACs, derivations, keys, the open store.
 *
 * The invariant (docs/lua-heap.md has every pointer that it is about): nothing is safe only because a finalizer runs.
 * Lua drops a finalizer that it cannot call, without memory for its frame or where the C stack ends, and frees the
 * userdata all the same. So a record lies outside the Lua heap, in memory of the session's allocator, and the session
 * has a table of them. What a script holds is a userdata with a number and a generation and nothing else; C code looks
 * the record up each time, and finds none when it was closed. __gc, __close and close() free the slot. A finalizer that
 * is lost leaves the record where it is until the session ends, and that is all: then each record is released once, in
 * C, and Lua's memory is not looked at.
 */
#ifndef LUATEE_CORE_VM_HANDLE_H
#define LUATEE_CORE_VM_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "lua.h"

struct vm;

/* A type of records: a static constant, so that a script can put no other function in its place. Its address tells the
 * types apart. */
struct handle_type {
    const char *name;   /* of the metatable, in the registry */
    const char *plural; /* for messages */
    void (*release)(struct vm *vm, void *record); /* gives back what the record has, if it has it yet */
};

/* All that a userdata of a handle holds. The generation is a number that the session never gives twice; 0 is none. */
struct handle_ref {
    uint64_t generation;
    uint32_t slot;
};

struct handle_slot {
    const struct handle_type *type; /* NULL: free */
    void *record;
    size_t size;
    uint64_t generation;
    size_t weight; /* bytes that the TEE's kernel keeps for it, about */
};

/* Of a session; zero is an empty one. */
struct handles {
    struct handle_slot slots[LUATEE_HANDLES_MAX];
    uint64_t generation; /* given last */
    unsigned count;
    size_t weight;
};

/*
 * Pushes a userdata with `values` user values, in the place of its metatable, which is on the top of the stack. Returns
 * the record, `size` bytes of zeros: it stays where it is until it is closed. Raises an error when memory runs out,
 * when LUATEE_HANDLES_MAX are open, or when all of them would weigh more than LUATEE_HANDLES_WEIGHT_MAX; garbage is
 * collected before that.
 */
void *handle_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, int values);

/* Raises the error that handle_new would raise for the weight. */
void handle_reserve(lua_State *L, const struct handle_type *type, size_t weight);

/* Corrects the weight of the record of the userdata at idx. When it is too much, the record is closed, and an error is
 * raised. */
void handle_weigh(lua_State *L, int idx, const struct handle_type *type, size_t weight);

/* The record of the userdata at idx; NULL: it is closed. Raises an error when the value is no handle of this type. */
void *handle_get(lua_State *L, int idx, const struct handle_type *type);

/* The number and generation of the userdata at idx, for handle_close_ref. Raises an error as handle_get. */
struct handle_ref handle_ref(lua_State *L, int idx, const struct handle_type *type);

/* Releases the record of the userdata at idx, wipes it and frees the slot. Nothing happens when it is closed. Raises an
 * error as handle_get. */
void handle_close(lua_State *L, int idx, const struct handle_type *type);

/* The same for the record that C code remembers. */
void handle_close_ref(struct vm *vm, struct handle_ref ref);

/* Releases all. Touches no memory of Lua's. */
void handle_close_all(struct vm *vm);

#endif
