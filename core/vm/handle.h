/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handles of the TEE (operations, objects) that scripts hold. They live outside the vm's allocator, so the vm keeps a
 * list of them: what a script does not close, the collector does, and what that has not found yet, the end of the
 * session.
 */
#ifndef LUATEE_CORE_VM_HANDLE_H
#define LUATEE_CORE_VM_HANDLE_H

#include "lua.h"

struct vm;

/* Part of a userdata, zeroed at first. */
struct handle {
    struct handle *next;
    struct handle **link; /* what points here; NULL: not in the list */
    void (*release)(struct handle *h);
};

/* Makes sure that there may be one more, collecting garbage if need be; raises an error when LUATEE_HANDLES_MAX are
 * open. */
void handle_reserve(lua_State *L);

/* Puts a handle that was just opened into the list of L's vm. release: gives it back to the TEE; called once. */
void handle_keep(lua_State *L, struct handle *h, void (*release)(struct handle *h));

/* Releases it. Does nothing when it is not in the list (any more). */
void handle_end(lua_State *L, struct handle *h);

/* Releases all. */
void handle_end_all(struct vm *vm);

#endif
