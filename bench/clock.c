/* SPDX-License-Identifier: BSD-2-Clause */
/* The Lua module `clock`: a function that returns the monotonic clock in nanoseconds, as an integer. */
#include <time.h>

#include "lauxlib.h"
#include "lua.h"

int luaopen_clock(lua_State *L);

static int clock_now(lua_State *L)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushinteger(L, (lua_Integer)t.tv_sec * 1000000000 + t.tv_nsec);
    return 1;
}

int luaopen_clock(lua_State *L)
{
    lua_pushcfunction(L, clock_now);
    return 1;
}
