/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The counter that Lua's sources in the TA (port/lua/patches) take fuel from; core/vm/fuel.c fills it. A TA instance is
 * one session and has one Lua state, so it is a plain global: what compares two strings or walks a chain of a table
 * knows no lua_State, and must pay all the same.
 */
#ifndef LUATEE_PORT_LUA_FUEL_H
#define LUATEE_PORT_LUA_FUEL_H

struct lua_State;

/* Below zero: the slice is over, or the budget. */
extern long long luatee_fuel __attribute__((visibility("hidden")));

/* The most that one charge takes, so that the counter cannot wrap. Budgets end there, too. */
#define LUATEE_FUEL_CONSUME_MAX (1ll << 56)

/* Takes n units, 0 or more; its value is what is left. */
#define luatee_fuel_deduct(n) (luatee_fuel -= (long long)(n))

/* The same where an error can be raised: in loops. */
#define luatee_fuel_consume(L, n) (luatee_fuel_deduct(n) < 0 ? luatee_fuel_low(L) : (void)0)

/* The budget may be empty, and a C function is running. Returns, or raises an error. */
void luatee_fuel_low(struct lua_State *L);

/* The same in the middle of what cannot raise an error, but can stop. Returns 0 when it should, since the call must
 * end; 1: it goes on. */
int luatee_fuel_part(struct lua_State *L);

/* The slice or the budget is over, between two instructions of a Lua function. Returns 1: the coroutine must stop here;
 * 0: it goes on. Or raises an error. */
int luatee_fuel_trap(struct lua_State *L);

/* Longer strings are no numerals: their conversion cannot be stopped. */
#define LUATEE_NUMERAL_MAX (1024 * 1024)

/* What the compiler reads at once, in bytes, and what a byte costs with all that becomes of it. */
#define LUATEE_SOURCE_PART 1024
#define LUATEE_SOURCE_FUEL 4

/* Raises the error that says how much memory was needed, and how much there is. */
void luatee_no_memory(struct lua_State *L);

#endif
