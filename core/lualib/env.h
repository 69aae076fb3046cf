/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The globals of a trusted script: an allow-list, in tables of its own. Each call gets fresh copies, library tables
 * too, so whatever a script does to them ends with the call.
 */
#ifndef LUATEE_CORE_LUALIB_ENV_H
#define LUATEE_CORE_LUALIB_ENV_H

#include "lua.h"

/* Builds the templates. Once per state; raises memory errors. */
void env_setup(lua_State *L);

/* Pushes a fresh table of globals. depth: how many trusted scripts are already inside each other. Raises memory
 * errors. */
void env_push(lua_State *L, int depth);

#endif
