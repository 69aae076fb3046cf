/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lua's configuration in the Trusted Application, on every platform (LUA_USER_H: lua.h includes it after luaconf.h).
 * Scripts must see what they see under stock Lua 5.4; what differs here is how Lua reaches the platform.
 */
#ifndef LUATEE_PORT_LUA_USER_H
#define LUATEE_PORT_LUA_USER_H

#include "port/lua/seed.h"

/* Stock programs (the makefile of lua.org, Debian) are built with LUA_COMPAT_5_3: math.pow and others, __le from __lt. */
#define LUA_COMPAT_MATHLIB
#define LUA_COMPAT_LT_LE

/*
 * Nesting of C calls, parser levels and resumed coroutines: stock values, spelled out because the TA's C stack is sized
 * for them (TA_STACK_SIZE).
 */
#define LUAI_MAXCCALLS 200
#define MAXCCALLS 200

/*
 * Every string function keeps one such buffer on the C stack and string.gsub nests them LUAI_MAXCCALLS deep. Longer strings
 * move to the heap, as they do above the stock 1024.
 */
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE 256

/* There is no locale in a TEE. */
#undef lua_getlocaledecpoint
#define lua_getlocaledecpoint() '.'

/* Stock Lua seeds these from the clock and from addresses; the rich OS sets the one and could learn the other. */
#define luai_makeseed(L) ((void)(L), luatee_seed())
#define l_randomizePivot luatee_seed
#if defined(lmathlib_c)
/* lmathlib.c asks for the time once, to seed math.random, and has no hook for it. */
#define time(unused) ((lua_Unsigned)luatee_seed() << 32 | luatee_seed())
#endif

/* Nobody reads a TA's stdout; print and warn are luatee's own. */
#define lua_writestring(text, length) ((void)(text), (void)(length))
#define lua_writeline() ((void)0)
#define lua_writestringerror(format, argument) ((void)(argument))

#endif
