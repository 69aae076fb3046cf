/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/vm.h"

#include <string.h>

#include "core/base/progress.h"
#include "core/base/text.h"
#include "core/codec/codec.h"
#include "core/sandbox/globals.h"
#include "core/sandbox/import.h"
#include "core/sandbox/script.h"
#include "core/vm/handle.h"
#include "core/vm/host_call.h"
#include "core/vm/no_yield_context.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"
#include "tee_internal_api.h"

/* Keys in Lua's registry: their addresses. */
static const char key_threads, key_entry, key_refusal, key_traceback, key_raised;

static int panic(lua_State *L)
{
    /* Every entry into Lua is protected, so this is a mistake of ours: end the TA before it does something else. */
    (void)L;
    TEE_Panic(TEE_ERROR_GENERIC);
    return 0;
}

struct vm *vm_of(lua_State *L)
{
    struct vm *vm;
    memcpy(&vm, lua_getextraspace(L), sizeof(vm));
    return vm;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void vm_apply_limits(struct vm *vm)
{
    alloc_limit(vm->alloc, (size_t)lower(lower(vm->manifest->memory, vm->memory_max), LUATEE_TA_MEMORY_MAX));
}

static void collect_garbage(void *L)
{
    lua_gc(L, LUA_GCCOLLECT);
}

int vm_protect(struct vm *vm, lua_CFunction f, void *ctx)
{
    lua_settop(vm->L, 0);
    lua_pushcfunction(vm->L, f);
    lua_pushlightuserdata(vm->L, ctx);
    return lua_pcall(vm->L, 1, LUA_MULTRET, 0);
}

/* Each depth of calls has a thread, which is kept. */
static void find_thread(lua_State *L, struct vm *vm)
{
    if (vm->thread)
        return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_threads);
    if (lua_rawgeti(L, -1, vm->depth) != LUA_TTHREAD) {
        lua_pop(L, 1);
        lua_newthread(L);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, vm->depth);
    }
    vm->thread = lua_tothread(L, -1);
    lua_pop(L, 2);
}

static int setup(lua_State *L)
{
    struct vm *vm = vm_of(L);
    globals_setup(L);
    script_setup(L);
    fuel_setup(L);
    script_push_call(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_entry);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
    host_call_setup(L);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_threads);
    find_thread(L, vm);
    return 0;
}

struct vm *vm_new(struct alloc *alloc, const char *app, bool stored, struct package_policy *policy)
{
    struct vm *vm = alloc_block(alloc, sizeof(*vm));
    if (!vm)
        return NULL;
    *vm = (struct vm){ .alloc = alloc, .app = app, .stored = stored, .policy = policy };
    vm->fuel_max = UINT64_MAX;
    vm->memory_max = UINT64_MAX;
    vm->manifest = alloc_block(alloc, sizeof(*vm->manifest));
    if (!vm->manifest)
        return NULL;
    manifest_default(vm->manifest);
    vm->L = lua_newstate(alloc_lua, alloc);
    if (!vm->L)
        return NULL;
    lua_atpanic(vm->L, panic);
    memcpy(lua_getextraspace(vm->L), &vm, sizeof(vm));
    if (vm_protect(vm, setup, NULL) != LUA_OK)
        return NULL;
    alloc_on_shortage(alloc, collect_garbage, vm->L);
    return vm;
}

void vm_close(struct vm *vm)
{
    handle_close_all(vm);
}

int vm_push_message(lua_State *L)
{
    lua_pushstring(L, lua_touserdata(L, 1));
    return 1;
}

/* What is called inside a call is on its bill. */
static void begin_budget(struct vm *vm)
{
    if (vm->depth == 0)
        fuel_begin(&vm->fuel, lower(vm->manifest->fuel, vm->fuel_max));
}

struct start {
    const struct vm_target *target;
    struct cursor *arguments;
    uint64_t count;
    bool bad; /* the message */
};

/* Pushes what runs the target, and the target's name. Returns how many. */
static int push_target(lua_State *L, const struct vm_target *target)
{
    if (target->kind == VM_FUNCTION) {
        callback_push_lent(L, &vm_of(L)->functions, target->number);
        return 1;
    }
    if (target->kind == VM_SCRIPT)
        lua_rawgetp(L, LUA_REGISTRYINDEX, &key_entry);
    else
        import_push(L);
    lua_pushstring(L, target->name);
    return 2;
}

/* Puts the entry function, the script's name and the arguments on the thread. */
static int prepare(lua_State *L)
{
    struct start *s = lua_touserdata(L, 1);
    struct vm *vm = vm_of(L);
    find_thread(L, vm);
    int first = push_target(L, s->target);
    begin_budget(vm); /* the arguments are on it */
    int count = codec_decode(L, s->arguments, s->count, &vm->functions.codec);
    s->bad = count < 0 || !cursor_finish(s->arguments);
    if (s->bad)
        return 0;
    if (!lua_checkstack(vm->thread, count + first))
        return luaL_error(L, "too many arguments");
    lua_xmove(L, vm->thread, count + first);
    vm->arguments = count + first - 1;
    return 0;
}

static int push_traceback(lua_State *L)
{
    lua_State *thread = vm_of(L)->thread;
    luaL_traceback(L, thread, NULL, 0);
    if (lua_checkstack(thread, 1)) {
        lua_pushvalue(thread, -1);
        lua_xmove(thread, L, 1);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
        host_call_add_traceback(L);
    }
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback); /* its last reader comes after other functions ran here */
    return 1;
}

/* Pushes the error of the end of the fuel; when it came in <close> variables, with the error that they had to do
 * with. */
static void push_end(lua_State *L, bool limited)
{
    fuel_push_error(L);
    if (!limited)
        return;
    if (lua_isstring(L, 2))
        lua_pushfstring(L, "%s after: %s", lua_tostring(L, -1), lua_tostring(L, 2));
    else
        lua_pushfstring(L, "%s after an error that is a %s value", lua_tostring(L, -1), luaL_typename(L, 2));
}

static void push_shortage(lua_State *L, const struct alloc_shortage *shortage)
{
    struct alloc *alloc = vm_of(L)->alloc;
    char needed[TEXT_GROUPED_SIZE];
    alloc_reserve(alloc, true);
    lua_pushfstring(
        L, "not enough memory: needed %s more bytes; %d KiB of %d KiB in use; raise `memory` in manifest.lua",
        text_grouped(needed, shortage->needed), (int)(shortage->used / 1024), (int)(alloc_quota(alloc) / 1024));
    alloc_reserve(alloc, false);
}

/* How a call ended. */
struct end {
    int status;
    struct alloc_shortage shortage; /* of LUA_ERRMEM */
};

/* In the main thread: puts the message of an error that has one of its own in the place of the error on the thread. */
static int tell(lua_State *L)
{
    const struct end *end = lua_touserdata(L, 1);
    struct vm *vm = vm_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_raised);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
    if (fuel_ended(&vm->fuel))
        push_end(L, vm->fuel.limited && vm->fuel.end == FUEL_EMPTY);
    else if (end->status == LUA_ERRMEM)
        push_shortage(L, &end->shortage);
    else
        return 0;
    lua_settop(vm->thread, 0);
    lua_xmove(L, vm->thread, 1);
    return 0;
}

/* The running call waits for the host: the next one goes on top of it. */
static void suspend_call(struct vm *vm)
{
    vm->waiting[vm->depth++] = (struct vm_waiting){ vm->thread, vm->asker };
    vm->thread = NULL;
    vm->asker = NULL;
    vm->asking = false;
}

/* The call below waits for the host, as before. */
static void resume_outer(struct vm *vm)
{
    if (vm->depth == 0)
        return;
    fuel_inner_over(&vm->fuel);
    vm->depth--;
    vm->thread = vm->waiting[vm->depth].thread;
    vm->asker = vm->waiting[vm->depth].asker;
    vm->asking = true;
}

/* While a script waits for an object of another session: the call pays, and may have to end. */
static bool wait_wanted(void *context, uint32_t milliseconds)
{
    struct vm *vm = context;
    luatee_fuel_deduct((int64_t)milliseconds * LUATEE_FUEL_WAIT);
    return fuel_wanted(vm->L) && fuel_left(&vm->fuel) > 0;
}

static void go(struct vm *vm)
{
    progress_set_hook(wait_wanted, vm);
    fuel_go(&vm->fuel);
}

static void stop(struct vm *vm)
{
    fuel_stop(&vm->fuel);
    progress_set_hook(NULL, NULL);
}

/* Runs what <close> variables are pending. */
static int close_thread(struct vm *vm)
{
    go(vm);
    int status = lua_closethread(vm->thread, vm->L);
    stop(vm);
    return status;
}

static enum vm_outcome raised(struct vm *vm, struct vm_result *result)
{
    /* The traceback needs the stack as it is: nothing has been freed, and the shortage that is told is not its own. */
    struct end end = { .status = lua_status(vm->thread), .shortage = alloc_shortage(vm->alloc) };
    const char *traceback = "";
    alloc_reserve(vm->alloc, end.status == LUA_ERRMEM);
    if (vm_protect(vm, push_traceback, NULL) == LUA_OK)
        traceback = lua_tostring(vm->L, -1);
    alloc_reserve(vm->alloc, false);
    int64_t rest = fuel_limit(&vm->fuel); /* nothing can stop it now, so it must be short */
    int status = close_thread(vm);
    if (status == LUA_ERRMEM && end.status != LUA_ERRMEM)
        end.shortage = alloc_shortage(vm->alloc);
    end.status = status;
    /* Without memory for the message, that is the error. */
    lua_State *at = vm_protect(vm, tell, &end) == LUA_OK ? vm->thread : vm->L;
    fuel_return(&vm->fuel, rest); /* for the call around this one */
    *result = (struct vm_result){ .at = at, .first = lua_gettop(at), .count = 1, .traceback = traceback };
    return VM_RAISED;
}

static int push_fuel_error(lua_State *L)
{
    fuel_push_error(L);
    return 1;
}

enum vm_outcome vm_prepare(struct vm *vm, const struct vm_target *target, struct cursor *arguments,
                           uint64_t count, struct vm_result *result)
{
    struct start s = { .target = target, .arguments = arguments, .count = count };
    *result = (struct vm_result){ .at = vm->L, .first = 1, .count = 1, .traceback = "" };
    if (vm->asker)
        suspend_call(vm);
    if (vm_protect(vm, prepare, &s) != LUA_OK) {
        if (fuel_ended(&vm->fuel) || vm->fuel.reserve < 0) /* while the arguments came in */
            (void)vm_protect(vm, push_fuel_error, NULL);
        return VM_RAISED;
    }
    return s.bad ? VM_BAD_ARGUMENTS : VM_READY;
}

enum vm_outcome vm_fail(struct vm *vm, const char *message, struct vm_result *result)
{
    (void)vm_protect(vm, vm_push_message, (void *)(uintptr_t)message); /* or the message is that there is no memory */
    *result = (struct vm_result){ .at = vm->L, .first = lua_gettop(vm->L), .count = 1, .traceback = "" };
    return VM_RAISED;
}

void vm_take_budgets(struct vm *vm)
{
    vm_apply_limits(vm);
    begin_budget(vm);
}

/* Nothing of the call goes on but what its <close> variables have to do. */
static enum vm_outcome refused(struct vm *vm)
{
    vm->asking = false; /* nothing is asked any more: what yields now is a coroutine of a <close> variable */
    vm->asker = NULL;
    int64_t rest = fuel_limit(&vm->fuel);
    (void)close_thread(vm);
    fuel_return(&vm->fuel, rest);
    return VM_REFUSED;
}

/* Scripts cannot yield out of the call's own thread: coroutine.yield is ours. */
static enum vm_outcome stopped(const struct vm *vm)
{
    if (!vm->asking)
        return VM_SLICE_OVER;
    return vm->asker ? VM_CALLS_HOST : VM_ASKS;
}

enum vm_outcome vm_run(struct vm *vm, struct vm_result *result)
{
    int count;
    vm->asking = false;
    vm->asker = NULL;
    if (vm->refused)
        return refused(vm);
    vm->fuel.slice_over = false;
    go(vm);
    int status = lua_resume(vm->thread, vm->L, vm->arguments, &count);
    stop(vm);
    vm->arguments = 0;
    if (vm->refused)
        return refused(vm);
    if (status == LUA_YIELD)
        return stopped(vm);
    if (status != LUA_OK || fuel_ended(&vm->fuel))
        return raised(vm, result);
    *result = (struct vm_result){ .at = vm->thread, .first = lua_gettop(vm->thread) - count + 1, .count = count };
    return VM_DONE;
}

struct text {
    const void *data;
    size_t size;
};

static int supply(lua_State *L)
{
    const struct text *script = lua_touserdata(L, 1);
    struct vm *vm = vm_of(L);
    if (!script_take(L, vm->question, script->data, script->size, &vm->refused))
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_refusal);
    return 0;
}

static int decline(lua_State *L)
{
    const struct text *reason = lua_touserdata(L, 1);
    lua_pushlstring(L, reason->data, reason->size);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_refusal);
    return 0;
}

/* Without memory even for a reason there is none, and vm_push_refusal says so. The call that waits for the script pays
 * for compiling it. When that ends the call, the error comes as soon as the call runs again. */
void vm_supply(struct vm *vm, const void *data, size_t size)
{
    go(vm);
    (void)vm_protect(vm, supply, &(struct text){ data, size });
    stop(vm);
}

void vm_decline(struct vm *vm, const char *reason, size_t size)
{
    (void)vm_protect(vm, decline, &(struct text){ reason, size });
}

void vm_push_refusal(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_refusal) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushliteral(L, "not enough memory");
    }
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_refusal);
}

int vm_ask(lua_State *L, const char *name, lua_KContext ctx, lua_KFunction k)
{
    struct vm *vm = vm_of(L);
    if (fuel_ended(&vm->fuel)) { /* a <close> variable asks: nothing is waited for any more */
        fuel_push_error(L);
        return lua_error(L);
    }
    if (!lua_isyieldable(L))
        return luaL_error(
            L, "script '%s' is not loaded yet and cannot be fetched from inside %s; call or require it once before",
            name, no_yield_context_push(L));
    size_t size = strlen(name);
    memcpy(vm->question, name, size + 1);
    vm->asking = true;
    return lua_yieldk(L, 0, ctx, k);
}

void vm_explain_shortage(lua_State *L)
{
    struct alloc_shortage shortage = alloc_shortage(vm_of(L)->alloc);
    push_shortage(L, &shortage);
}

int vm_refuse(lua_State *L, const char *name, const char *why, lua_KContext ctx, lua_KFunction k)
{
    struct vm *vm = vm_of(L);
    if (!vm->refused) {
        vm->refused = why;
        memcpy(vm->question, name, strlen(name) + 1);
        vm->asking = true;
        if (lua_isyieldable(L))
            return lua_yieldk(L, 0, ctx, k);
    }
    vm->asking = false;
    return luaL_error(L, "script '%s' is refused", name);
}

void luatee_no_memory(lua_State *L)
{
    vm_explain_shortage(L);
    lua_error(L);
}

void vm_finish(struct vm *vm)
{
    vm->refused = NULL;
    vm->arguments = 0;
    if (vm->thread)
        lua_settop(vm->thread, 0);
    lua_settop(vm->L, 0);
    if (vm->depth == 0) /* in a coroutine that nobody goes on with: other sessions wait for it */
        handle_close_ref(vm, vm->storage);
    alloc_reserve(vm->alloc, false); /* a message that did not fit into it leaves it open */
    /* What a call leaves behind must not starve the messages of the next. */
    if (alloc_used(vm->alloc) > alloc_quota(vm->alloc) / 2)
        collect_garbage(vm->L);
    resume_outer(vm);
}

void vm_log(struct vm *vm, const char *text, size_t size)
{
    if (!vm->log && !(vm->log = alloc_block(vm->alloc, LUATEE_LOG_MAX)))
        return;
    size_t room = LUATEE_LOG_MAX - vm->log_size;
    if (size > room)
        size = room;
    memcpy(vm->log + vm->log_size, text, size);
    vm->log_size += size;
}

void vm_log_clear(struct vm *vm)
{
    alloc_free_wiped(vm->alloc, vm->log, LUATEE_LOG_MAX);
    vm->log = NULL;
    vm->log_size = 0;
}
