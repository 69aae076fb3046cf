/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/hash.h"

#include "port/lua/seed.h"

struct luatee_hash_secret luatee_hash_secret;

void luatee_hash_setup(void)
{
    while (luatee_hash_secret.factor == 0) /* not drawn yet */
        luatee_hash_secret = (struct luatee_hash_secret){
            .start = luatee_seed_long(),
            .factor = luatee_seed_long() | 1,
            .last = luatee_seed_long() | 1,
        };
}

static uint64_t load_64(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static uint64_t load_32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* Loads fewer than eight bytes as a word. The reads may overlap. Two strings of one size give different words. */
static uint64_t load_short(const char *bytes, size_t size)
{
    if (size >= 4)
        return load_32(bytes) << 32 | load_32(bytes + size - 4);
    if (size == 0)
        return 0;
    return (uint64_t)(unsigned char)bytes[0] << 16 | (uint64_t)(unsigned char)bytes[size / 2] << 8 |
           (unsigned char)bytes[size - 1];
}

unsigned int luatee_hash_bytes(const char *bytes, size_t size, unsigned int seed)
{
    const char *end = bytes + size;
    uint64_t state = luatee_hash_secret.start ^ (uint64_t)seed << 32 ^ size;
    if (size < 8)
        return luatee_hash_end(luatee_hash_fold(state ^ load_short(bytes, size)));
    for (; end - bytes > 8; bytes += 8)
        state = luatee_hash_fold(state ^ load_64(bytes));
    return luatee_hash_end(luatee_hash_fold(state ^ load_64(end - 8))); /* may overlap the previous word */
}
