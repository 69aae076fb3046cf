/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "lauxlib.h"
#include "lualib.h"
#include "tests/fuzz/lua_run.h"

static void too_long(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    lua_pushlightuserdata(L, NULL);
    lua_error(L);
}

/* The program must not catch the end of its instructions, so each further one raises it again. */
static void count_over(lua_State *L, lua_Debug *ar)
{
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "over");
    lua_sethook(L, too_long, LUA_MASKCOUNT, 1);
    too_long(L, ar);
}

static enum lua_end run(lua_State *L, const char *program, size_t size, int count)
{
    if (luaL_loadbufferx(L, program, size, "@ta/program.lua", "t") != LUA_OK)
        return LUA_END_RAISED;
    lua_sethook(L, count_over, LUA_MASKCOUNT, count);
    int status = lua_pcall(L, 0, 1, 0);
    lua_sethook(L, NULL, 0, 0);
    bool over = lua_getfield(L, LUA_REGISTRYINDEX, "over") != LUA_TNIL;
    lua_pop(L, 1);
    if (over)
        return LUA_END_SHORT;
    return status == LUA_OK ? LUA_END_RETURNED : LUA_END_RAISED;
}

enum lua_end lua_stock_run(const char *program, size_t size, int count, struct lua_output *out)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    enum lua_end end = run(L, program, size, count);
    const char *text = luaL_tolstring(L, -1, &out->size);
    if (out->size > sizeof(out->text))
        out->size = sizeof(out->text);
    memcpy(out->text, text, out->size);
    lua_close(L);
    return end;
}
