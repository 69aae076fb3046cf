/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of one session. A call runs in a thread (a Lua coroutine) of its own. So it can stop, wait for the host,
 * and continue with the answer. While a call waits for a function of the host, another can run on top of it.
 *
 *   call_prepare --> call_run --> CALL_DONE, CALL_RAISED, CALL_REFUSED --> call_finish
 *                       ^  |
 *                       |  v
 *                    CALL_WAITS: see calls->pending
 */
#ifndef LUATEE_CORE_VM_CALL_H
#define LUATEE_CORE_VM_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/codec/callback_registry.h"
#include "core/codec/cursor.h"
#include "core/codec/held.h"
#include "core/vm/cancel.h"
#include "core/vm/fuel.h"
#include "core/vm/print_log.h"
#include "core/vm/vm.h"

struct store; /* core/lualib/store_access.h */

/* The reason why the running call waits. Only this layer writes it. The session reads it to check the next command. */
enum pending_kind {
    PENDING_NOTHING,
    PENDING_MANIFEST,  /* the app's manifest; nothing of the call has run yet */
    PENDING_SCRIPT,    /* the script `name` */
    PENDING_HOST_CALL, /* the host runs its export `name`, or, if number > 0, the function that it lent under it */
    PENDING_SLICE,     /* the host decides whether the call goes on */
    PENDING_REFUSAL,   /* nothing: the call ends, see calls->refused */
};

struct pending {
    enum pending_kind kind;
    char name[LUATEE_NAME_MAX + 1];
    uint64_t number;
    lua_State *thread; /* PENDING_HOST_CALL: the coroutine that called. Its stack has the arguments, later results */
};

/* A call that waits for a function of the host, below the running one. */
struct suspended_call {
    lua_State *thread;
    struct pending pending;
};

/* Zero is a state without a call. */
struct calls {
    lua_State *thread; /* of the call that began last; NULL: none began at this depth. The registry keeps the threads */
    struct pending pending;
    int arguments;     /* values on the thread for the next resume */
    bool host_raised;  /* the value that the host returned is an error */
    struct suspended_call suspended[LUATEE_HOST_DEPTH_MAX];
    int depth; /* how many calls are suspended */

    const char *refused; /* why the running call ends: a script is not trusted. Static words. NULL: it does not */
    char refused_name[LUATEE_NAME_MAX + 1]; /* of that script, or PACKAGE_MANIFEST_NAME */

    struct fuel fuel;     /* of the call at depth 0 and those inside it */
    struct cancel cancel; /* of the command that runs */

    struct callbacks callbacks; /* functions that cross by reference */
    struct held held;           /* functions of the host that scripts have */

    struct handle_ref storage; /* the app's store, if it is open: it closes with the call at the latest */
    struct store *store;       /* the session's state of the store; NULL until the first use */

    char *log; /* LUATEE_LOG_MAX bytes that print wrote since the last answer; NULL: none */
    size_t log_size;
    struct print_log print_log; /* limits the output of print to the TEE's log */
};

/* Returns the calls of the session that runs. */
static inline struct calls *calls_of(lua_State *L)
{
    return vm_of(L)->calls;
}

/* Makes a session's calls, which are from now on those of the vm. They end with the vm's allocator. Returns NULL when
 * memory runs out. */
struct calls *calls_new(struct vm *vm);

enum call_outcome {
    CALL_READY,         /* call_run starts or continues it */
    CALL_DONE,          /* it returned: `count` values of `at`, from index `first` on */
    CALL_RAISED,        /* it raised one value, at index `first` of `at` */
    CALL_WAITS,         /* calls->pending; after the answer, call_run continues it */
    CALL_REFUSED,       /* calls->refused */
    CALL_BAD_ARGUMENTS, /* the arguments do not conform to messages.cddl; nothing ran */
};

struct call_result {
    lua_State *at;
    int first;
    int count;
    const char *traceback; /* CALL_RAISED: a string of the main thread, or "" */
};

enum call_kind { CALL_SCRIPT, CALL_MODULE, CALL_FUNCTION };

/* The script, module or function that a call runs. */
struct call_target {
    enum call_kind kind;
    char name[LUATEE_NAME_MAX + 1]; /* CALL_SCRIPT, CALL_MODULE: a valid name */
    uint64_t number;                /* CALL_FUNCTION: of a function that the host has borrowed */
};

/*
 * Prepares a call of the target with the next `count` items of `arguments`, which must be its last. The message is not
 * used any more afterwards. While a call waits for the host, this one runs on top of it until call_finish. Returns
 * CALL_READY, CALL_RAISED (no memory, no fuel, no such function) or CALL_BAD_ARGUMENTS.
 */
enum call_outcome call_prepare(struct vm *vm, const struct call_target *target, struct cursor *arguments,
                               uint64_t count, struct call_result *result);

/* Starts or continues the call. Returns CALL_DONE, CALL_RAISED, CALL_WAITS or CALL_REFUSED. */
enum call_outcome call_run(struct vm *vm, struct call_result *result);

/* Ends a prepared call that must not run, with an error. Returns CALL_RAISED. */
enum call_outcome call_fail(struct vm *vm, const char *message, struct call_result *result);

/* Releases everything that the call held, and returns to the call below. Call this function after CALL_DONE,
 * CALL_RAISED, CALL_REFUSED or CALL_BAD_ARGUMENTS, when the result was read. */
void call_finish(struct vm *vm);

/* Lets a prepared call wait for the manifest. Returns CALL_WAITS. */
enum call_outcome call_await_manifest(struct vm *vm, const char *name);

/* Sets the budget of the call at depth 0 to its limit again: the limit has changed since call_prepare. */
void call_restart_budget(struct vm *vm);

/* Answer PENDING_SCRIPT: with the script or its package, or with the reason why there is none. The call pays for the
 * compilation, and its deadline ends it. */
void call_supply(struct vm *vm, const void *data, size_t size);
void call_decline(struct vm *vm, const char *reason, size_t size);

/* Refuses a script, or the manifest, of a prepared call that has not run: call_run returns CALL_REFUSED. */
void call_refuse_prepared(struct vm *vm, const char *name, const char *why);

/*
 * For functions that scripts call. None of these three returns: each stops the call, or raises an error.
 *
 * call_ask_script waits for the script and continues in k. Where Lua cannot wait, that is, inside a C function such as
 * table.sort, it raises an error.
 *
 * call_refuse ends the call, since the script `name` is not trusted: at once, or where Lua cannot wait, as soon as it
 * can stop. Until then the call cannot run another script. why: static words that end a sentence.
 */
int call_ask_script(lua_State *L, const char *name, lua_KContext ctx, lua_KFunction k);
int call_refuse(lua_State *L, const char *name, const char *why, lua_KContext ctx, lua_KFunction k);

/* After an answer to call_ask_script: pushes the reason why there is no script, if it was declined or does not
 * compile. */
void call_push_refusal(lua_State *L);

/* Ends the wait of the call, for a coroutine inside a C function that cannot stop. */
void call_clear_pending(struct vm *vm);

/* Lets the running call wait. For host_call.c and fuel.c. */
void call_set_pending(struct calls *calls, enum pending_kind kind, const char *name, uint64_t number,
                      lua_State *thread);

/* Start and stop counting fuel, and paying for waits in lower layers. They enclose all code that runs scripts. For
 * call_end.c. */
void call_enter(struct vm *vm);
void call_leave(struct vm *vm);

/* Appends text to the log of the next answer, up to LUATEE_LOG_MAX bytes in all. Drops the rest. */
void call_log(struct vm *vm, const char *text, size_t size);
/* Wipes and frees the log. */
void call_log_clear(struct vm *vm);

#endif
