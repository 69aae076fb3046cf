/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.random(n): returns n bytes of the TEE's random generator (TEE_GenerateRandom). */
#include "abi/limits.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* OP-TEE 4.5 panics when the request is larger than its bounce buffer, which is a page. */
#define PIECE 1024u

static void generate(uint8_t *bytes, size_t size)
{
    while (size > 0) {
        size_t piece = size < PIECE ? size : PIECE;
        TEE_GenerateRandom(bytes, piece);
        bytes += piece;
        size -= piece;
    }
}

static int random_bytes(lua_State *L)
{
    lua_Integer size = luaL_checkinteger(L, 1);
    luaL_argcheck(L, size >= 0 && size <= (lua_Integer)LUATEE_RANDOM_MAX, 1,
                  "a number of bytes from 0 to 65536 expected");
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION + size * SERVICE_FUEL_BYTE);
    void *bytes = service_scratch(L, (size_t)size);
    generate(bytes, (size_t)size);
    return service_return(L, bytes, (size_t)size);
}

int random_open(lua_State *L)
{
    lua_pushcfunction(L, random_bytes);
    return 1;
}
