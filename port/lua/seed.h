/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_PORT_LUA_SEED_H
#define LUATEE_PORT_LUA_SEED_H

/* Fresh random bits of the TEE, for what Lua randomizes: string hashes, math.random, the pivots of table.sort. */
unsigned int luatee_seed(void);

#endif
