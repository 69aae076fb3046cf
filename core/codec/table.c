/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/table.h"

bool table_next(lua_State *L, int idx, unsigned *position)
{
    if ((*position)++ == 0)
        lua_pushnil(L);
    else
        lua_settop(L, idx + 1);
    return lua_next(L, idx) != 0;
}

void table_add(lua_State *L)
{
    lua_rawset(L, -3);
}
