/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access to tables for the codec. table.c uses Lua's API, for tee.so in any Lua 5.4. port/lua/table.c replaces it in
 * the TEE and in `luatee`, which contain our own Lua: it accesses Lua's structures directly, because Lua's API looks up
 * every key again, which is most of the work.
 */
#ifndef LUATEE_CORE_CODEC_TABLE_H
#define LUATEE_CORE_CODEC_TABLE_H

#include <stdbool.h>

#include "lua.h"

/*
 * Moves to the next entry of the table at the absolute index idx, and returns true: its key is at idx + 1, its value at
 * idx + 2, the top of the stack. *position: 0 before the first entry. Returns false after the last entry, with the
 * table at the top. The table must not change meanwhile. Ignores metamethods. The stack needs space for two values.
 */
bool table_next(lua_State *L, int idx, unsigned *position);

/*
 * Pops a value and a key, and stores them in the table below. The value is not nil. The key is not in the table yet,
 * and is neither NaN nor a float that equals an integer. Raises Lua's memory error.
 */
void table_add(lua_State *L);

#endif
