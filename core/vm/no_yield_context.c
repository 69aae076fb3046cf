/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/no_yield_context.h"

#include <stdbool.h>
#include <string.h>

#include "lauxlib.h"
#include "lualib.h"
#include "port/lua/frame.h"
#include "port/lua/fuel.h"

/* The slots of Lua's stack that this file needs. */
#define STACK_SLOTS 8

/* Functions of these libraries cannot yield while they call a Lua function, except those in waits(). */
static const char *const libraries[] = { LUA_GNAME, LUA_STRLIBNAME, LUA_TABLIBNAME };

/* Returns whether a function can yield. Includes error and assert, which call only a message handler. */
static bool waits(const char *name)
{
    static const char *const names[] = { "assert", "error", "pairs", "pcall", "xpcall" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Pushes the name that the function on the top has in this library; otherwise pushes nothing, and returns NULL. The
 * table of loaded libraries is below the function. */
static const char *push_name_in(lua_State *L, const char *library)
{
    int function = lua_gettop(L);
    if (lua_getfield(L, function - 1, library) == LUA_TTABLE) {
        for (lua_pushnil(L); lua_next(L, function + 1); lua_pop(L, 1)) {
            if (!lua_rawequal(L, -1, function) || lua_type(L, -2) != LUA_TSTRING || waits(lua_tostring(L, -2)))
                continue;
            if (strcmp(library, LUA_GNAME) == 0)
                return lua_pushstring(L, lua_tostring(L, -2));
            return lua_pushfstring(L, "%s.%s", library, lua_tostring(L, -2));
        }
    }
    lua_settop(L, function);
    return NULL;
}

/* Pushes the name of the frame's function. The name depends on the function, not on the variable that the script calls
 * it by. Returns NULL when the function can yield, or is in no library. */
static const char *push_name(lua_State *L, lua_Debug *frame)
{
    const char *name = NULL;
    lua_getinfo(L, "f", frame);
    for (size_t i = 0; !name && i < sizeof(libraries) / sizeof(libraries[0]); i++)
        name = push_name_in(L, libraries[i]);
    /* Each script has a `load` of its own. */
    return !name && frame->name && strcmp(frame->name, "load") == 0 ? "load" : name;
}

#define FRAME_FUEL 16

const char *no_yield_context_push(lua_State *L)
{
    lua_Debug frame;
    int top = lua_gettop(L);
    luaL_checkstack(L, STACK_SLOTS, NULL);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (int there = lua_getstack(L, 1, &frame); there; there = luatee_outer_frame(L, &frame)) {
        luatee_fuel_consume(L, FRAME_FUEL);
        lua_getinfo(L, "Sn", &frame);
        const char *name = *frame.what == 'C' ? push_name(L, &frame) : NULL;
        if (!name) {
            lua_settop(L, top + 1);
            continue;
        }
        lua_pushstring(L, name);
        lua_replace(L, top + 1);
        lua_settop(L, top + 1);
        return lua_tostring(L, -1);
    }
    lua_settop(L, top);
    return lua_pushliteral(L, "a message handler, or __close while a coroutine or the call ends");
}
