/* SPDX-License-Identifier: BSD-2-Clause */
/* Where Lua cannot wait: what to call the place in an error message. */
#ifndef LUATEE_CORE_VM_NO_YIELD_CONTEXT_H
#define LUATEE_CORE_VM_NO_YIELD_CONTEXT_H

#include "lua.h"

/* For a function that finds that it cannot yield: pushes the end of "cannot ... inside %s", such as "table.sort". */
const char *no_yield_context_push(lua_State *L);

#endif
