/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/host_call.h"

#include <stddef.h>
#include <string.h>

#include "abi/commands.h"
#include "core/vm/no_yield_context.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* Keys in the registry: the last error from the host, and its traceback. */
static const char key_error, key_traceback;

static struct calls *owner(struct callbacks *f)
{
    return (struct calls *)((char *)f - offsetof(struct calls, callbacks));
}

static void push_tables(lua_State *L, const struct callbacks *f)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, f);
}

static bool hold(struct callbacks *f, uint64_t number)
{
    return held_add(&owner(f)->held, number);
}

static void drop(struct callbacks *f, uint64_t number)
{
    held_drop(&owner(f)->held, number);
}

/* Runs when a script calls a function of the host. */
static int call_proxy(lua_State *L)
{
    uint64_t number;
    (void)callback_callee(L, lua_upvalueindex(1), &number);
    return host_call_start(L, "", number);
}

void host_call_setup(lua_State *L)
{
    struct calls *calls = calls_of(L);
    struct callbacks *callbacks = &calls->callbacks;
    calls->held.resize = alloc_lua;
    calls->held.resize_ctx = vm_of(L)->alloc;
    callbacks->codec.our_tag = LUATEE_TAG_TEE_FUNCTION;
    callbacks->codec.their_tag = LUATEE_TAG_HOST_FUNCTION;
    callbacks->codec.fuel = &calls->fuel.reserve; /* values cross while the call does not run */
    callbacks->codec.wanted = fuel_wanted;
    callbacks->codec.counted = &luatee_fuel;
    callbacks->hold = hold;
    callbacks->drop = drop;
    callbacks->push_tables = push_tables;
    callback_setup(L, callbacks, call_proxy);
    lua_rawsetp(L, LUA_REGISTRYINDEX, callbacks);
    /* The keys get their places now, so that setting them later takes no memory. */
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_error);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback);
}

/* Continues after the host's answer. The values from the host are above the arguments on the stack. */
static int resume(lua_State *L, int status, lua_KContext arguments)
{
    struct calls *calls = calls_of(L);
    (void)status;
    if (fuel_ended(&calls->fuel)) {
        lua_settop(L, 0); /* makes room */
        fuel_push_error(L);
        return lua_error(L);
    }
    luatee_fuel_consume(L, 0); /* the values may have used up the budget */
    if (calls->host_raised)
        return lua_error(L);
    callback_collect(L, &calls->callbacks);
    return lua_gettop(L) - (int)arguments;
}

static const char *push_name(lua_State *L, const char *name)
{
    return *name ? lua_pushfstring(L, "host function '%s'", name) : lua_pushliteral(L, "a function of the host");
}

int host_call_start(lua_State *L, const char *name, uint64_t number)
{
    struct calls *calls = calls_of(L);
    if (fuel_ended(&calls->fuel)) { /* a <close> variable calls: the call waits for nothing any more */
        fuel_push_error(L);
        return lua_error(L);
    }
    if (calls->refused)
        return luaL_error(L, "%s does not run: the call is over, since a script was refused", push_name(L, name));
    if (!lua_isyieldable(L))
        return luaL_error(L, "%s cannot be called from inside %s: the call would have to wait for it",
                          push_name(L, name), no_yield_context_push(L));
    if (calls->depth >= LUATEE_HOST_DEPTH_MAX)
        return luaL_error(L, "%s: calls between the worlds are inside each other deeper than %d", push_name(L, name),
                          LUATEE_HOST_DEPTH_MAX);
    call_set_pending(calls, PENDING_HOST_CALL, name, number, L);
    return lua_yieldk(L, 0, lua_gettop(L), resume);
}

/* Moves `count` values from the top of the main thread to the coroutine that called. */
static void hand_over(struct vm *vm, int count, bool raised)
{
    lua_State *thread = vm->calls->pending.thread;
    if (!lua_checkstack(thread, count)) {
        lua_settop(vm->L, 0);
        lua_pushnil(vm->L); /* there is always one slot: no memory even for a message */
        count = 1;
        raised = true;
    }
    lua_xmove(vm->L, thread, count);
    vm->calls->host_raised = raised;
}

struct returned {
    struct cursor *values;
    uint64_t count;
    bool raised;
};

/* Runs in protected mode. Returns the results, or the error value. Sets returned->values to NULL when the message is
 * malformed. */
static int decode_returned(lua_State *L)
{
    struct returned *returned = lua_touserdata(L, 1);
    lua_settop(L, 0);
    int count = codec_decode(L, returned->values, returned->count, &calls_of(L)->callbacks.codec);
    bool ok = count >= 0 && cursor_finish(returned->values);
    if (returned->raised)
        ok = ok && count == 2 && lua_type(L, 2) == LUA_TSTRING;
    if (!ok) {
        returned->values = NULL;
        return 0;
    }
    if (!returned->raised)
        return count;
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback);
    lua_pushvalue(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_error);
    return 1;
}

bool host_call_return(struct vm *vm, struct cursor *results, uint64_t count, bool raised)
{
    struct returned returned = { results, count, raised };
    int status = vm_protect(vm, decode_returned, &returned);
    if (!returned.values)
        return false;
    if (status == LUA_OK)
        hand_over(vm, lua_gettop(vm->L), raised);
    else
        hand_over(vm, 1, true);
    return true;
}

void host_call_fail(struct vm *vm, const char *message)
{
    (void)vm_protect(vm, vm_push_message, (void *)(uintptr_t)message);
    hand_over(vm, 1, true);
}

void host_call_abandon(struct vm *vm, const char *message)
{
    host_call_fail(vm, message);
    vm->calls->pending.kind = PENDING_SLICE;
}

/* Pushes the traceback of the error at idx if that is the host's last error, and removes both from the registry.
 * Otherwise returns false. */
static bool consume_traceback(lua_State *L, int idx)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_error);
    bool same = lua_rawequal(L, -1, idx);
    lua_pop(L, 1);
    if (!same || lua_rawgetp(L, LUA_REGISTRYINDEX, &key_traceback) != LUA_TSTRING)
        return false;
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_error);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_traceback);
    return true;
}

void host_call_add_traceback(lua_State *L)
{
    static const char heading[] = "stack traceback:";
    int error = lua_gettop(L);
    if (consume_traceback(L, error)) {
        lua_pushliteral(L, "\nstack traceback in the TEE:");
        lua_pushstring(L, lua_tostring(L, error - 1) + sizeof(heading) - 1);
        lua_concat(L, 3);
        lua_replace(L, error - 1);
    }
    lua_settop(L, error - 1);
}
