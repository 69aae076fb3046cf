/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/key_userdata.h"

#include <string.h>

#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

const char *const key_userdata_use_names[] = { "encrypt", "decrypt", "sign", "verify", "mac", "derive", NULL };

/* Units of fuel of an operation: its time in the TEE, in instructions of Lua's VM. */
#define FUEL_CURVE 200000
#define FUEL_RSA 1000000
#define FUEL_STORED 200000

void key_userdata_charge(lua_State *L, const struct key_type *type)
{
    static const int units[] = {
        [KEY_SECRET] = SERVICE_FUEL_OPERATION, [KEY_EC] = FUEL_CURVE, [KEY_OKP] = FUEL_CURVE, [KEY_RSA] = FUEL_RSA
    };
    luatee_fuel_consume(L, units[type->family]);
}

void key_userdata_charge_stored(lua_State *L)
{
    luatee_fuel_consume(L, FUEL_STORED);
}

static void release(struct vm *vm, void *record)
{
    (void)vm;
    key_close(record);
}

static const struct handle_type key_handle = { "tee.key", "keys", release };

int key_userdata_close(lua_State *L)
{
    handle_close(L, 1, &key_handle);
    return 0;
}

void key_userdata_push_uses(lua_State *L, unsigned uses)
{
    lua_createtable(L, 2, 0);
    for (lua_Integer i = 0, n = 0; key_userdata_use_names[i]; i++) {
        if (!(uses >> i & 1))
            continue;
        lua_pushstring(L, key_userdata_use_names[i]);
        lua_rawseti(L, -2, ++n);
    }
}

/* Pushes the attribute of a key with this name. Returns 1, or 0 when there is no such attribute. */
static int push_attribute(lua_State *L, const struct key *key, const char *name)
{
    if (strcmp(name, "type") == 0)
        lua_pushstring(L, key->type->name);
    else if (strcmp(name, "size") == 0)
        lua_pushinteger(L, key->bits);
    else if (strcmp(name, "usage") == 0)
        key_userdata_push_uses(L, key->uses);
    else if (strcmp(name, "extractable") == 0)
        lua_pushboolean(L, (key->uses & KEY_EXTRACTABLE) != 0);
    else if (strcmp(name, "secret") == 0)
        lua_pushboolean(L, key->secret);
    else if (strcmp(name, "name") == 0 && key->name[0])
        lua_pushstring(L, key->name);
    else
        return 0;
    return 1;
}

/* __index: methods (the upvalue), then attributes. */
static int get(lua_State *L)
{
    const struct key *key = handle_get(L, 1, &key_handle);
    lua_settop(L, 2);
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    return key && key->type ? push_attribute(L, key, lua_tostring(L, 2)) : 0;
}

static int describe(lua_State *L)
{
    const struct key *key = handle_get(L, 1, &key_handle);
    if (!key || !key->type)
        lua_pushliteral(L, "key (closed)");
    else
        lua_pushfstring(L, "key (%s%s%s)", key->type->name, key->name[0] ? " " : "", key->name);
    return 1;
}

/* Pushes the metatable of keys, which scripts cannot access. */
static void push_metatable(lua_State *L)
{
    if (!service_type(L, key_handle.name))
        return;
    service_function(L, "__gc", key_userdata_close);
    service_function(L, "__close", key_userdata_close);
    service_function(L, "__tostring", describe);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    key_method_push(L);
    lua_pushcclosure(L, get, 1);
    lua_setfield(L, -2, "__index");
    service_type_made(L, key_handle.name);
}

/* Measured in docs/keys.md. The TEE allocates an RSA pair with eight numbers, some of them with the largest size. */
size_t key_userdata_weight(const struct key_type *type, uint32_t bits, bool secret)
{
    switch (type->family) {
    case KEY_RSA:
        return secret ? 3200 + bits / 4 : 304 + bits / 8;
    case KEY_EC:
        return secret ? 1856 : 416;
    default:
        return 272;
    }
}

struct key *key_userdata_new(lua_State *L, size_t weight)
{
    push_metatable(L);
    return handle_new(L, &key_handle, sizeof(struct key), weight, 0);
}

void key_userdata_weigh(lua_State *L)
{
    const struct key *key = handle_get(L, -1, &key_handle);
    handle_weigh(L, -1, &key_handle, key_userdata_weight(key->type, key->bits, key->secret));
}

void key_userdata_discard(lua_State *L)
{
    handle_close(L, -1, &key_handle);
}

const struct key *key_userdata_check(lua_State *L)
{
    const struct key *key = handle_get(L, 1, &key_handle);
    luaL_argcheck(L, key, 1, "the key is closed: open or create it again");
    return key;
}

const struct key *key_userdata_check_use(lua_State *L, enum key_use use)
{
    const struct key *key = key_userdata_check(L);
    if (key->uses & use)
        return key;
    int index = 0;
    while (use >> index > 1)
        index++;
    luaL_error(L, "this key (%s) cannot %s: its uses were fixed when it was created, see key.usage", key->type->name,
               key_userdata_use_names[index]);
    return NULL;
}
