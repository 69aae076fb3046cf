/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables, as the codec walks and fills them. table.c does it with Lua's API, for tee.so in any Lua 5.4. port/lua/table.c
 * takes its place in the TEE and in `luatee`, where the Lua is ours: it knows the tables themselves, since the API
 * looks every key up again, which is most of the work.
 */
#ifndef LUATEE_CORE_CODEC_TABLE_H
#define LUATEE_CORE_CODEC_TABLE_H

#include <stdbool.h>

#include "lua.h"

/*
 * Goes on to the next entry of the table at the absolute index idx: its key is then at idx + 1, its value at idx + 2,
 * the top. *position: 0 for the first entry. Returns false after the last, with the table on the top. The table must
 * not change meanwhile, its metamethods do not matter, and the stack must have room for two values.
 */
bool table_next(lua_State *L, int idx, unsigned *position);

/*
 * Pops a value, which is not nil, and a key, which is not in the table below them, is no NaN, and is no float that
 * equals an integer; and puts them into that table. Raises Lua's memory error.
 */
void table_add(lua_State *L);

#endif
