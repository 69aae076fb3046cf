/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/sandbox.h"

#include "core/sandbox/globals.h"
#include "core/sandbox/import.h"
#include "core/sandbox/script.h"
#include "lauxlib.h"

/* Key in the registry: the function that runs a script at depth 0. */
static const char key_run_script;

struct sandbox *sandbox_of(lua_State *L)
{
    return vm_of(L)->context;
}

static void setup(lua_State *L)
{
    globals_setup(L);
    script_setup(L);
    script_push_call(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_run_script);
}

static void push_runner(lua_State *L, enum vm_runner runner)
{
    if (runner == VM_RUN_SCRIPT)
        lua_rawgetp(L, LUA_REGISTRYINDEX, &key_run_script);
    else
        import_push(L);
}

static bool grants(const void *context, enum vm_grant grant)
{
    static const uint32_t permissions[] = {
        [VM_GRANT_STORAGE] = MANIFEST_STORAGE, [VM_GRANT_COUNTERS] = MANIFEST_COUNTERS,
        [VM_GRANT_KEYS] = MANIFEST_KEYS,       [VM_GRANT_LOAD] = MANIFEST_LOAD,
        [VM_GRANT_LOG] = MANIFEST_LOG,
    };
    const struct sandbox *sandbox = context;
    return (sandbox->manifest.permissions & permissions[grant]) != 0;
}

static bool grants_host(const void *context, const char *name)
{
    const struct sandbox *sandbox = context;
    return manifest_grants_host(&sandbox->manifest, name);
}

const struct vm_hooks sandbox_hooks = { setup, push_runner, script_add, grants, grants_host };
