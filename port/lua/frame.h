/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks a Lua stack frame by frame, with Lua's internals. */
#ifndef LUATEE_PORT_LUA_FRAME_H
#define LUATEE_PORT_LUA_FRAME_H

#include <stdbool.h>

#include "lua.h"

/* Moves `frame`, which lua_getstack() filled, to its caller's frame. Returns false when there is no caller. A walk with
 * lua_getstack() alone would take quadratic time: it counts from the top of the stack each time. */
bool luatee_outer_frame(lua_State *L, lua_Debug *frame);

#endif
