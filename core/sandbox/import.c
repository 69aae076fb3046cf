/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/import.h"

#include "core/sandbox/script.h"

static int end(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    return 1;
}

/* Stack: the module's name. */
static int import(lua_State *L)
{
    script_push_import(L);
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 1, 0, end);
    return end(L, LUA_OK, 0);
}

void import_push(lua_State *L)
{
    lua_pushcfunction(L, import);
}
