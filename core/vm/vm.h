/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Lua state in the TEE: its memory, its limits, the handles that its scripts hold. The state of a session's calls is
 * in call.h. This layer runs Lua code and knows no Lua library, script, package or manifest: the session passes a table
 * of hooks for them.
 */
#ifndef LUATEE_CORE_VM_VM_H
#define LUATEE_CORE_VM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/alloc.h"
#include "core/vm/handle.h"
#include "lua.h"

/* The permissions that an app's scripts can have. */
enum vm_grant {
    VM_GRANT_STORAGE,  /* tee.store; persistent time */
    VM_GRANT_COUNTERS, /* tee.counter */
    VM_GRANT_KEYS,     /* tee.key: persistent keys */
    VM_GRANT_LOAD,     /* load */
    VM_GRANT_LOG,      /* print writes to the TEE's log in the release flavour, too */
};

/* The functions that run a call. */
enum vm_runner {
    VM_RUN_SCRIPT, /* the function (name, ...) that runs a script and returns its results */
    VM_RUN_MODULE, /* the function (name) that returns a module's value */
};

/* The layers above the VM. context: vm->context. */
struct vm_hooks {
    /* Creates globals and libraries. Called once, protected; may raise errors. */
    void (*setup)(lua_State *L);
    /* Pushes the function for a call. Raises memory errors. */
    void (*push_runner)(lua_State *L, enum vm_runner runner);
    /*
     * Compiles the script or package that the host sent, and keeps it under this name. Returns true. Or returns false
     * and pushes a message; sets *refused to the reason, static words that end a sentence, if the package is not
     * trusted. Raises memory errors.
     */
    bool (*add_script)(lua_State *L, const char *name, const void *data, size_t size, const char **refused);
    bool (*grants)(const void *context, enum vm_grant grant);
    /* Returns whether scripts may call the host's export of this name, which may be any string. */
    bool (*grants_host)(const void *context, const char *name);
};

struct calls; /* call.h */

struct vm {
    lua_State *L; /* the main thread: runs only our own protected functions */
    struct alloc *alloc;
    const struct vm_hooks *hooks;
    void *context;         /* for the hooks; owned by the session */
    const char *app;       /* the app's name; owned by the session */
    uint64_t fuel_max;     /* the budget of a call, units of fuel.h */
    struct handles handles; /* objects of the TEE that scripts hold */
    struct calls *calls;   /* of the session that runs */
};

/* Returns NULL when memory runs out; the caller then deletes alloc. hooks, context and app must outlive the vm. There
 * is no limit yet: vm_set_limits. */
struct vm *vm_new(struct alloc *alloc, const struct vm_hooks *hooks, void *context, const char *app);

/* Releases the objects of the TEE that scripts hold. The memory of a vm ends with its allocator, without lua_close. */
void vm_close(struct vm *vm);

/* Sets the limits: bytes of the allocator; units of fuel of the calls that begin from now on. */
void vm_set_limits(struct vm *vm, uint64_t memory, uint64_t fuel);

/* Returns the vm that L belongs to. vm_new puts the pointer into the space that Lua reserves before each thread. */
static inline struct vm *vm_of(lua_State *L)
{
    return *(struct vm **)lua_getextraspace(L);
}

/* For functions that scripts call: raises an error when the app's scripts do not have the permission. */
void vm_require_grant(lua_State *L, enum vm_grant grant);

/* Return whether the app's scripts have a permission. */
bool vm_granted(lua_State *L, enum vm_grant grant);
bool vm_granted_host(lua_State *L, const char *name);

/* Runs f in the main thread, with ctx as its argument. On an error the stack holds the error value, otherwise the
 * results of f. Returns a status of lua_pcall. */
int vm_protect(struct vm *vm, lua_CFunction f, void *ctx);

/* An f for vm_protect: pushes the message that is its ctx, a C string. */
int vm_push_message(lua_State *L);

/* Collects all garbage. L: a lua_State. */
void vm_collect_garbage(void *L);

/* Pushes the message of a memory error, with figures. The memory for it is kept in reserve. */
void vm_push_shortage(lua_State *L, const struct alloc_shortage *shortage);

/* Pushes the message of the last memory error, as vm_push_shortage. Functions that catch errors use it instead of Lua's
 * message. */
void vm_explain_shortage(lua_State *L);

#endif
