/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_PORT_LUA_SEED_H
#define LUATEE_PORT_LUA_SEED_H

struct lua_State;

/* Return fresh random bits from the TEE, for string hashes, the pivots of table.sort, and the seed of math.random. */
unsigned int luatee_seed(void);
unsigned long long luatee_seed_long(void);

/* Units of fuel for seeding math.random, which takes two requests to the TEE's generator. */
#define LUATEE_SEED_FUEL 2000

/* Sets `random` and `randomseed`, with a generator state of their own, in the math table on top of the stack. Defined
 * in the patched lmathlib.c. Raises memory errors. */
void luatee_set_random(struct lua_State *L);

#endif
