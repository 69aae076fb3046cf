/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE's own versions of functions of Lua's base library: collectgarbage, load, pcall, print, setmetatable, warn and
 * xpcall. */
#ifndef LUATEE_CORE_SANDBOX_BASIC_H
#define LUATEE_CORE_SANDBOX_BASIC_H

#include "lua.h"

/* Adds all but load to the table at `to`. base: the table of Lua's own base library. Raises memory errors. */
void basic_setup(lua_State *L, int base, int to);

/* Adds load, which depends on the globals, to the table of globals at env. Raises memory errors. */
void basic_bind(lua_State *L, int env);

#endif
