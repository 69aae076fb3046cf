/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/seed.h"

#include <tee_internal_api.h>

unsigned int luatee_seed(void)
{
    unsigned int seed;

    TEE_GenerateRandom(&seed, sizeof(seed));
    return seed;
}

unsigned long long luatee_seed_long(void)
{
    unsigned long long seed;

    TEE_GenerateRandom(&seed, sizeof(seed));
    return seed;
}
