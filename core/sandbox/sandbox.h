/* SPDX-License-Identifier: BSD-2-Clause */
/* The packages that a session accepts, and the limits and permissions of its scripts. The hooks connect the sandbox to
 * the VM (core/vm/vm.h). */
#ifndef LUATEE_CORE_SANDBOX_SANDBOX_H
#define LUATEE_CORE_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "core/package/manifest.h"
#include "core/trust/package_policy.h"
#include "core/vm/vm.h"

/* Owned by the session, which fills it before vm_new. */
struct sandbox {
    struct package_policy policy; /* which packages are accepted */
    struct manifest manifest;     /* the app's limits and permissions */
    bool stored;                  /* scripts come from secure storage, never from the host */
};

/* context: a struct sandbox. */
extern const struct vm_hooks sandbox_hooks;

/* Returns the sandbox that L's scripts run in. */
struct sandbox *sandbox_of(lua_State *L);

#endif
