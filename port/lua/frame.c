/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/frame.h"

#include "lstate.h"

bool luatee_outer_frame(lua_State *L, lua_Debug *frame)
{
    frame->i_ci = frame->i_ci->previous;
    return frame->i_ci != &L->base_ci;
}
