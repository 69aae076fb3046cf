/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks a Lua stack frame by frame. Uses Lua's internals. */
#ifndef LUATEE_PORT_LUA_FRAME_H
#define LUATEE_PORT_LUA_FRAME_H

#include <stdbool.h>

#include "lua.h"

/* Moves a frame that lua_getstack() found to the one that called it. Returns false when there is none. lua_getstack()
 * takes as many steps as there are frames above, so a walk with it would take the square of that. */
bool luatee_outer_frame(lua_State *L, lua_Debug *frame);

#endif
