/* SPDX-License-Identifier: BSD-2-Clause */
/* Names the place where Lua cannot yield, for error messages. */
#ifndef LUATEE_CORE_VM_NO_YIELD_CONTEXT_H
#define LUATEE_CORE_VM_NO_YIELD_CONTEXT_H

#include "lua.h"

/* Pushes and returns the end of "cannot ... inside %s", such as "table.sort". For a function that cannot yield. */
const char *no_yield_context_push(lua_State *L);

#endif
