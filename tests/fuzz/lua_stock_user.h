/* SPDX-License-Identifier: BSD-2-Clause */
/* LUA_USER_H of the stock Lua that random programs are compared with: the limit on its stack is the trusted side's
 * (port/lua/luatee_user.h), as a stack of a million slots takes seconds to fill. */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 100000
