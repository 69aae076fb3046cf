/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/key_options.h"

#include <string.h>

#include "abi/name.h"
#include "core/lualib/key_userdata.h"
#include "core/lualib/service.h"
#include "core/vm/vm.h"
#include "lauxlib.h"

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Rejects unknown options: a misspelt option could give a key more uses than intended. */
static void check_fields(lua_State *L, int idx, const char *const *more)
{
    static const char *const common[] = { "type", "size", "usage", "extractable", "name", NULL };
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        lua_pop(L, 1);
        const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
        if (!is_among(name, common) && !is_among(name, more))
            luaL_error(L, "unknown option '%s'", luaL_tolstring(L, -1, NULL));
    }
}

/* Pushes an option, and returns its type. Uses raw access: __index could close the key in use, or recurse endlessly. */
static int get(lua_State *L, int idx, const char *field)
{
    idx = lua_absindex(L, idx);
    lua_pushstring(L, field);
    return lua_rawget(L, idx);
}

static void read_type(lua_State *L, int idx, struct key_options *o)
{
    get(L, idx, "type");
    o->type = lua_type(L, -1) == LUA_TSTRING ? key_type_named(lua_tostring(L, -1)) : NULL;
    lua_pop(L, 1);
    if (o->type)
        return;
    luaL_Buffer names;
    luaL_buffinit(L, &names);
    for (size_t i = 0; key_type_at(i); i++) {
        luaL_addstring(&names, i ? ", " : "");
        luaL_addstring(&names, key_type_at(i)->name);
    }
    luaL_pushresult(&names);
    luaL_error(L, "option 'type': expected one of %s", lua_tostring(L, -1));
}

static void read_size(lua_State *L, int idx, struct key_options *o)
{
    const struct key_type *t = o->type;
    o->bits = t->bits_default;
    if (get(L, idx, "size") != LUA_TNIL) {
        int is_integer;
        lua_Integer bits = lua_tointegerx(L, -1, &is_integer);
        if (!is_integer || bits < t->bits_min || bits > t->bits_max || bits % t->bits_step)
            luaL_error(L, "option 'size' of %s: %d to %d bits, a multiple of %d, expected", t->name, t->bits_min,
                       t->bits_max, t->bits_step);
        o->bits = (uint32_t)bits;
        o->bits_given = true;
    }
    lua_pop(L, 1);
}

static unsigned use_named(lua_State *L, const struct key_type *type)
{
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    for (unsigned i = 0; key_userdata_use_names[i]; i++)
        if (strcmp(key_userdata_use_names[i], name) == 0 && type->uses >> i & 1)
            return 1u << i;
    return (unsigned)luaL_error(L, "option 'usage': '%s' is not a use of %s keys", luaL_tolstring(L, -1, NULL),
                                type->name);
}

static void read_usage(lua_State *L, int idx, struct key_options *o)
{
    int type = get(L, idx, "usage");
    o->uses_given = type != LUA_TNIL;
    if (o->uses_given && type != LUA_TTABLE)
        luaL_error(L, "option 'usage': a list such as {\"sign\", \"verify\"} expected");
    for (lua_Integer i = 1; o->uses_given && lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
        o->uses |= use_named(L, o->type);
        lua_pop(L, 1);
    }
    lua_settop(L, lua_gettop(L) - (o->uses_given ? 2 : 1));
    if (o->uses_given && o->uses == 0)
        luaL_error(L, "option 'usage' is empty: name at least one use");
    /* A user who can get MACs of chosen data could compute the derived keys. */
    if ((o->uses & (KEY_MAC | KEY_DERIVE)) == (KEY_MAC | KEY_DERIVE))
        luaL_error(L, "option 'usage': a key cannot have both uses, mac and derive");
}

static void check_granted(lua_State *L)
{
    vm_require_grant(L, VM_GRANT_KEYS);
}

/* Copies the name at the top of the stack. Raises an error when it is not a valid name. */
static void copy_name(lua_State *L, const char *what, char out[LUATEE_NAME_MAX + 1])
{
    size_t size = 0;
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (!name || !luatee_name_valid(name, size))
        luaL_error(L, "%s: 1 to %d of A-Z a-z 0-9 _ - . and no leading dot expected", what, LUATEE_NAME_MAX);
    check_granted(L);
    memcpy(out, name, size + 1);
}

const char *key_options_name(lua_State *L, int idx)
{
    char name[LUATEE_NAME_MAX + 1];
    luaL_checktype(L, idx, LUA_TSTRING);
    lua_pushvalue(L, idx);
    copy_name(L, "the name of a key", name);
    lua_pop(L, 1);
    return lua_tostring(L, idx);
}

/* Accepts only booleans: {extractable = "no"} must not create an extractable key. */
static void read_extractable(lua_State *L, int idx, struct key_options *o)
{
    int type = get(L, idx, "extractable");
    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        luaL_error(L, "option 'extractable': true or false expected");
    o->extractable = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (o->extractable && !(o->type->uses & KEY_EXTRACTABLE))
        luaL_error(L, "option 'extractable': RSA keys cannot be extractable");
}

void key_options_read(lua_State *L, int idx, const char *const *more, struct key_options *o)
{
    luaL_checktype(L, idx, LUA_TTABLE);
    memset(o, 0, sizeof(*o));
    check_fields(L, idx, more);
    read_type(L, idx, o);
    read_size(L, idx, o);
    read_usage(L, idx, o);
    read_extractable(L, idx, o);
    if (get(L, idx, "name") != LUA_TNIL)
        copy_name(L, "option 'name'", o->name);
    lua_pop(L, 1);
}

const uint8_t *key_options_bytes(lua_State *L, int idx, const char *field, size_t *size)
{
    int type = get(L, idx, field);
    *size = 0;
    if (type == LUA_TNIL)
        return NULL;
    if (type != LUA_TSTRING)
        luaL_error(L, "option '%s': a string expected", field);
    return service_bytes(L, -1, size);
}

/* Returns the uses of a new key. Without option 'usage', a key gets all possible uses, but an HMAC key only mac. */
static unsigned uses_of(lua_State *L, const struct key *key, const struct key_options *o)
{
    unsigned possible = key->uses & ~(unsigned)KEY_EXTRACTABLE, uses = o->uses_given ? o->uses : possible;
    if (!o->uses_given && possible == (KEY_MAC | KEY_DERIVE))
        uses = KEY_MAC;
    if (uses & ~possible)
        luaL_error(L, "option 'usage': a public key can only verify or encrypt");
    return uses | (o->extractable && key->secret ? KEY_EXTRACTABLE : 0);
}

static void store(lua_State *L, const struct key *key)
{
    const char *app = vm_of(L)->app;
    size_t count;
    key_userdata_charge_stored(L);
    TEE_Result result = key_count(app, &count);
    if (result == TEE_SUCCESS && count >= LUATEE_KEYS_MAX)
        luaL_error(L, "the app has %d stored keys, which is the limit: delete one (tee.key.list, tee.key.delete)",
                   LUATEE_KEYS_MAX);
    if (result == TEE_SUCCESS)
        result = key_save(app, key);
    if (result == TEE_ERROR_ACCESS_CONFLICT)
        luaL_error(L, "a stored key '%s' exists already: open it, or delete it first", key->name);
    if (result == TEE_ERROR_STORAGE_NO_SPACE)
        luaL_error(L, "the TEE's secure storage has no space for the key '%s': delete other data", key->name);
    if (result != TEE_SUCCESS)
        service_failed(L, "storing a key", result);
}

int key_options_finish(lua_State *L, struct key *key, const struct key_options *o)
{
    TEE_Result result = key_restrict(key, uses_of(L, key, o));
    if (result != TEE_SUCCESS)
        return service_failed(L, "restricting a key", result);
    memcpy(key->name, o->name, sizeof(key->name));
    if (key->name[0])
        store(L, key);
    return 1;
}
