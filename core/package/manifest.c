/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/manifest.h"

#include <string.h>

void manifest_default(struct manifest *manifest)
{
    memset(manifest, 0, sizeof(*manifest));
    manifest->memory = LUATEE_MEMORY_DEFAULT;
    manifest->fuel = LUATEE_FUEL_DEFAULT;
}

bool manifest_grants_host(const struct manifest *manifest, const char *name)
{
    if (manifest->permissions & MANIFEST_HOST_ANY)
        return true;
    for (size_t i = 0; i < manifest->host_count; i++) {
        if (strcmp(manifest->host[i], name) == 0)
            return true;
    }
    return false;
}
