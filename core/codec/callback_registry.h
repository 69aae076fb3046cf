/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that cross by reference, the same in both worlds. A function that crosses is lent: the sender keeps it
 * under a number, and the number crosses. The receiver creates a proxy for it, a function that calls back. A proxy that
 * is sent back arrives as the original function. A function that is sent twice arrives as the same proxy while that is
 * alive.
 */
#ifndef LUATEE_CORE_CODEC_CALLBACK_REGISTRY_H
#define LUATEE_CORE_CODEC_CALLBACK_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/codec.h"
#include "lua.h"

struct callbacks {
    struct codec_functions codec; /* for codec_encode and codec_decode; must be first */
    /* The C function of every proxy. Its upvalue 1 is an argument for callback_callee(). */
    lua_CFunction call;
    /* Pushes the table that callback_setup() created, or nil when the session is closed. */
    void (*push_tables)(lua_State *L, const struct callbacks *f);
    /* Count the proxies of a borrowed function (core/codec/held.h). Finalizers call drop. */
    bool (*hold)(struct callbacks *f, uint64_t number);
    void (*drop)(struct callbacks *f, uint64_t number);
    uint64_t last; /* the last number that a lent function got */
    uint32_t lent; /* functions that the other side has */
    uint32_t proxies;
    uint32_t proxies_max; /* with more proxies, callback_collect() collects garbage */
};

/* The first index in the table of callback_setup() that is free for the caller. Proxies keep the table alive. */
#define CALLBACK_OTHERS 4

/* Initializes f, and pushes a new table. The caller stores it where push_tables finds it. call: the C function of every
 * proxy. Raises memory errors. */
void callback_setup(lua_State *L, struct callbacks *f, lua_CFunction call);

/* Pushes the function that is lent under this number. Raises an error when there is none. */
void callback_push_lent(lua_State *L, struct callbacks *f, uint64_t number);

/* Ends the loan of the function with this number. Ignores a number of no function. Raises no errors. */
void callback_reclaim(lua_State *L, struct callbacks *f, uint64_t number);

/* Ends all loans with numbers above `mark`, an earlier value of f->last: their message was not delivered. Raises no
 * errors. */
void callback_roll_back(lua_State *L, struct callbacks *f, uint64_t mark);

/* Returns the owner of a proxy, and the number of its function. idx: of the proxy's upvalue 1, which is
 * lua_upvalueindex(1) inside f->call. Raises an error when the proxy was released or its session is closed. */
struct callbacks *callback_callee(lua_State *L, int idx, uint64_t *number);

/* Returns the owner of the proxy at idx, whose C function is `call`; or NULL when the value is not such a proxy. */
struct callbacks *callback_owner(lua_State *L, lua_CFunction call, int idx);

/* Implements tee.release: releases the proxy at idx, or ends the loan of the function at idx, even if they are still in
 * use. Raises an error when the value is not a function. */
void callback_release(lua_State *L, struct callbacks *f, int idx);

/* Collects garbage when there are more than f->proxies_max proxies, so that functions that are no longer used can be
 * released to the other side. Runs finalizers. */
void callback_collect(lua_State *L, struct callbacks *f);

#endif
