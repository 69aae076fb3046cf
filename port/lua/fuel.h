/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuel counter. Lua's sources in the TA (port/lua/patches) consume from it; core/vm/fuel.c fills it. A TA instance
 * is one session with one Lua state, so the counter is a global: functions that compare strings or walk a table's chain
 * have no lua_State and must consume fuel too.
 */
#ifndef LUATEE_PORT_LUA_FUEL_H
#define LUATEE_PORT_LUA_FUEL_H

struct lua_State;

/* Units left until the next stop. Below zero: the part of a slice, the slice or the budget is used up. */
extern long long luatee_fuel __attribute__((visibility("hidden")));

/* The largest n of one deduction, and the largest budget, so that the counter cannot wrap around. */
#define LUATEE_FUEL_CONSUME_MAX (1ll << 56)

/* Deducts n units, at most LUATEE_FUEL_CONSUME_MAX; a negative n gives units back. Evaluates to the new counter, which
 * may be negative. */
#define luatee_fuel_deduct(n) (luatee_fuel -= (long long)(n))

/* Deducts n units, and calls luatee_fuel_low() when the counter is below zero. For loops that can raise an error. */
#define luatee_fuel_consume(L, n) (luatee_fuel_deduct(n) < 0 ? luatee_fuel_low(L) : (void)0)

/* Handles a counter below zero while a C function runs. Looks at the deadline. Refills the counter from the budget, or
 * raises an error if the budget is empty or the call must end. */
void luatee_fuel_low(struct lua_State *L);

/* Like luatee_fuel_low(), for code that cannot raise an error but can stop. Returns 1 to continue, or 0 to stop because
 * the call must end. While an ended call unwinds it returns 1, because unwinding may need the code. */
int luatee_fuel_continue(struct lua_State *L);

/* Handles a counter below zero between two instructions of a Lua function. Returns 1 if the coroutine must stop here
 * because the slice is over, or 0 to continue. Raises an error if the budget is empty or the call must end. */
int luatee_fuel_trap(struct lua_State *L);

/* Longest string, in bytes, that converts to a number: the conversion cannot be stopped. */
#define LUATEE_NUMERAL_MAX (1024 * 1024)

/* Bytes that the compiler reads at once, and the units that a byte costs, including the compilation of it. */
#define LUATEE_SOURCE_PART 1024
#define LUATEE_SOURCE_FUEL 4

/* Raises the memory error, whose message says how much memory was needed and how much there is. */
_Noreturn void luatee_no_memory(struct lua_State *L);

#endif
