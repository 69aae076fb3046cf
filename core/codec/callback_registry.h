/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions by reference, the same in both worlds. A function that crosses is lent: kept under a number, which is what
 * crosses. The other side makes a proxy of it, a function that calls back. A proxy that goes home becomes the function
 * that it stands for, and the same function sent twice is the same proxy, as long as it lives.
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
    /* What a proxy does when it is called. Its upvalue 1 is for callback_callee(). */
    lua_CFunction call;
    /* Pushes the table that callback_setup() made; or nil when the session is closed. */
    void (*push_tables)(lua_State *L, const struct callbacks *f);
    /* The books of what is borrowed (core/codec/held.h). drop: called by finalizers. */
    bool (*hold)(struct callbacks *f, uint64_t number);
    void (*drop)(struct callbacks *f, uint64_t number);
    uint64_t last; /* number that was given last */
    uint32_t lent; /* functions that the other side has */
    uint32_t proxies;
    uint32_t proxies_max; /* more are a reason to collect garbage */
};

/* Fields from this on in the table are for whoever keeps it; proxies keep it alive. */
#define CALLBACK_OTHERS 4

/* Pushes the table of tables that push_tables has to find from now on. Raises memory errors. */
void callback_setup(lua_State *L, struct callbacks *f, lua_CFunction call);

/* Pushes the function that is lent under this number, or raises an error that says that there is none. */
void callback_push_lent(lua_State *L, struct callbacks *f, uint64_t number);
/* Takes back what was lent under this number. A number that stands for nothing is ignored. Raises nothing. */
void callback_take_back(lua_State *L, struct callbacks *f, uint64_t number);
/* The same for all that was lent after f->last was `mark`: their message did not get through. */
void callback_roll_back(lua_State *L, struct callbacks *f, uint64_t mark);

/* The number to call and whose it is, of the proxy whose upvalue 1 is at idx: inside f->call, that is
 * lua_upvalueindex(1). Raises an error when the proxy was released. */
struct callbacks *callback_callee(lua_State *L, int idx, uint64_t *number);

/* Whose proxy the value at idx is, among those that do `call`; NULL: it is none. */
struct callbacks *callback_owner(lua_State *L, lua_CFunction call, int idx);
/* tee.release: lets go of the function at idx, a proxy or one that is lent, whatever it still is used for. */
void callback_release(lua_State *L, struct callbacks *f, int idx);

/* When proxies have piled up: collects garbage, so that the other side can have back what nobody uses. Runs
 * finalizers. */
void callback_collect(lua_State *L, struct callbacks *f);

#endif
