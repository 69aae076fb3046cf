/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The globals of a trusted script: an allow-list, in tables of its own. Each call gets fresh copies, library tables
 * too, so whatever a script does to them ends with the call.
 */
#ifndef LUATEE_CORE_SANDBOX_GLOBALS_H
#define LUATEE_CORE_SANDBOX_GLOBALS_H

#include "lua.h"

/* Builds the templates. Once per state; raises memory errors. */
void globals_setup(lua_State *L);

/* Pushes a fresh table of globals. depth: how many trusted scripts are already inside each other. Raises memory
 * errors. */
void globals_push(lua_State *L, int depth);

#endif
