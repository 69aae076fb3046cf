/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lua's coroutine library (manual section 6.2), with the same results. A call is itself a coroutine here: a call that
 * asks the host stops as a whole, through all coroutines that the script is in.
 */
#ifndef LUATEE_CORE_SANDBOX_COROUTINE_H
#define LUATEE_CORE_SANDBOX_COROUTINE_H

#include "lua.h"

/* A lua_CFunction that pushes the library's table. */
int coroutine_open(lua_State *L);

#endif
