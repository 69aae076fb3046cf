/* SPDX-License-Identifier: BSD-2-Clause */
/* The Lua module `tee`: its interface for C programs that embed Lua, and what its files share. */
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

/* --- for programs. They load the module first, with luaL_requiref(L, "tee", luaopen_tee, 0). */

LUATEE_API int luaopen_tee(lua_State *L);

/* Makes the session the default session of tee.call and tee.info. L owns it from now on, also when this function raises
 * Lua's memory error. */
void tee_set_default(lua_State *L, luatee_session *session);

/* If the value at index is the error that a trusted script raised last: pushes its traceback, and returns true.
 * Otherwise pushes nothing, and returns false. The traceback has the innermost function first. It begins with
 * "stack traceback in the TEE:"; or, when a function of the host raised the error, with "stack traceback in the
 * host:". */
bool tee_push_traceback(lua_State *L, int index);

/* Returns whether the value at index is the message of the last error for LUATEE_REFUSED. Raises nothing. */
bool tee_is_refusal(lua_State *L, int index);

/* --- session_object.c: a session as a Lua value */

struct tee_session {
    luatee_session *session;          /* NULL: closed */
    struct luatee_buffer response;    /* memory for the next call; empty during one */
    struct callbacks functions;       /* that cross by reference */
    struct luatee_borrowed *borrowed; /* of the session; NULL: closed */
    int calls;                        /* that run in the session, one inside the other */
};

/* Our tables of a session, by their indices in the table of core/codec/callback_registry.h. */
enum tee_table {
    TEE_SELF = CALLBACK_OTHERS, /* the session, so that its functions keep it alive */
    TEE_EXPORTS,                /* name -> function */
    TEE_MODULES,                /* name -> the value that tee.import returned */
};

/* Registers the metatable. */
void tee_session_register(lua_State *L);
/* Returns the session whose `functions` these are. */
struct tee_session *tee_session_of(const struct callbacks *f);
/* Pushes a closed session for tee_session_fill(). May raise a memory error, which tee_session_fill() cannot. */
struct tee_session *tee_session_push(lua_State *L);
/* Makes `self` the owner of the session. */
void tee_session_fill(struct tee_session *self, luatee_session *session);
/* Pushes a table of the session; or nil when it is closed. */
void tee_session_table(lua_State *L, struct tee_session *self, enum tee_table table);
/* Returns the open session at index. Raises an error for any other value. */
struct tee_session *tee_session_check(lua_State *L, int index);
/* Returns the open session at index, or NULL. */
struct tee_session *tee_session_test(lua_State *L, int index);
/* Pushes the default session, or nil. */
void tee_push_default(lua_State *L);
/* Returns the default session. Raises an error when there is none. */
struct tee_session *tee_session_default(lua_State *L);
/* Pushes a table with functions `call` and `import` that use the options in the table at index. session: the stack
 * index of their session; 0: they use the default session of that time. */
int tee_session_with(lua_State *L, int session, int index);

/* --- tee_info.c */

/* Pushes the table that tee.info returns. */
int tee_session_info(lua_State *L, struct tee_session *self);

/* --- tee_call.c */

/* Calls the trusted script whose name is at stack index `first`, with all values above it as arguments. Pushes its
 * results, and returns their number. deadline: in ms; 0: none. */
int tee_session_call(lua_State *L, struct tee_session *self, int first, uint32_t deadline);
/* tee.import: pushes the value of the trusted module whose name is at stack index `name`. */
int tee_session_import(lua_State *L, struct tee_session *self, int name, uint32_t deadline);
/* Calls the trusted function at stack index 1, with all values above it as arguments. self: the function must be of
 * this session; NULL: of any. */
int tee_call_function(lua_State *L, const struct tee_session *self, uint32_t deadline);
/* The C function of every proxy of a trusted function. */
int tee_call_proxy(lua_State *L);

/* --- raised.c */

/* Raises the value at -2, which a trusted script raised, and keeps it with its traceback at -1. */
int tee_raise(lua_State *L);
/* Raises an error of libluatee as a message with the caller's position. */
int tee_raise_error(lua_State *L, const luatee_error *error);
/* Makes room in the registry, so that tee_raise() needs no memory. */
void tee_raised_register(lua_State *L);

/* --- exports.c */

/* A call-host message (abi/messages.cddl). */
struct tee_question {
    struct tee_session *self;
    struct cursor *in; /* at the target */
    uint64_t count;    /* items, the target included */
    bool bad;          /* set when the message is malformed */
};
/* Runs the function that a struct tee_question calls: its argument, a light userdata. Returns what that function
 * returns. To be called with lua_pcall() and tee_export_explain() as its message handler. */
int tee_export_run(lua_State *L);
/* The message handler. Keeps the traceback, and improves the messages of errors about yielding. */
int tee_export_explain(lua_State *L);
/* Pushes the traceback of the last error of tee_export_run(), a string. Raises nothing. */
void tee_export_push_traceback(lua_State *L);

/* Exports the function at index + 1 under the name at index, or ends that export when it is nil. The table of exports
 * is on the top of the stack. Raises an error for a bad name or another value. */
void tee_exports_set(lua_State *L, int index);
/* Pushes the table of exports that all sessions have. */
void tee_exports_push(lua_State *L);
/* Makes the entries in the registry. */
void tee_exports_register(lua_State *L);

#endif
