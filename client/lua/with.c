/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.with and session:with: calls with options. */
#include <string.h>

#include "client/lua/tee.h"

#define MS_PER_SECOND 1000.0

static uint32_t check_deadline(lua_State *L)
{
    lua_Number seconds = lua_tonumber(L, -1);
    /* The comparison is false for NaN, too. */
    if (lua_type(L, -1) != LUA_TNUMBER || !(seconds > 0 && seconds * MS_PER_SECOND < UINT32_MAX))
        luaL_error(L, "tee.with: 'deadline' must be a number of seconds above 0");
    uint32_t ms = (uint32_t)(seconds * MS_PER_SECOND);
    return ms > 0 ? ms : 1;
}

/* Upvalues of the functions: the session's value or nil, the deadline. */

static struct tee_session *session_of(lua_State *L)
{
    return lua_isnil(L, lua_upvalueindex(1)) ? tee_session_default(L) : tee_session_check(L, lua_upvalueindex(1));
}

static uint32_t deadline_of(lua_State *L)
{
    return (uint32_t)lua_tointeger(L, lua_upvalueindex(2));
}

/* A function of the TEE has its own session. */
static int call(lua_State *L)
{
    if (lua_isfunction(L, 1))
        return tee_call_function(L, lua_isnil(L, lua_upvalueindex(1)) ? NULL : session_of(L), deadline_of(L));
    return tee_session_call(L, session_of(L), 1, deadline_of(L));
}

static int import(lua_State *L)
{
    return tee_session_import(L, session_of(L), 1, deadline_of(L));
}

int tee_session_with(lua_State *L, int session, int index)
{
    static const luaL_Reg functions[] = { { "call", call }, { "import", import }, { NULL, NULL } };
    uint32_t deadline = 0;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
        if (strcmp(name, "deadline") != 0)
            luaL_error(L, "tee.with: there is no option '%s'; it takes deadline", name);
        deadline = check_deadline(L);
    }
    luaL_newlibtable(L, functions);
    if (session == 0)
        lua_pushnil(L);
    else
        lua_pushvalue(L, session);
    lua_pushinteger(L, deadline);
    luaL_setfuncs(L, functions, 2);
    return 1;
}
