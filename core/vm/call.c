/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/call.h"

#include <string.h>

#include "core/base/progress.h"
#include "core/codec/codec.h"
#include "core/vm/call_end.h"
#include "core/vm/host_call.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* --- a session's calls -------------------------------------------------------------------------------------------- */

/* Finds the thread for this depth of calls. Threads are kept in the registry, under the address of the calls. */
static void find_thread(lua_State *L, struct calls *calls)
{
    if (calls->thread)
        return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, calls);
    if (lua_rawgeti(L, -1, calls->depth) != LUA_TTHREAD) {
        lua_pop(L, 1);
        lua_newthread(L);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, calls->depth);
    }
    calls->thread = lua_tothread(L, -1);
    lua_pop(L, 2);
}

static int setup(lua_State *L)
{
    struct calls *calls = calls_of(L);
    call_end_setup(L);
    host_call_setup(L);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, calls);
    find_thread(L, calls);
    return 0;
}

struct calls *calls_new(struct vm *vm)
{
    struct calls *calls = alloc_block(vm->alloc, sizeof(*calls));
    if (!calls)
        return NULL;
    *calls = (struct calls){ 0 };
    vm->calls = calls;
    return vm_protect(vm, setup, NULL) == LUA_OK ? calls : NULL;
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

/* A call inside a call uses the budget of the outer one. */
void call_restart_budget(struct vm *vm)
{
    if (vm->calls->depth == 0)
        fuel_begin(&vm->calls->fuel, vm->fuel_max);
}

/* Suspends the running call, which waits for the host. The next call runs on top of it. */
static void suspend_call(struct calls *calls)
{
    calls->suspended[calls->depth++] = (struct suspended_call){ calls->thread, calls->pending };
    calls->thread = NULL;
    calls->pending = (struct pending){ 0 };
}

/* Makes the call below the running one again: it still waits for the host. */
static void resume_outer(struct calls *calls)
{
    if (calls->depth == 0)
        return;
    fuel_inner_over(&calls->fuel);
    const struct suspended_call *outer = &calls->suspended[--calls->depth];
    calls->thread = outer->thread;
    calls->pending = outer->pending;
}

struct start {
    const struct call_target *target;
    struct cursor *arguments;
    uint64_t count;
    bool bad; /* the message */
};

/* Pushes the function that runs the target, and the target's name if that is its argument. Returns how many values. */
static int push_target(lua_State *L, const struct call_target *target)
{
    if (target->kind == CALL_FUNCTION) {
        callback_push_lent(L, &calls_of(L)->callbacks, target->number);
        return 1;
    }
    vm_of(L)->hooks->push_runner(L, target->kind == CALL_SCRIPT ? VM_RUN_SCRIPT : VM_RUN_MODULE);
    lua_pushstring(L, target->name);
    return 2;
}

/* Puts the function and its arguments on the thread. */
static int prepare(lua_State *L)
{
    struct start *s = lua_touserdata(L, 1);
    struct calls *calls = calls_of(L);
    find_thread(L, calls);
    int first = push_target(L, s->target);
    call_restart_budget(vm_of(L)); /* the call pays for its arguments */
    int count = codec_decode(L, s->arguments, s->count, &calls->callbacks.codec);
    s->bad = count < 0 || !cursor_finish(s->arguments);
    if (s->bad)
        return 0;
    if (!lua_checkstack(calls->thread, count + first))
        return luaL_error(L, "too many arguments");
    lua_xmove(L, calls->thread, count + first);
    calls->arguments = count + first - 1;
    return 0;
}

static int push_fuel_error(lua_State *L)
{
    fuel_push_error(L);
    return 1;
}

enum call_outcome call_prepare(struct vm *vm, const struct call_target *target, struct cursor *arguments,
                               uint64_t count, struct call_result *result)
{
    struct start s = { .target = target, .arguments = arguments, .count = count };
    struct calls *calls = vm->calls;
    *result = (struct call_result){ .at = vm->L, .first = 1, .count = 1, .traceback = "" };
    if (calls->pending.kind == PENDING_HOST_CALL)
        suspend_call(calls);
    if (vm_protect(vm, prepare, &s) != LUA_OK) {
        if (fuel_ended(&calls->fuel) || calls->fuel.reserve < 0) /* while the arguments were decoded */
            (void)vm_protect(vm, push_fuel_error, NULL);
        return CALL_RAISED;
    }
    return s.bad ? CALL_BAD_ARGUMENTS : CALL_READY;
}

enum call_outcome call_fail(struct vm *vm, const char *message, struct call_result *result)
{
    (void)vm_protect(vm, vm_push_message, (void *)(uintptr_t)message); /* or the message is that there is no memory */
    *result = (struct call_result){ .at = vm->L, .first = lua_gettop(vm->L), .count = 1, .traceback = "" };
    return CALL_RAISED;
}

/* --- running ------------------------------------------------------------------------------------------------------ */

/* Lower layers call this function while they wait. The call pays for the wait. Returns false when the call must end. */
static bool is_wanted(void *context, uint32_t milliseconds)
{
    struct vm *vm = context;
    luatee_fuel_deduct((int64_t)milliseconds * LUATEE_FUEL_WAIT);
    return fuel_wanted(vm->L) && fuel_left(&vm->calls->fuel) > 0;
}

void call_enter(struct vm *vm)
{
    progress_set_hook(is_wanted, vm);
    fuel_go(&vm->calls->fuel);
}

void call_leave(struct vm *vm)
{
    fuel_stop(&vm->calls->fuel);
    progress_set_hook(NULL, NULL);
}

enum call_outcome call_run(struct vm *vm, struct call_result *result)
{
    struct calls *calls = vm->calls;
    int count;
    calls->pending.kind = PENDING_NOTHING;
    if (calls->refused)
        return call_end_refused(vm);
    call_enter(vm);
    int status = lua_resume(calls->thread, vm->L, calls->arguments, &count);
    call_leave(vm);
    calls->arguments = 0;
    if (calls->refused)
        return call_end_refused(vm);
    if (status == LUA_YIELD) /* scripts cannot yield out of the call's own thread: coroutine.yield is ours */
        return CALL_WAITS;
    if (status != LUA_OK || fuel_ended(&calls->fuel))
        return call_end_raised(vm, result);
    *result = (struct call_result){ .at = calls->thread,
                                    .first = lua_gettop(calls->thread) - count + 1,
                                    .count = count };
    return CALL_DONE;
}

void call_finish(struct vm *vm)
{
    struct calls *calls = vm->calls;
    calls->refused = NULL;
    calls->pending.kind = PENDING_NOTHING;
    calls->arguments = 0;
    if (calls->thread)
        lua_settop(calls->thread, 0);
    lua_settop(vm->L, 0);
    if (calls->depth == 0) /* a coroutine that no script resumes may have left the store open: other sessions wait */
        handle_close_ref(vm, calls->storage);
    alloc_reserve(vm->alloc, false); /* a message that did not fit into the reserve leaves it open */
    /* Garbage of a call must not leave too little memory for the messages of the next. */
    if (alloc_used(vm->alloc) > alloc_quota(vm->alloc) / 2)
        vm_collect_garbage(vm->L);
    resume_outer(calls);
}

/* --- the log ------------------------------------------------------------------------------------------------------ */

void call_log(struct vm *vm, const char *text, size_t size)
{
    struct calls *calls = vm->calls;
    if (!calls->log && !(calls->log = alloc_block(vm->alloc, LUATEE_LOG_MAX)))
        return;
    size_t room = LUATEE_LOG_MAX - calls->log_size;
    if (size > room)
        size = room;
    memcpy(calls->log + calls->log_size, text, size);
    calls->log_size += size;
}

void call_log_clear(struct vm *vm)
{
    struct calls *calls = vm->calls;
    alloc_free_wiped(vm->alloc, calls->log, LUATEE_LOG_MAX);
    calls->log = NULL;
    calls->log_size = 0;
}
