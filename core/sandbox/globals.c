/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/globals.h"

#include "core/lualib/host.h"
#include "core/lualib/service.h"
#include "core/sandbox/basic.h"
#include "core/sandbox/coroutine.h"
#include "core/sandbox/script.h"
#include "lauxlib.h"
#include "lualib.h"
#include "port/lua/clone.h"

/* Key in the registry: the template of globals, which contains the library tables under their names. */
static const char key_template;

static const luaL_Reg libraries[] = {
    { LUA_STRLIBNAME, luaopen_string }, { LUA_TABLIBNAME, luaopen_table }, { LUA_MATHLIBNAME, luaopen_math },
    { LUA_UTF8LIBNAME, luaopen_utf8 },  { LUA_COLIBNAME, coroutine_open },
};
#define LIBRARY_COUNT (sizeof(libraries) / sizeof(libraries[0]))

/* The functions of Lua's own base library that scripts can use. basic.c replaces others; the rest is left out. */
static const char *const base_names[] = {
    "_VERSION", "assert", "error",  "getmetatable", "ipairs", "next",     "pairs",    "rawequal",
    "rawget",   "rawlen", "rawset", "select",       "tonumber", "tostring", "type",
};

/* The string metatable is shared by all scripts of the state: its methods are a copy that no script can reach and
 * change. */
static void seal_string_metatable(lua_State *L, int strings)
{
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    clone_table(L, strings);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

void globals_setup(lua_State *L)
{
    int top = lua_gettop(L);
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    lua_createtable(L, 0, 32);
    int template = lua_gettop(L);
    for (size_t i = 0; i < sizeof(base_names) / sizeof(base_names[0]); i++) {
        lua_getfield(L, top + 1, base_names[i]);
        lua_setfield(L, template, base_names[i]);
    }
    basic_setup(L, top + 1, template);
    for (size_t i = 0; i < LIBRARY_COUNT; i++) {
        /* Also in the registry's table of loaded libraries: tracebacks find the names of functions there. */
        luaL_requiref(L, libraries[i].name, libraries[i].func, 0);
        lua_setfield(L, template, libraries[i].name);
    }
    lua_getfield(L, template, LUA_STRLIBNAME);
    lua_pushnil(L);
    lua_setfield(L, -2, "dump");
    seal_string_metatable(L, lua_gettop(L));
    /* These are bound to each copy. In the template they only reserve their places. */
    lua_pushboolean(L, 0);
    lua_setfield(L, template, LUA_GNAME);
    basic_bind(L, template);
    script_bind(L, template, 0);
    lua_getfield(L, template, "tee");
    host_bind(L, -1);
    service_setup(L);
    lua_pushvalue(L, template);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_template);
    lua_settop(L, top);
}

void globals_push(lua_State *L, int depth)
{
    luaL_checkstack(L, LUA_MINSTACK, "too many nested scripts");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_template);
    clone_tables(L, -1);
    int env = lua_gettop(L);
    lua_pushvalue(L, env);
    lua_setfield(L, env, LUA_GNAME);
    basic_bind(L, env);
    script_bind(L, env, depth);
    lua_getfield(L, env, LUA_MATHLIBNAME);
    luatee_set_random(L);
    lua_pop(L, 1);
    lua_remove(L, env - 1);
}
