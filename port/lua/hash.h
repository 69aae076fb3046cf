/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keyed hash of Lua's tables in the TA (port/lua/patches/0010-seeded-hash.patch). The keys of a table often come
 * from Linux, and so does what a script sends back in the order of its tables: a hash without a secret, or with one
 * that can be found by trying, lets Linux choose keys that all collide.
 *
 * One word costs two multiplications of 64 by 64 bits; so do eight bytes of a string. The product is folded: both of
 * its halves depend on the secret factor. A hash that keeps only one half has pairs of keys that collide under every
 * secret.
 */
#ifndef LUATEE_PORT_LUA_HASH_H
#define LUATEE_PORT_LUA_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Random bits of the TEE, the same for as long as the TA instance lives. */
struct luatee_hash_secret {
    uint64_t start;
    uint64_t factor; /* odd, as the next one */
    uint64_t last;
};
extern struct luatee_hash_secret luatee_hash_secret __attribute__((visibility("hidden")));

/* Draws the secret, unless that was done before. Call it before the first table is made. */
void luatee_hash_setup(void);

static inline uint64_t luatee_hash_fold(uint64_t word)
{
    unsigned __int128 product = (unsigned __int128)word * luatee_hash_secret.factor;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* All bits of the result depend on all bits of the state. */
static inline unsigned int luatee_hash_end(uint64_t state)
{
    return (unsigned int)(state * luatee_hash_secret.last >> 32);
}

/* The hash of a 64-bit key. */
static inline unsigned int luatee_hash_word(uint64_t key)
{
    return luatee_hash_end(luatee_hash_fold(key ^ luatee_hash_secret.start));
}

/* The hash of a string of any length. seed: of the Lua state. */
unsigned int luatee_hash_bytes(const char *bytes, size_t size, unsigned int seed);

#endif
