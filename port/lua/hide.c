/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/hide.h"

#include <stdint.h>

#include "port/lua/seed.h"

#define ROUNDS 4

/* The round function: the finalizer of MurmurHash3. A Feistel network is invertible whatever its round function is. */
static uint32_t mix(uint32_t half, uint32_t key)
{
    half = (half ^ key) * 0x85ebca6bu;
    half = (half ^ (half >> 13)) * 0xc2b2ae35u;
    return half ^ (half >> 16);
}

const void *luatee_hide_address(const void *address)
{
    static uint32_t keys[ROUNDS];
    while (keys[0] == 0) /* not drawn yet */
        for (int i = 0; i < ROUNDS; i++)
            keys[i] = luatee_seed();
    uint32_t left = (uint32_t)((uint64_t)(uintptr_t)address >> 32), right = (uint32_t)(uintptr_t)address;
    if (!address)
        return address;
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t next = left ^ mix(right, keys[i]);
        left = right;
        right = next;
    }
    return (const void *)(uintptr_t)((uint64_t)left << 32 | right);
}
