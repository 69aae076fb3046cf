/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One Lua state in the TEE and what belongs to it. A call runs in a coroutine of its own, so that it can stop, ask the
 * host for something and go on with the answer.
 */
#ifndef LUATEE_CORE_VM_VM_H
#define LUATEE_CORE_VM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/base/alloc.h"
#include "core/codec/callback_registry.h"
#include "core/codec/cursor.h"
#include "core/codec/held.h"
#include "core/package/manifest.h"
#include "core/trust/package_policy.h"
#include "core/vm/cancel.h"
#include "core/vm/fuel.h"
#include "core/vm/handle.h"
#include "core/vm/print_log.h"
#include "lua.h"

struct store; /* core/lualib/store_access.h */

/* A call that waits for a function of the host, which called us again. */
struct vm_waiting {
    lua_State *thread;
    lua_State *asker;
};

struct vm {
    lua_State *L; /* the main thread: runs nothing but our own protected functions */
    lua_State *thread; /* runs the call that began last; kept from one to the next */
    struct alloc *alloc;
    const char *app; /* the app's name; owned by the session */
    bool stored;     /* scripts come from secure storage, never from the host */
    struct package_policy *policy; /* which scripts are taken; owned by the session */
    struct manifest *manifest; /* limits and grants of the app; the default one until the session knows better */

    uint64_t fuel_max, memory_max; /* the host's own limits; the lower of these and the manifest's are in force */
    struct fuel fuel; /* of the running call */
    struct cancel cancel; /* of the command that runs it */
    int arguments; /* on the thread, for the next resume */
    bool asking;                          /* the running call waits for the host ... */
    char question[LUATEE_NAME_MAX + 1];   /* ... to send this script; with asker, to run the export so named ... */
    uint64_t callee;                      /* ... or this function of the host, if above 0 */
    lua_State *asker;                     /* the coroutine that has the arguments for the host, and gets the results */
    bool host_raised;                     /* ... or an error */
    const char *refused; /* why the running call ends: `question` is not trusted; otherwise NULL, as are those below */
    struct vm_waiting waiting[LUATEE_HOST_DEPTH_MAX]; /* calls below the running one */
    int depth;                            /* how many they are */

    struct callbacks functions; /* what crosses by reference, */
    struct held held;           /* and the functions of the host that we have */

    struct handles handles;    /* of the TEE, held by scripts */
    struct handle_ref storage; /* of them: the app's store is open; ends with the call at the latest. Or none */
    struct store *store;       /* what the session knows of that; NULL: nothing yet */

    char *log; /* what print wrote since the last answer: LUATEE_LOG_MAX bytes, or NULL */
    size_t log_size;
    struct print_log tee_log; /* and what goes to the TEE's own log */
};

enum vm_outcome {
    VM_READY,  /* vm_run goes on */
    VM_DONE,   /* results are `count` values of `at` from `first` on */
    VM_RAISED, /* the error is one value of `at`; traceback tells where it came from */
    VM_ASKS,   /* vm->question is the script that is needed; answer with vm_supply or vm_decline, then vm_run */
    VM_SLICE_OVER, /* nothing is asked; vm_run goes on, after fuel_cancel if the host wants so */
    VM_CALLS_HOST, /* the host has to run a function: core/vm/host_call.h */
    VM_REFUSED, /* vm->question is not to be trusted, for the reason vm->refused: the call is over */
    VM_BAD_ARGUMENTS, /* the arguments are not what messages.cddl says; nothing ran */
};

struct vm_result {
    lua_State *at;
    int first;
    int count;
    const char *traceback; /* VM_RAISED: a string of the main thread, or "" */
};

/* Returns NULL when there is no memory. app and policy must outlive the vm. */
struct vm *vm_new(struct alloc *alloc, const char *app, bool stored, struct package_policy *policy);

/* Gives the TEE back what scripts hold of it. The rest of a vm ends with its allocator; nothing needs lua_close. */
void vm_close(struct vm *vm);

/* Puts the limits in force: the lower of the manifest's and the host's. After either has changed. */
void vm_apply_limits(struct vm *vm);

/* The vm that L belongs to. */
struct vm *vm_of(lua_State *L);

enum vm_kind { VM_SCRIPT, VM_MODULE, VM_FUNCTION };

/* What a call runs. */
struct vm_target {
    enum vm_kind kind;
    char name[LUATEE_NAME_MAX + 1]; /* VM_SCRIPT, VM_MODULE: a valid one */
    uint64_t number;                /* VM_FUNCTION: one that the host has from us */
};

/*
 * Gets the target ready to run with the next `count` items of `arguments`, which must be its last. The message can be
 * dropped then. Returns VM_READY, VM_RAISED (no memory, no such function) or VM_BAD_ARGUMENTS. When a call waits for
 * the host, this one goes on top of it, until vm_finish.
 */
enum vm_outcome vm_prepare(struct vm *vm, const struct vm_target *target, struct cursor *arguments,
                           uint64_t count, struct vm_result *result);

/* Runs what is ready, or goes on with a call that stopped. Returns VM_DONE, VM_RAISED, VM_ASKS, VM_CALLS_HOST,
 * VM_SLICE_OVER or VM_REFUSED. */
enum vm_outcome vm_run(struct vm *vm, struct vm_result *result);

/* Answers a question: with the script or its package, or with the reason why there is none. Compiling it is on the
 * bill of the call, and ends at its deadline. */
void vm_supply(struct vm *vm, const void *data, size_t size);
void vm_decline(struct vm *vm, const char *reason, size_t size);

/* The manifest is another one, after vm_prepare: what it limits counts from now on. */
void vm_take_budgets(struct vm *vm);

/* For what goes wrong before a prepared call runs: its outcome VM_RAISED, with a message. */
enum vm_outcome vm_fail(struct vm *vm, const char *message, struct vm_result *result);

/* After VM_DONE, VM_RAISED or VM_REFUSED, when the result was read: gets ready for the next call, or for the answer to
 * the one below. */
void vm_finish(struct vm *vm);

/*
 * For functions that catch errors: pushes the message of a memory error, with figures, in place of the bare one on the
 * top of the stack. The memory for it is kept back.
 */
void vm_explain_shortage(lua_State *L);

/*
 * For functions that scripts call: stops the call with a question and goes on in k when the answer is there. Raises an
 * error where Lua cannot wait, that is, inside a C function such as table.sort. Never returns.
 */
int vm_ask(lua_State *L, const char *name, lua_KContext ctx, lua_KFunction k);

/* Runs f in the main thread with ctx as its argument. On an error the stack holds the error value, otherwise its
 * results. */
int vm_protect(struct vm *vm, lua_CFunction f, void *ctx);

/* For vm_protect: pushes the message that is its ctx, a C string. */
int vm_push_message(lua_State *L);

/* After an answer: pushes the reason why there is no script, if it was declined or does not compile. */
void vm_push_refusal(lua_State *L);

/* For functions that scripts call: `name` is not to be trusted. The call ends with VM_REFUSED, at once, or where Lua
 * cannot wait, when it comes back; it cannot run another script until then. why: words that end a sentence, static.
 * Never returns. */
int vm_refuse(lua_State *L, const char *name, const char *why, lua_KContext ctx, lua_KFunction k);

/* Appends to the log of the next answer, as far as there is room. */
void vm_log(struct vm *vm, const char *text, size_t size);
void vm_log_clear(struct vm *vm);

#endif
