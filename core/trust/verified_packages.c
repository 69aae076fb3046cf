/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/verified_packages.h"

#include <string.h>

bool verified_has(const struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE])
{
    for (unsigned i = 0; i < VERIFIED_MAX && i < verified->count; i++)
        if (memcmp(verified->digests[i], digest, LUATEE_DIGEST_SIZE) == 0)
            return true;
    return false;
}

void verified_add(struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE])
{
    memcpy(verified->digests[verified->count % VERIFIED_MAX], digest, LUATEE_DIGEST_SIZE);
    verified->count++;
}
