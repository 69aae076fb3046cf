/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of the TEE's objects that scripts hold: digests, MACs, derivations, keys, the open store.
 *
 * The invariant: memory safety never depends on a finalizer (docs/lua-heap.md lists all pointers concerned). Lua drops
 * a finalizer that it cannot call, without memory for its frame or at the end of the C stack, and still frees the
 * userdata. So records are outside the Lua heap, in memory of the session's allocator, and the session has a table of
 * them. A script holds a userdata that contains only a number and a generation. C code finds the record by these at
 * each use, and finds none when it is closed. __gc, __close and close() free the slot. After a lost finalizer, the
 * record stays until the session ends. Then C code releases each record once, without reading Lua's memory.
 */
#ifndef LUATEE_CORE_VM_HANDLE_H
#define LUATEE_CORE_VM_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "lua.h"

struct vm;

/* A type of records. It is a static constant, so that a script cannot replace its function. Its address identifies the
 * type. */
struct handle_type {
    const char *name;   /* the metatable's, in the registry */
    const char *plural; /* for messages */
    /* Releases the resources that the record has. Some may not be set yet: then they are zeros. */
    void (*release)(struct vm *vm, void *record);
};

/* The whole contents of a handle's userdata. A session never uses a generation twice; 0 means no record. */
struct handle_ref {
    uint64_t generation;
    uint32_t slot;
};

struct handle_slot {
    const struct handle_type *type; /* NULL: free */
    void *record;
    size_t size;
    uint64_t generation;
    size_t weight; /* approximate bytes that the TEE's kernel keeps for the record */
};

/* The table of a session. All zeros is an empty table. */
struct handles {
    struct handle_slot slots[LUATEE_HANDLES_MAX];
    uint64_t generation; /* the last one used */
    unsigned count;
    size_t weight;
};

/*
 * Pushes a userdata with `values` user values; it replaces its metatable on the top of the stack. Returns the record,
 * `size` bytes of zeros, whose address stays the same until it is closed. Raises an error when memory runs out, when
 * LUATEE_HANDLES_MAX records are open, or when all of them would weigh more than LUATEE_HANDLES_WEIGHT_MAX. Collects
 * garbage before raising an error.
 */
void *handle_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, int values);

/* Raises the error that handle_new would raise for the number of records or the weight; otherwise does nothing. */
void handle_reserve(lua_State *L, const struct handle_type *type, size_t weight);

/* Corrects the weight of the record of the userdata at idx. When it is too much, the record is closed, and an error is
 * raised. */
void handle_weigh(lua_State *L, int idx, const struct handle_type *type, size_t weight);

/* Returns the record of the userdata at idx; NULL when it is closed. Raises an error when the value is not a handle of
 * this type. */
void *handle_get(lua_State *L, int idx, const struct handle_type *type);

/* Returns the number and generation of the userdata at idx, for handle_close_ref. Raises an error as handle_get. */
struct handle_ref handle_ref(lua_State *L, int idx, const struct handle_type *type);

/* Releases and wipes the record of the userdata at idx, and frees its slot. Does nothing when the record is closed.
 * Raises an error as handle_get. */
void handle_close(lua_State *L, int idx, const struct handle_type *type);

/* Closes the record of a reference that C code keeps, as handle_close. Does nothing when it is closed. */
void handle_close_ref(struct vm *vm, struct handle_ref ref);

/* Releases and wipes all records. Does not access Lua's memory. */
void handle_close_all(struct vm *vm);

#endif
