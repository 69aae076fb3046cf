/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keyed hash of Lua's tables in the TA (port/lua/patches/0010-seeded-hash.patch). Keys of a table often come from
 * Linux, and Linux sees the order of tables in what a script sends. With a hash that has no secret, or one that can be
 * found by trying, Linux could choose keys that all collide.
 *
 * A word, or eight bytes of a string, costs two multiplications of 64 by 64 bits. The hash folds the product, so that
 * it uses both halves, and both depend on the secret factor. A hash that keeps one half only has pairs of keys that
 * collide under every secret.
 */
#ifndef LUATEE_PORT_LUA_HASH_H
#define LUATEE_PORT_LUA_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Random bits from the TEE, which do not change while the TA instance lives. */
struct luatee_hash_secret {
    uint64_t start;
    uint64_t factor; /* odd */
    uint64_t last;   /* odd */
};
extern struct luatee_hash_secret luatee_hash_secret __attribute__((visibility("hidden")));

/* Draws the secret, unless it has been drawn. Must be called before the first table is made. */
void luatee_hash_setup(void);

/* Multiplies a word by the secret factor and folds the product to 64 bits. */
static inline uint64_t luatee_hash_fold(uint64_t word)
{
    unsigned __int128 product = (unsigned __int128)word * luatee_hash_secret.factor;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Reduces a state to a hash. Bit i of the hash depends on the bits 0 to 32 + i of the state. */
static inline unsigned int luatee_hash_end(uint64_t state)
{
    return (unsigned int)(state * luatee_hash_secret.last >> 32);
}

/* Hashes a 64-bit key. */
static inline unsigned int luatee_hash_word(uint64_t key)
{
    return luatee_hash_end(luatee_hash_fold(key ^ luatee_hash_secret.start));
}

/* Hashes a string of any length. `seed` is that of the Lua state. */
unsigned int luatee_hash_bytes(const char *bytes, size_t size, unsigned int seed);

#endif
