/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.time: clocks (GP TEE Internal Core API, chapter 7). A time is a float of seconds. A double is precise enough for
 * 32 bits of seconds and GP's milliseconds: rounding restores them exactly.
 */
#include "core/lualib/service.h"
#include "core/storage/clock.h"
#include "core/vm/vm.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define WHAT "the persistent time"

/* Units of fuel for the persistent time, which opens objects in secure storage. */
#define FUEL_STORED 200000

/* GP's protection level of a clock: 100, the rich OS controls it; 1000, the TEE does. */
#define LEVEL_TEE 1000

/* The first number of seconds that does not fit into GP's 32 bits. */
#define SECONDS_END 4294967296.0

static int push_time(lua_State *L, const TEE_Time *time)
{
    lua_pushnumber(L, time->seconds + time->millis / 1000.0);
    return 1;
}

static int system_time(lua_State *L)
{
    TEE_Time time;
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    TEE_GetSystemTime(&time);
    return push_time(L, &time);
}

static int ree_time(lua_State *L)
{
    TEE_Time time;
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    TEE_GetREETime(&time);
    return push_time(L, &time);
}

static const char *begin_persistent(lua_State *L)
{
    struct vm *vm = vm_of(L);
    vm_require_grant(L, VM_GRANT_STORAGE);
    luatee_fuel_consume(L, FUEL_STORED);
    return vm->app;
}

static int persistent(lua_State *L)
{
    uint64_t millis;
    TEE_Result result = clock_get(begin_persistent(L), &millis);
    if (result == TEE_ERROR_TIME_NOT_SET)
        return service_push_fail(L, WHAT " is not set: set it with tee.time.set_persistent");
    if (result == TEE_ERROR_TIME_NEEDS_RESET)
        return service_push_fail(L, WHAT " needs a reset: the TEE has lost its clock: set it again");
    if (result != TEE_SUCCESS)
        return service_failed(L, WHAT, result);
    lua_pushnumber(L, (lua_Number)millis / 1000.0);
    return 1;
}

static int set_persistent(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TNUMBER);
    lua_Number time = lua_tonumber(L, 1);
    luaL_argcheck(L, time >= 0 && time < SECONDS_END, 1, "seconds from 0 to 2^32 expected");
    TEE_Result result = clock_set(begin_persistent(L), (uint64_t)(time * 1000 + 0.5));
    return result == TEE_SUCCESS ? 0 : service_failed(L, WHAT, result);
}

static void set_trust(lua_State *L, const char *clock, const char *property)
{
    uint32_t level;
    TEE_Result result = TEE_GetPropertyAsU32(TEE_PROPSET_TEE_IMPLEMENTATION, property, &level);
    lua_pushstring(L, result == TEE_SUCCESS && level >= LEVEL_TEE ? "tee" : "ree");
    lua_setfield(L, -2, clock);
}

static int trust(lua_State *L)
{
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    lua_createtable(L, 0, 3);
    set_trust(L, "system", "gpd.tee.systemTime.protectionLevel");
    set_trust(L, "persistent", "gpd.tee.TAPersistentTime.protectionLevel");
    lua_pushliteral(L, "ree"); /* always */
    lua_setfield(L, -2, "ree");
    return 1;
}

int time_open(lua_State *L)
{
    lua_createtable(L, 0, 5);
    service_function(L, "system", system_time);
    service_function(L, "ree", ree_time);
    service_function(L, "persistent", persistent);
    service_function(L, "set_persistent", set_persistent);
    service_function(L, "trust", trust);
    return 1;
}
