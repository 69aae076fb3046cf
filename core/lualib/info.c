/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.info(): the environment of the script, and its limits. Fields that the host's tee.info() has, too, have the same
 * names. */
#include "abi/commands.h"
#include "core/base/flavour.h"
#include "core/base/property.h"
#include "core/lualib/service.h"
#include "core/trust/rollback.h"
#include "core/vm/call.h"
#include "port/lua/fuel.h"

/* Each property of the TEE costs as much as an operation. */
#define FUEL (6 * SERVICE_FUEL_OPERATION)

static const struct {
    const char *name, *property;
} properties[] = {
    { "tee", PROPERTY_TEE },
    { "tee_version", PROPERTY_TEE_VERSION },
    { "api", PROPERTY_API },
    { "device", PROPERTY_DEVICE },
};

static const struct {
    const char *name;
    uint32_t value;
} limits[] = {
    { "message", LUATEE_MESSAGE_MAX },
    { "values", LUATEE_VALUES_MAX },
    { "value_depth", LUATEE_VALUE_DEPTH_MAX },
    { "call_depth", LUATEE_CALL_DEPTH_MAX },
    { "host_depth", LUATEE_HOST_DEPTH_MAX },
    { "functions", LUATEE_FUNCTIONS_MAX },
    { "objects", LUATEE_HANDLES_MAX },
    { "keys", LUATEE_KEYS_MAX },
    { "counters", LUATEE_COUNTERS_MAX },
    { "store_key", LUATEE_STORE_KEY_MAX },
    { "store_value", LUATEE_STORE_VALUE_MAX },
    { "store_keys", LUATEE_STORE_KEYS_MAX },
    { "store_size", LUATEE_STORE_SIZE_MAX },
    { "random", LUATEE_RANDOM_MAX },
    { "pbkdf2", LUATEE_PBKDF2_ROUNDS_MAX },
    { "ed25519", LUATEE_ED25519_MESSAGE_MAX },
    { "name", LUATEE_NAME_MAX },
};

static void set_number(lua_State *L, const char *name, uint64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

/* Leaves the field nil when the text is empty. */
static void set_text(lua_State *L, const char *name, const char *text)
{
    if (text[0] == '\0')
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void push_limits(lua_State *L, const struct vm *vm)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        set_number(L, limits[i].name, limits[i].value);
    set_number(L, "fuel", (uint64_t)vm->calls->fuel.budget);
    set_number(L, "memory", alloc_quota(vm->alloc));
}

static int info(lua_State *L)
{
    const struct vm *vm = vm_of(L);
    char text[PROPERTY_MAX];
    luatee_fuel_consume(L, FUEL);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
        set_text(L, properties[i].name, property_text(properties[i].property, text));
    set_text(L, "app", vm->app);
    set_text(L, "version", LUATEE_VERSION);
    set_text(L, "flavour", FLAVOUR_NAME);
    set_text(L, "lua", LUA_RELEASE);
    set_number(L, "rollback", rollback_protection());
    set_number(L, "memory", alloc_held(vm->alloc));
    set_number(L, "memory_peak", alloc_held_peak(vm->alloc));
    set_number(L, "memory_max", alloc_quota(vm->alloc));
    set_number(L, "protocol", LUATEE_PROTOCOL_VERSION);
    push_limits(L, vm);
    lua_setfield(L, -2, "limits");
    return 1;
}

int info_open(lua_State *L)
{
    lua_pushcfunction(L, info);
    return 1;
}
