/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lua's configuration in the Trusted Application, on every platform (LUA_USER_H: lua.h includes it after luaconf.h).
 * Scripts must see what they see under stock Lua 5.4; what differs here is how Lua reaches the platform.
 */
#ifndef LUATEE_PORT_LUA_LUATEE_USER_H
#define LUATEE_PORT_LUA_LUATEE_USER_H

#include "port/lua/fuel.h"
#include "port/lua/hash.h"
#include "port/lua/hide.h"
#include "port/lua/seed.h"

/* Stock programs (lua.org's makefile, Debian) are built with LUA_COMPAT_5_3: math.pow and others, __le from __lt. */
#define LUA_COMPAT_MATHLIB
#define LUA_COMPAT_LT_LE

/*
 * Nesting of C calls, parser levels and resumed coroutines: stock values, spelled out because the TA's C stack is sized
 * for them (TA_STACK_SIZE).
 */
#define LUAI_MAXCCALLS 200
#define MAXCCALLS 200

/*
 * Slots of a Lua stack: recursion ends with "stack overflow" while there still is memory (stock: 1,000,000 slots, 16
 * bytes each, and LUATEE_TA_MEMORY_MAX is 12 MiB).
 */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 100000

#if defined(ltablib_c)
/*
 * table.sort recurses to the logarithm of a length that a __len metamethod may make up, and each comparison may sort
 * again: the C stack is sized for this many elements (TA_STACK_SIZE). More do not fit into LUATEE_TA_MEMORY_MAX.
 */
#undef INT_MAX
#define INT_MAX (1 << 20)
#endif

/* There is no locale in a TEE. */
#undef lua_getlocaledecpoint
#define lua_getlocaledecpoint() '.'

#if defined(lvm_c) || defined(lmathlib_c)
/* `%` and math.fmod take a step for each bit that the exponents are apart, up to 2,100. */
#include <stdint.h>
#include <string.h>
static inline int luatee_exponent(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return (int)(bits >> 52 & 0x7ff);
}
static inline int luatee_fmod_fuel(double a, double b)
{
    int distance = luatee_exponent(a) - luatee_exponent(b);
    return distance > 64 ? distance / 4 : 0;
}
#define fmod(a, b) ((void)luatee_fuel_deduct(luatee_fmod_fuel(a, b)), (fmod)(a, b))
#endif

/* There are no signals either, and OP-TEE's signal.h lacks sig_atomic_t. All that see Lua's structs must agree. */
#define l_signalT int

/* Stock Lua seeds these from the clock and from addresses; the rich OS sets the one and could learn the other. */
#define luai_makeseed(L) ((void)(L), luatee_hash_setup(), luatee_seed())
#define l_randomizePivot luatee_seed
#if defined(lmathlib_c)
/* lmathlib.c asks for the time to seed math.random, and has no hook for it. */
#define time(unused) luatee_seed_long()
#endif

#if defined(lauxlib_c) || defined(lstrlib_c)
/* tostring and %p: who knows an address knows where to aim. */
#define lua_topointer(L, idx) luatee_hide(lua_topointer(L, idx))
#endif

#if defined(lbaselib_c)
/* loadfile and dofile. Scripts do not get them; without them the linker can leave stdio out. */
#define luaL_loadfilex(L, name, mode) luaL_error(L, "a TEE has no files")
#endif

#if defined(lstrlib_c)
/* string.dump. Scripts do not get that either: bytecode is neither loaded nor made. */
#define lua_dump(L, writer, data, strip) ((void)(writer), (void)(data), (void)(strip), 1)
#endif

/* Nobody reads a TA's stdout; print and warn are luatee's own. */
#define lua_writestring(text, length) ((void)(text), (void)(length))
#define lua_writeline() ((void)0)
#define lua_writestringerror(format, argument) ((void)(argument))

#endif
