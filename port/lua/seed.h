/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_PORT_LUA_SEED_H
#define LUATEE_PORT_LUA_SEED_H

struct lua_State;

/* Fresh random bits of the TEE, for what Lua randomizes: string hashes, the pivots of table.sort; and math.random. */
unsigned int luatee_seed(void);
unsigned long long luatee_seed_long(void);

/* What seeding math.random costs: two requests to the TEE's generator. */
#define LUATEE_SEED_FUEL 2000

/* Gives the math table at the top of the stack a `random` and a `randomseed` with a state of their own (lmathlib.c,
 * patched). */
void luatee_set_random(struct lua_State *L);

#endif
