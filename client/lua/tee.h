/* SPDX-License-Identifier: BSD-2-Clause */
/* The Lua module `tee`: what it offers to a C program that embeds Lua, and what its files share. */
#ifndef LUATEE_CLIENT_LUA_TEE_H
#define LUATEE_CLIENT_LUA_TEE_H

#include <stdbool.h>

#include "client/base/buffer.h"
#include "client/engine/borrowed.h"
#include "core/codec/callback_registry.h"
#include "core/codec/cursor.h"
#include "lauxlib.h"
#include "lua.h"
#include "luatee/luatee.h"

/* --- for programs: load the module first, with luaL_requiref(L, "tee", luaopen_tee, 0). */

LUATEE_API int luaopen_tee(lua_State *L);

/* Makes the session the one that tee.call and tee.info use. It belongs to L from now on, even if memory runs out here,
 * which raises Lua's memory error. */
void tee_set_default(lua_State *L, luatee_session *session);

/* If the value at index is what a trusted script raised last: pushes the traceback that came with it and returns true.
 * Otherwise pushes nothing. It begins with "stack traceback in the TEE:", or with "... in the host:" and that of a
 * function of the host which raised the error; what called comes after what was called. */
bool tee_push_traceback(lua_State *L, int index);

/* True when the value at index is the message with which the TEE's last refusal was raised. Raises nothing. */
bool tee_is_refusal(lua_State *L, int index);

/* --- session_object.c: a session as a Lua value */

struct tee_session {
    luatee_session *session; /* NULL: closed */
    struct luatee_buffer response;
    struct callbacks functions; /* what crosses by reference */
    struct luatee_borrowed *borrowed; /* of the session; NULL: closed */
    int calls; /* that it is in */
};

/* Tables of a session that are not of core/codec/callback_registry.h, by their places in its table. */
enum tee_table {
    TEE_SELF = CALLBACK_OTHERS, /* the session: it lives as long as a function of it */
    TEE_EXPORTS,                 /* name -> function */
    TEE_MODULES,                 /* name -> what tee.import returned */
};

/* Registers the metatable. */
void tee_session_register(lua_State *L);
/* Returns the session whose `functions` these are. */
struct tee_session *tee_session_of(const struct callbacks *f);
/* Pushes a closed session, to be filled by tee_session_fill: memory is what may run out first. */
struct tee_session *tee_session_push(lua_State *L);
void tee_session_fill(struct tee_session *self, luatee_session *session);
/* Pushes one of its tables; or nil when it is closed. */
void tee_session_table(lua_State *L, struct tee_session *self, enum tee_table table);
/* The open session at index; anything else raises an error. */
struct tee_session *tee_session_check(lua_State *L, int index);
/* The open session at index, or NULL. */
struct tee_session *tee_session_test(lua_State *L, int index);
/* Pushes the default session's value, or nil. */
void tee_push_default(lua_State *L);
/* The default session, or an error that says how to get one. */
struct tee_session *tee_session_default(lua_State *L);
/* Pushes a table with functions `call` and `import` that obey the options in the table at index. For the session at
 * stack index `session`, or, if that is 0, for whatever is the default session when it is called. */
int tee_session_with(lua_State *L, int session, int index);
/* Pushes a table of what the TA says about itself. */
int tee_session_info(lua_State *L, struct tee_session *self);

/* --- tee_call.c */

/* Calls the trusted script whose name is at stack index `first`, with all values above as arguments. Pushes its results
 * and returns how many. deadline: in ms; 0: none. */
int tee_session_call(lua_State *L, struct tee_session *self, int first, uint32_t deadline);
/* tee.import: pushes what the trusted module at stack index `name` returned. */
int tee_session_import(lua_State *L, struct tee_session *self, int name, uint32_t deadline);
/* The same for the trusted function at stack index 1, with all values above. self: it must be of this session; NULL: of
 * any. */
int tee_call_function(lua_State *L, const struct tee_session *self, uint32_t deadline);
/* What a trusted function does when it is called. */
int tee_call_proxy(lua_State *L);

/* --- raised.c */

/* Raises the value at -2, which a trusted script raised, and keeps it with its traceback at -1. */
int tee_raise(lua_State *L);
/* Raises a failure of libluatee as a message with the caller's position. */
int tee_raise_error(lua_State *L, const luatee_error *error);
/* Makes room in the registry for what was raised last. */
void tee_raised_register(lua_State *L);

/* --- exports.c */

/* Runs protected, with tee_export_explain as its message handler. Argument: a struct tee_question, as a light userdata.
 * Returns what the function of the host returned. */
struct tee_question {
    struct tee_session *self;
    struct cursor *in; /* at the target */
    uint64_t count;    /* items, the target included */
    bool bad;              /* the message makes no sense */
};
int tee_export_run(lua_State *L);
int tee_export_explain(lua_State *L);
/* Pushes the traceback of the last error of tee_export_run, a string. Raises nothing. */
void tee_export_push_traceback(lua_State *L);

/* Keeps the function at index + 1, or nil, as what is exported under the name at index, in the table on the top. */
void tee_exports_set(lua_State *L, int index);
/* Pushes the table of exports for every session. */
void tee_exports_push(lua_State *L);
void tee_exports_register(lua_State *L);

#endif
