/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two things that Lua's API does not offer and a fresh set of globals for every call needs. They use Lua's
 * internals, the very functions that its own VM uses to make tables and closures, and nothing is patched.
 */
#ifndef LUATEE_PORT_LUA_CLONE_H
#define LUATEE_PORT_LUA_CLONE_H

#include "lua.h"

/* Pushes a shallow copy of the table at idx, which must have no array part and no __gc. Raises memory errors. */
void clone_table(lua_State *L, int idx);

/* The same, and the tables that are values in it are copied, too; not what is in those. */
void clone_tables(lua_State *L, int idx);

/* Pushes a new closure of the main chunk at idx (as lua_load left it), whose _ENV is the table on top of the stack, and
 * removes that table. Raises memory errors. */
void clone_chunk(lua_State *L, int idx);

#endif
