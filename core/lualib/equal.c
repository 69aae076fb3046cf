/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.equal(a, b): returns whether two strings are equal. The time depends on their sizes only. */
#include "core/lualib/service.h"

static int equal(lua_State *L)
{
    size_t size, other_size;
    const uint8_t *a = service_bytes(L, 1, &size), *b = service_bytes(L, 2, &other_size);
    volatile uint8_t differs = size != other_size;
    if (!differs)
        for (size_t i = 0; i < size; i++) {
            service_check_deadline(L, i);
            differs |= a[i] ^ b[i];
        }
    lua_pushboolean(L, !differs);
    return 1;
}

int equal_open(lua_State *L)
{
    lua_pushcfunction(L, equal);
    return 1;
}
