/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.counter: the app's monotonic counters. */
#include "core/storage/persistent_counter.h"

#include <string.h>

#include "abi/name.h"
#include "core/lualib/service.h"
#include "core/lualib/store_access.h"
#include "core/trust/rollback.h"
#include "core/vm/vm.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define TYPE_NAME "tee.counter"

struct counter_object {
    char name[LUATEE_NAME_MAX + 1];
};

static const char *begin(lua_State *L)
{
    const struct counter_object *counter = luaL_checkudata(L, 1, TYPE_NAME);
    luatee_fuel_consume(L, STORE_FUEL);
    return counter->name;
}

static int finish(lua_State *L, const char *name, TEE_Result result, int64_t value)
{
    switch (result) {
    case TEE_SUCCESS:
        lua_pushinteger(L, value);
        return 1;
    case TEE_ERROR_CORRUPT_OBJECT:
        return luaL_error(L, "the counter '%s' was damaged, and its value is lost: set another with its method restart",
                          name);
    case TEE_ERROR_BAD_STATE:
        return luaL_error(L, "the counter '%s' is not lost: only a lost counter can be restarted", name);
    case TEE_ERROR_BAD_FORMAT:
        return luaL_error(L, "the counters were written by another version of luatee: use that version");
    case TEE_ERROR_OVERFLOW:
        return luaL_error(L, "the counter '%s' is at %I, and the sum is above 2^63 - 1: add less", name,
                          (LUAI_UACINT)value);
    case TEE_ERROR_SHORT_BUFFER:
        return luaL_error(L, "the counter '%s' is one too many: the limit of an app is %d", name,
                          (int)LUATEE_COUNTERS_MAX);
    case TEE_ERROR_ACCESS_CONFLICT:
        return luaL_error(L, "the counters are in use by another session: try again");
    default:
        return service_failed(L, "tee.counter", result);
    }
}

static int value(lua_State *L)
{
    int64_t now = 0;
    const char *name = begin(L);
    TEE_Result result = persistent_counter_read(vm_of(L)->app, name, &now);
    return finish(L, name, result, now);
}

static int increment(lua_State *L)
{
    lua_Integer by = luaL_optinteger(L, 2, 1);
    int64_t now = 0;
    luaL_argcheck(L, by >= 1, 2, "a counter only goes up: 1 or more expected");
    const char *name = begin(L);
    TEE_Result result = persistent_counter_add(vm_of(L)->app, name, by, &now);
    return finish(L, name, result, now);
}

static int restart(lua_State *L)
{
    lua_Integer now = luaL_checkinteger(L, 2);
    luaL_argcheck(L, now >= 0, 2, "0 or more expected");
    const char *name = begin(L);
    return finish(L, name, persistent_counter_restart(vm_of(L)->app, name, now), now);
}

static int protection(lua_State *L)
{
    (void)luaL_checkudata(L, 1, TYPE_NAME);
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    lua_pushinteger(L, rollback_protection());
    return 1;
}

static int describe(lua_State *L)
{
    const struct counter_object *counter = luaL_checkudata(L, 1, TYPE_NAME);
    lua_pushfstring(L, "counter (%s)", counter->name);
    return 1;
}

static void push_metatable(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "increment", increment },
        { "protection", protection },
        { "restart", restart },
        { "value", value },
        { NULL, NULL },
    };
    if (!service_type(L, TYPE_NAME))
        return;
    service_function(L, "__tostring", describe);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    service_type_made(L, TYPE_NAME);
}

/* tee.counter(name). Accesses storage only when a method is called. */
static int counter(lua_State *L)
{
    size_t size;
    const char *name = (const char *)service_bytes(L, 1, &size);
    luaL_argcheck(L, luatee_name_valid(name, size), 1, "1 to 64 of A-Z a-z 0-9 _ - . and no leading dot expected");
    vm_require_grant(L, VM_GRANT_COUNTERS);
    struct counter_object *object = lua_newuserdatauv(L, sizeof(*object), 0);
    memcpy(object->name, name, size + 1);
    push_metatable(L);
    lua_setmetatable(L, -2);
    return 1;
}

int counter_open(lua_State *L)
{
    lua_pushcfunction(L, counter);
    return 1;
}
