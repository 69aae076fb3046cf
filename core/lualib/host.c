/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/host.h"

#include "abi/name.h"
#include "core/vm/host_call.h"
#include "core/vm/call.h"
#include "lauxlib.h"

#define HOST_TYPE "tee.host"

/* Calls an export of the host. Upvalue 1: its name. */
static int host_call(lua_State *L)
{
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    if (!vm_granted_host(L, name))
        return luaL_error(
            L, "permission to call host function `%s` is not granted in manifest.lua: add it to permissions.host",
            name);
    return host_call_start(L, name, 0);
}

/* tee.host.NAME: returns a function. A call of it checks the permission, and whether the host has such an export. */
static int host_index(lua_State *L)
{
    size_t size;
    const char *name = luaL_checklstring(L, 2, &size);
    if (!luatee_name_valid(name, size))
        return luaL_error(L,
                          "invalid name of a host function: 1 to %d of A-Z a-z 0-9 _ - . and no leading dot expected",
                          LUATEE_NAME_MAX);
    lua_settop(L, 2);
    lua_pushcclosure(L, host_call, 1);
    return 1;
}

static int host_newindex(lua_State *L)
{
    return luaL_error(L, "tee.host is read-only: it has the exports of the host");
}

static int release(lua_State *L)
{
    callback_release(L, &calls_of(L)->callbacks, 1);
    return 0;
}

void host_bind(lua_State *L, int idx)
{
    static const luaL_Reg methods[] = {
        { "__index", host_index },
        { "__newindex", host_newindex },
        { NULL, NULL },
    };
    idx = lua_absindex(L, idx);
    /* A userdata instead of a table: scripts share it, and with rawset one could change a table for the others. */
    lua_newuserdatauv(L, 0, 0);
    luaL_newmetatable(L, HOST_TYPE);
    luaL_setfuncs(L, methods, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setfield(L, idx, "host");
    lua_pushcfunction(L, release);
    lua_setfield(L, idx, "release");
}
