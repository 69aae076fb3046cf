/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.supports(name, ...): whether this TEE has all these algorithms (TEE_IsAlgorithmSupported). */
#include "core/lualib/algorithm.h"
#include "core/lualib/service.h"

static int supports(lua_State *L)
{
    int count = lua_gettop(L);
    bool all = true;
    (void)service_name(L, 1);
    for (int i = 1; i <= count; i++)
        all = algorithm_supported(service_name(L, i)) && all;
    lua_pushboolean(L, all);
    return 1;
}

int supports_open(lua_State *L)
{
    lua_pushcfunction(L, supports);
    return 1;
}
