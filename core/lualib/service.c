/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/service.h"

#include <stdio.h>
#include <string.h>

#include "core/base/wipe.h"
#include "core/vm/fuel.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

static const struct service {
    const char *name;
    lua_CFunction open;
} services[] = {
    { "aead", aead_open },     { "base64", base64_open }, { "cbor", cbor_open },     { "cipher", cipher_open },
    { "digest", digest_open }, { "equal", equal_open },   { "hex", hex_open },       { "kdf", kdf_open },
    { "key", key_open },       { "mac", mac_open },       { "random", random_open }, { "supports", supports_open },
    { "caller", caller_open }, { "info", info_open },     { "time", time_open },     { "store", store_open },
    { "counter", counter_open },
};
#define SERVICE_COUNT (sizeof(services) / sizeof(services[0]))

/* Adds the service to the table at 1, and leaves the service on the stack. */
static void add(lua_State *L, const struct service *service)
{
    service->open(L);
    lua_pushstring(L, service->name);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
}

/* __index of tee: finds a service that the script has not used yet, or has removed from the table. */
static int service_index(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? service_name(L, 2) : "";
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        if (strcmp(services[i].name, name) == 0) {
            add(L, &services[i]);
            return 1;
        }
    }
    return 0;
}

static int service_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE); /* a script can call it with any value */
    lua_settop(L, 2);
    if (lua_next(L, 1))
        return 2;
    lua_pushnil(L);
    return 1;
}

/* __pairs of tee: adds all services, and iterates over the table. */
static int service_pairs(lua_State *L)
{
    lua_settop(L, 1);
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        lua_pushstring(L, services[i].name);
        if (lua_rawget(L, 1) == LUA_TNIL)
            add(L, &services[i]);
        lua_settop(L, 1);
    }
    lua_pushcfunction(L, service_next);
    lua_insert(L, 1);
    lua_pushnil(L);
    return 3;
}

void service_setup(lua_State *L)
{
    lua_createtable(L, 0, 3);
    service_function(L, "__index", service_index);
    service_function(L, "__pairs", service_pairs);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

bool service_type(lua_State *L, const char *name)
{
    if (luaL_getmetatable(L, name) == LUA_TTABLE)
        return false;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name"); /* for messages, as luaL_newmetatable does */
    return true;
}

void service_type_made(lua_State *L, const char *name)
{
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, name);
}

void service_function(lua_State *L, const char *name, lua_CFunction function)
{
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
}

const uint8_t *service_bytes(lua_State *L, int idx, size_t *size)
{
    luaL_checktype(L, idx, LUA_TSTRING);
    const uint8_t *bytes = (const uint8_t *)lua_tolstring(L, idx, size);
    luatee_fuel_consume(L, *size * SERVICE_FUEL_BYTE);
    return bytes;
}

const uint8_t *service_optional_bytes(lua_State *L, int idx, size_t *size)
{
    if (!lua_isnoneornil(L, idx))
        return service_bytes(L, idx, size);
    *size = 0;
    return (const uint8_t *)"";
}

void service_check_deadline_now(lua_State *L)
{
    if (!fuel_wanted(L))
        luatee_fuel_low(L);
}

const char *service_name(lua_State *L, int idx)
{
    size_t size;
    const char *name = (const char *)service_bytes(L, idx, &size);
    return strlen(name) == size ? name : "";
}

int service_failed(lua_State *L, const char *what, TEE_Result result)
{
    char code[sizeof("0x00000000")];
    if (result == TEE_ERROR_CANCEL) /* the call must end: this raises the error for that */
        luatee_fuel_low(L);
    switch (result) {
    case TEE_ERROR_NOT_SUPPORTED:
        return luaL_error(L, "%s: this TEE does not support it; check with tee.supports first", what);
    case TEE_ERROR_OUT_OF_MEMORY:
        return luaL_error(L, "%s: the TEE is out of memory; close keys and digests that are not needed, and try again",
                          what);
    case TEE_ERROR_STORAGE_NO_SPACE:
        return luaL_error(L, "%s: the TEE's storage is full, and nothing was stored: delete data that are not needed",
                          what);
    case TEE_ERROR_STORAGE_NOT_AVAILABLE:
        return luaL_error(L,
                          "%s: the TEE cannot use its storage: check that Linux has space on its disk and runs "
                          "tee-supplicant, and try again",
                          what);
    default:
        snprintf(code, sizeof(code), "0x%08x", (unsigned)result);
        return luaL_error(L, "%s: TEE error %s", what, code);
    }
}

void *service_scratch(lua_State *L, size_t size)
{
    return lua_newuserdatauv(L, size, 0);
}

int service_return(lua_State *L, void *bytes, size_t size)
{
    lua_pushlstring(L, bytes, size);
    wipe(bytes, size);
    return 1;
}

int service_push_fail(lua_State *L, const char *message)
{
    lua_pushnil(L);
    lua_pushstring(L, message);
    return 2;
}
