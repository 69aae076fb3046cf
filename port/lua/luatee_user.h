/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lua's configuration in the Trusted Application, on every platform. It is LUA_USER_H, which lua.h includes after
 * luaconf.h. Scripts must see the same as under stock Lua 5.4; only the way in which Lua reaches the platform differs.
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
 * Limits of nested C calls, parser levels and resumed coroutines. They are the stock values, repeated here because the
 * TA's C stack is sized for them (TA_STACK_SIZE).
 */
#define LUAI_MAXCCALLS 200
#define MAXCCALLS 200

/*
 * Slots of a Lua stack, of 16 bytes each. Stock Lua has 1,000,000, more than LUATEE_TA_MEMORY_MAX, 12 MiB, holds. With
 * this limit endless recursion ends with "stack overflow" before memory runs out.
 */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 100000

#if defined(ltablib_c)
/*
 * Limit of the length that table.sort accepts. It recurses to the logarithm of the length, which a __len metamethod can
 * make up, and each comparison may sort again. The C stack is sized for this many elements (TA_STACK_SIZE). More do not
 * fit into LUATEE_TA_MEMORY_MAX.
 */
#undef INT_MAX
#define INT_MAX (1 << 20)
#endif

/* A TEE has no locale. */
#undef lua_getlocaledecpoint
#define lua_getlocaledecpoint() '.'

#if defined(lvm_c) || defined(lmathlib_c)
/* `%` and math.fmod take a step for each bit by which the exponents differ, up to 2,100, so they consume fuel for
 * it. */
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

/* A TEE has no signals, and OP-TEE's signal.h lacks sig_atomic_t. All code that sees Lua's structs must use this
 * type. */
#define l_signalT int

/* Stock Lua seeds these from the clock, which the rich OS sets, and from addresses, which it could learn. */
#define luai_makeseed(L) ((void)(L), luatee_hash_setup(), luatee_seed())
#define l_randomizePivot luatee_seed
#if defined(lmathlib_c)
/* lmathlib.c seeds math.random from time(), and has no hook for that. */
#define time(unused) luatee_seed_long()
#endif

#if defined(lauxlib_c) || defined(lstrlib_c)
/* tostring and %p: an address would help an attacker to aim. */
#define lua_topointer(L, idx) luatee_hide_address(lua_topointer(L, idx))
#endif

#if defined(lbaselib_c)
/* loadfile and dofile are not given to scripts. Without luaL_loadfilex the linker can leave stdio out. */
#define luaL_loadfilex(L, name, mode) luaL_error(L, "a TEE has no files")
#endif

#if defined(lstrlib_c)
/* string.dump is not given to scripts either: bytecode is neither loaded nor made. */
#define lua_dump(L, writer, data, strip) ((void)(writer), (void)(data), (void)(strip), 1)
#endif

/* A TA's stdout goes nowhere. luatee has its own print and warn. */
#define lua_writestring(text, length) ((void)(text), (void)(length))
#define lua_writeline() ((void)0)
#define lua_writestringerror(format, argument) ((void)(argument))

#endif
