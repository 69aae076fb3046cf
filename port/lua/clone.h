/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of tables and closures, from which every call gets fresh globals. Lua's API does not offer them. They use the
 * internal functions by which Lua's own VM makes tables and closures; Lua is not patched for them.
 */
#ifndef LUATEE_PORT_LUA_CLONE_H
#define LUATEE_PORT_LUA_CLONE_H

#include "lua.h"

/* Pushes a shallow copy of the table at idx, which must have no array part and no __gc. Raises memory errors. */
void clone_table(lua_State *L, int idx);

/* Pushes a copy of the table at idx whose values that are tables are shallow copies, too. The same rules apply to
 * those. Raises memory errors. */
void clone_tables(lua_State *L, int idx);

/* Pushes a new closure of the main chunk at idx, which lua_load made. Its _ENV is the table on top of the stack, which
 * is removed. Raises memory errors. */
void clone_chunk(lua_State *L, int idx);

#endif
