/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/call_end.h"

#include "core/vm/host_call.h"
#include "lauxlib.h"

/* Keys in the registry: the traceback of the call that ended last, and its error value while it is being unwound. */
static const char key_traceback, key_raised;

void call_end_setup(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
}

static int push_traceback(lua_State *L)
{
    lua_State *thread = calls_of(L)->thread;
    luaL_traceback(L, thread, NULL, 0);
    if (lua_checkstack(thread, 1)) {
        lua_pushvalue(thread, -1);
        lua_xmove(thread, L, 1);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
        host_call_add_traceback(L);
    }
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback); /* it is read after other functions ran in the main thread */
    return 1;
}

/* Pushes the error of a call that its fuel ended. If <close> variables used up the fuel, the message names the error at
 * index 2, for which they were closed. */
static void push_fuel_end(lua_State *L, bool in_close)
{
    fuel_push_error(L);
    if (!in_close)
        return;
    if (lua_isstring(L, 2))
        lua_pushfstring(L, "%s after: %s", lua_tostring(L, -1), lua_tostring(L, 2));
    else
        lua_pushfstring(L, "%s after an error that is a %s value", lua_tostring(L, -1), luaL_typename(L, 2));
}

/* How a call ended. */
struct end {
    int status;
    struct alloc_shortage shortage; /* of LUA_ERRMEM */
};

/* Replaces the error on the thread by the runtime's own message, at the end of the fuel or for a shortage of memory. */
static int replace_error(lua_State *L)
{
    const struct end *end = lua_touserdata(L, 1);
    struct calls *calls = calls_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_raised);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_raised);
    if (fuel_ended(&calls->fuel))
        push_fuel_end(L, fuel_unwind_is_empty(&calls->fuel));
    else if (end->status == LUA_ERRMEM)
        vm_push_shortage(L, &end->shortage);
    else
        return 0;
    lua_settop(calls->thread, 0);
    lua_xmove(L, calls->thread, 1);
    return 0;
}

/* Runs pending <close> variables. */
static int close_thread(struct vm *vm)
{
    call_enter(vm);
    int status = lua_closethread(vm->calls->thread, vm->L);
    call_leave(vm);
    return status;
}

enum call_outcome call_end_raised(struct vm *vm, struct call_result *result)
{
    struct calls *calls = vm->calls;
    /* The traceback needs the stack as it is. The shortage is that of the call, not that of the traceback. */
    struct end end = { .status = lua_status(calls->thread), .shortage = alloc_shortage(vm->alloc) };
    const char *traceback = "";
    alloc_reserve(vm->alloc, end.status == LUA_ERRMEM);
    if (vm_protect(vm, push_traceback, NULL) == LUA_OK)
        traceback = lua_tostring(vm->L, -1);
    alloc_reserve(vm->alloc, false);
    int64_t rest = fuel_limit(&calls->fuel); /* nothing can stop <close> variables now, so they must be short */
    int status = close_thread(vm);
    if (status == LUA_ERRMEM && end.status != LUA_ERRMEM)
        end.shortage = alloc_shortage(vm->alloc);
    end.status = status;
    /* Without memory for the message, the shortage is the error. */
    lua_State *at = vm_protect(vm, replace_error, &end) == LUA_OK ? calls->thread : vm->L;
    fuel_return(&calls->fuel, rest); /* for the call around this one */
    *result = (struct call_result){ .at = at, .first = lua_gettop(at), .count = 1, .traceback = traceback };
    return CALL_RAISED;
}

enum call_outcome call_end_refused(struct vm *vm)
{
    struct calls *calls = vm->calls;
    calls->pending.kind = PENDING_NOTHING; /* a coroutine of a <close> variable may still yield */
    int64_t rest = fuel_limit(&calls->fuel);
    (void)close_thread(vm);
    fuel_return(&calls->fuel, rest);
    return CALL_REFUSED;
}
