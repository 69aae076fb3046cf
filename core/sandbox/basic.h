/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of Lua's base library that a TEE needs its own version of: collectgarbage, load, print, setmetatable,
 * warn. */
#ifndef LUATEE_CORE_SANDBOX_BASIC_H
#define LUATEE_CORE_SANDBOX_BASIC_H

#include "lua.h"

/* Puts them into the table at `to`; `base` is the table of Lua's own base library. */
void basic_setup(lua_State *L, int base, int to);

/* Puts what depends on the globals themselves into the table of globals at env: load. */
void basic_bind(lua_State *L, int env);

#endif
