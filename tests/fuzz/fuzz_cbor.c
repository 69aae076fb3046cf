/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.cbor.decode on anything. What it takes must encode, and decode again, to the same bytes from then on. */
#include <stdlib.h>
#include <string.h>

#include "core/lualib/cbor.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Argument: the data. Raises what must not be. */
static int check(lua_State *L)
{
    lua_pushcfunction(L, cbor_decode);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1))
        return 0;
    for (int i = 0; i < 2; i++) {
        lua_pushcfunction(L, cbor_encode);
        lua_insert(L, -2);
        lua_call(L, 1, 1); /* stack: data, [first encoding,] encoding */
        lua_pushcfunction(L, cbor_decode);
        lua_pushvalue(L, -2);
        lua_call(L, 1, 1);
    }
    if (!lua_rawequal(L, 2, 3) || lua_isnil(L, 4))
        return luaL_error(L, "two encodings of one value");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_State *L = luaL_newstate();
    if (!L)
        abort();
    luatee_fuel = LUATEE_FUEL_CONSUME_MAX;
    lua_pushcfunction(L, check);
    lua_pushlstring(L, (const char *)data, size);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        abort();
    lua_close(L);
    return 0;
}
