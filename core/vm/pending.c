/* SPDX-License-Identifier: BSD-2-Clause */
/* A call that waits for a script or a manifest, and the answers (call.h). Calls of the host are in host_call.c. */
#include <string.h>

#include "core/vm/call.h"
#include "core/vm/no_yield_context.h"
#include "lauxlib.h"

/* Key in the registry: the reason why there is no script, until the call reads it. */
static const char key_refusal;

void call_set_pending(struct calls *calls, enum pending_kind kind, const char *name, uint64_t number,
                      lua_State *thread)
{
    struct pending *p = &calls->pending;
    p->kind = kind;
    p->number = number;
    p->thread = thread;
    memcpy(p->name, name, strlen(name) + 1);
}

void call_clear_pending(struct vm *vm)
{
    vm->calls->pending.kind = PENDING_NOTHING;
}

enum call_outcome call_await_manifest(struct vm *vm, const char *name)
{
    call_set_pending(vm->calls, PENDING_MANIFEST, name, 0, NULL);
    return CALL_WAITS;
}

int call_ask_script(lua_State *L, const char *name, lua_KContext ctx, lua_KFunction k)
{
    struct calls *calls = calls_of(L);
    if (fuel_ended(&calls->fuel)) { /* a <close> variable asks: the call waits for nothing any more */
        fuel_push_error(L);
        return lua_error(L);
    }
    if (!lua_isyieldable(L))
        return luaL_error(
            L, "script '%s' is not loaded yet and cannot be fetched from inside %s; call or require it once before",
            name, no_yield_context_push(L));
    call_set_pending(calls, PENDING_SCRIPT, name, 0, NULL);
    return lua_yieldk(L, 0, ctx, k);
}

static void set_refused(struct calls *calls, const char *name, const char *why)
{
    calls->refused = why;
    memcpy(calls->refused_name, name, strlen(name) + 1);
}

void call_refuse_prepared(struct vm *vm, const char *name, const char *why)
{
    set_refused(vm->calls, name, why);
}

int call_refuse(lua_State *L, const char *name, const char *why, lua_KContext ctx, lua_KFunction k)
{
    struct calls *calls = calls_of(L);
    if (!calls->refused) {
        set_refused(calls, name, why);
        if (lua_isyieldable(L)) {
            calls->pending.kind = PENDING_REFUSAL;
            return lua_yieldk(L, 0, ctx, k);
        }
    }
    return luaL_error(L, "script '%s' is refused", name);
}

struct text {
    const void *data;
    size_t size;
};

static int supply(lua_State *L)
{
    const struct text *script = lua_touserdata(L, 1);
    struct vm *vm = vm_of(L);
    struct calls *calls = vm->calls;
    set_refused(calls, calls->pending.name, NULL); /* the name is there, whatever the hook raises after a refusal */
    if (!vm->hooks->add_script(L, calls->pending.name, script->data, script->size, &calls->refused))
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

/* An error of vm_protect is a shortage of memory: without a reason call_push_refusal says so. If compiling ends the
 * call, its error comes as soon as the call runs again. */
void call_supply(struct vm *vm, const void *data, size_t size)
{
    call_enter(vm);
    (void)vm_protect(vm, supply, &(struct text){ data, size });
    call_leave(vm);
}

void call_decline(struct vm *vm, const char *reason, size_t size)
{
    (void)vm_protect(vm, decline, &(struct text){ reason, size });
}

void call_push_refusal(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_refusal) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushliteral(L, "not enough memory");
    }
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_refusal);
}
