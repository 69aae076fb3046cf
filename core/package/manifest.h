/* SPDX-License-Identifier: BSD-2-Clause */
/* The limits and permissions of an app's signed manifest (`manifest` in abi/package.cddl), as the trusted side keeps
 * them. */
#ifndef LUATEE_CORE_PACKAGE_MANIFEST_H
#define LUATEE_CORE_PACKAGE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "abi/package.h"

enum manifest_permission {
    MANIFEST_STORAGE = 1u << 0,  /* tee.store; persistent time */
    MANIFEST_KEYS = 1u << 1,     /* tee.key: persistent keys */
    MANIFEST_LOAD = 1u << 2,     /* load */
    MANIFEST_HOST_ANY = 1u << 3, /* all exports of the host; only for plaintext scripts in the dev flavour */
    MANIFEST_COUNTERS = 1u << 4, /* tee.counter */
    MANIFEST_LOG = 1u << 5,      /* print writes to the TEE's log in the release flavour, too */
};

struct manifest {
    uint64_t memory;      /* bytes of the session's Lua state and messages; at most LUATEE_TA_MEMORY_MAX */
    uint64_t fuel;        /* units of one call (core/vm/fuel.h) */
    uint32_t permissions; /* enum manifest_permission */
    size_t host_count;
    char host[PACKAGE_HOST_MAX][LUATEE_NAME_MAX + 1]; /* exports of the host that trusted scripts may call */
};

/* Sets the default limits, and no permissions. */
void manifest_default(struct manifest *manifest);

/* Returns whether trusted scripts may call the host's export of this name, which may be any string. */
bool manifest_grants_host(const struct manifest *manifest, const char *name);

#endif
