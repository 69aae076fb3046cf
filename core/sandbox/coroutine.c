/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/coroutine.h"

#include <string.h>

#include "core/vm/host_call.h"
#include "core/vm/no_yield_context.h"
#include "core/vm/call.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* Units of fuel for resuming a coroutine. Each value that is moved costs another one. */
#define RESUME_FUEL 16

static lua_State *check_coroutine(lua_State *L, int idx)
{
    lua_State *co = lua_tothread(L, idx);
    luaL_argexpected(L, co, idx, "thread");
    return co;
}

/* Returns whether L is the thread of the call itself. Scripts cannot yield from it, as from the main thread of stock
 * Lua. */
static bool is_main(lua_State *L)
{
    return calls_of(L)->thread == L;
}

static int co_yield(lua_State *L);

/* Returns whether co stopped because co, or a coroutine that it resumed, waits for the host. Then scripts cannot resume
 * or close it. */
static bool waits(lua_State *co)
{
    lua_Debug frame;
    if (!lua_getstack(co, 0, &frame) || !lua_getinfo(co, "f", &frame))
        return false;
    bool yields = lua_tocfunction(co, -1) == co_yield;
    lua_pop(co, 1);
    return !yields;
}

static const char *status_of(lua_State *L, lua_State *co)
{
    if (co == L)
        return "running";
    switch (lua_status(co)) {
    case LUA_YIELD:
        return waits(co) ? "normal" : "suspended";
    case LUA_OK: {
        lua_Debug frame;
        if (lua_getstack(co, 0, &frame))
            return "normal"; /* co has resumed another coroutine */
        return lua_gettop(co) == 0 ? "dead" : "suspended";
    }
    default:
        return "dead";
    }
}

/* Answers the pending call with an error, because the host cannot be asked here. */
static void refuse(lua_State *L, struct vm *vm)
{
    bool host_call = vm->calls->pending.kind == PENDING_HOST_CALL;
    const char *place = no_yield_context_push(L);
    const char *reason =
        host_call ? lua_pushfstring(L, "the host cannot be called from a coroutine that runs inside %s", place) :
                    lua_pushfstring(L,
                                    "a script that is not loaded yet cannot be fetched from a coroutine that runs "
                                    "inside %s; call or require it once before",
                                    place);
    if (host_call)
        host_call_fail(vm, reason);
    else
        call_decline(vm, reason, strlen(reason));
    call_clear_pending(vm);
    lua_pop(L, 2);
}

/*
 * Resumes co until it returns, yields or fails. When co stops because the call waits, this coroutine stops in turn and
 * continues in k. Returns co's status; *count: its results on its stack.
 */
static int advance(lua_State *L, lua_State *co, int arguments, lua_KFunction k, int *count)
{
    struct vm *vm = vm_of(L);
    for (;;) {
        int status = lua_resume(co, L, arguments, count);
        if (status != LUA_YIELD || vm->calls->pending.kind == PENDING_NOTHING)
            return status;
        if (lua_isyieldable(L))
            return lua_yieldk(L, 0, (lua_KContext)co, k);
        arguments = 0;
        if (vm->calls->pending.kind == PENDING_SLICE)
            fuel_extend(L);
        else
            refuse(L, vm);
    }
}

/* Raises the error that ends the call again: a coroutine must not catch it, or avoid it by yielding. */
static void check_end(lua_State *L, lua_State *co)
{
    if (!fuel_ended(&calls_of(L)->fuel))
        return;
    (void)lua_closethread(co, L);
    fuel_push_error(L);
    lua_error(L);
}

/* Moves the results of co to L. Returns the number of values, or -1 with an error message on L. */
static int collect(lua_State *L, lua_State *co, int status, int count)
{
    check_end(L, co);
    (void)luatee_fuel_deduct(count); /* each value is moved */
    if (status == LUA_ERRMEM) {
        vm_explain_shortage(L);
        return -1;
    }
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, count + 1)) {
        lua_pop(co, count);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, count);
    return count;
}

/* Moves the arguments on the top of L to co. Returns false with a message on L. */
static bool send(lua_State *L, lua_State *co, int count)
{
    luatee_fuel_consume(L, RESUME_FUEL + count);
    if (!lua_checkstack(co, count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return false;
    }
    const char *status = status_of(L, co);
    if (status[0] != 's') {
        lua_pushfstring(L, "cannot resume %s coroutine", status[0] == 'd' ? "dead" : "non-suspended");
        return false;
    }
    lua_xmove(L, co, count);
    return true;
}

static int resume_end(lua_State *L, lua_State *co, int status, int count)
{
    int moved = collect(L, co, status, count);
    lua_pushboolean(L, moved >= 0);
    lua_insert(L, moved >= 0 ? -(moved + 1) : -2);
    return moved >= 0 ? moved + 1 : 2;
}

static int resume_again(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    lua_State *co = (lua_State *)ctx; /* argument 1 keeps it alive */
    int count;
    int result = advance(L, co, 0, resume_again, &count);
    return resume_end(L, co, result, count);
}

static int co_resume(lua_State *L)
{
    lua_State *co = check_coroutine(L, 1);
    int arguments = lua_gettop(L) - 1;
    if (!send(L, co, arguments)) {
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    int count;
    int status = advance(L, co, arguments, resume_again, &count);
    return resume_end(L, co, status, count);
}

/* Raises the error on the top of L. Adds the position of the caller of wrap's function to a message. */
static int wrap_error(lua_State *L, lua_State *co)
{
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {
        /* co failed, so it can have pending <close> variables; closing them can change the error. */
        status = lua_closethread(co, L);
        lua_xmove(co, L, 1);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap_end(lua_State *L, lua_State *co, int status, int count)
{
    if (status != LUA_OK && status != LUA_YIELD)
        return wrap_error(L, co); /* the error stays on co, where closing finds it */
    int moved = collect(L, co, status, count);
    return moved >= 0 ? moved : wrap_error(L, co);
}

static int wrap_again(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    lua_State *co = (lua_State *)ctx; /* the upvalue keeps it alive */
    int count;
    int result = advance(L, co, 0, wrap_again, &count);
    return wrap_end(L, co, result, count);
}

static int wrap_call(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int arguments = lua_gettop(L);
    if (!send(L, co, arguments))
        return wrap_error(L, co);
    int count;
    int status = advance(L, co, arguments, wrap_again, &count);
    return wrap_end(L, co, status, count);
}

static int co_create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int co_wrap(lua_State *L)
{
    co_create(L);
    lua_pushcclosure(L, wrap_call, 1);
    return 1;
}

static int co_yield(lua_State *L)
{
    if (is_main(L))
        return luaL_error(L, "attempt to yield from outside a coroutine");
    if (!lua_isyieldable(L))
        return luaL_error(L, "attempt to yield across a C-call boundary: a coroutine cannot yield from inside %s",
                          no_yield_context_push(L));
    return lua_yield(L, lua_gettop(L));
}

static int co_status(lua_State *L)
{
    lua_pushstring(L, status_of(L, check_coroutine(L, 1)));
    return 1;
}

static int co_isyieldable(lua_State *L)
{
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L, 1);
    lua_pushboolean(L, !is_main(co) && lua_isyieldable(co));
    return 1;
}

static int co_running(lua_State *L)
{
    lua_pushthread(L);
    lua_pushboolean(L, is_main(L));
    return 2;
}

static int co_close(lua_State *L)
{
    lua_State *co = check_coroutine(L, 1);
    const char *status = status_of(L, co);
    if (status[0] != 's' && status[0] != 'd')
        return luaL_error(L, "cannot close a %s coroutine", status);
    int result = lua_closethread(co, L);
    check_end(L, co);
    lua_pushboolean(L, result == LUA_OK);
    if (result == LUA_OK)
        return 1;
    if (result == LUA_ERRMEM)
        vm_explain_shortage(L);
    else
        lua_xmove(co, L, 1);
    return 2;
}

int coroutine_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "close", co_close },     { "create", co_create }, { "isyieldable", co_isyieldable }, { "resume", co_resume },
        { "running", co_running }, { "status", co_status }, { "wrap", co_wrap },               { "yield", co_yield },
        { NULL, NULL },
    };
    luaL_newlib(L, functions);
    return 1;
}
