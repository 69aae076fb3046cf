/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The globals of a trusted script: an allow-list. Each call uses fresh copies of all tables, also of the libraries, so
 * a script's changes to them end with the call.
 */
#ifndef LUATEE_CORE_SANDBOX_GLOBALS_H
#define LUATEE_CORE_SANDBOX_GLOBALS_H

#include "lua.h"

/* Builds the templates. Once per state; raises memory errors. */
void globals_setup(lua_State *L);

/* Pushes a fresh table of globals. depth: the number of nested trusted scripts so far. Raises memory errors. */
void globals_push(lua_State *L, int depth);

#endif
