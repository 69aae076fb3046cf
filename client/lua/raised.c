/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors of calls, as Lua errors. The registry keeps the last one, for its traceback. */
#include <string.h>

#include "client/lua/tee.h"

/* Their addresses are the registry's keys for the last error value of the TEE, and its traceback. */
static const char raised_value_key;
static const char raised_traceback_key;

/* The key for the message of the last refusal. */
static const char refused_key;

int tee_raise(lua_State *L)
{
    static const char heading[] = "stack traceback:";
    const char *text = lua_tostring(L, -1);
    if (strncmp(text, heading, sizeof(heading) - 1) == 0) {
        lua_pushliteral(L, "stack traceback in the TEE:");
        lua_pushstring(L, text + sizeof(heading) - 1);
        lua_concat(L, 2);
        lua_replace(L, -2);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_traceback_key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    return lua_error(L);
}

int tee_raise_error(lua_State *L, const luatee_error *error)
{
    luaL_where(L, 1);
    lua_pushstring(L, luatee_error_message(error));
    lua_concat(L, 2);
    if (luatee_error_status(error) == LUATEE_REFUSED) {
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &refused_key);
    }
    return lua_error(L);
}

bool tee_is_refusal(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &refused_key);
    bool same = lua_type(L, -1) == LUA_TSTRING && lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return same;
}

void tee_raised_register(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_traceback_key);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &refused_key);
}

bool tee_push_traceback(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    bool same = lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    if (!same)
        return false;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &raised_traceback_key) == LUA_TSTRING)
        return true;
    lua_pop(L, 1);
    return false;
}
