/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.store: the app's key-value store. Each function exists twice. In tee.store, each call is a transaction of its
 * own. The functions of a transaction have that as their upvalue. */
#include <string.h>

#include "core/base/wipe.h"
#include "core/codec/codec.h"
#include "core/lualib/service.h"
#include "core/lualib/store_access.h"
#include "core/storage/sealed.h"
#include "core/vm/call.h"
#include "lauxlib.h"
#include "lualib.h"
#include "port/lua/fuel.h"

static void check_key(lua_State *L)
{
    size_t size;
    (void)service_bytes(L, 1, &size);
    luaL_argcheck(L, size >= 1 && size <= LUATEE_STORE_KEY_MAX, 1, "a key of 1 to 255 bytes expected");
}

static const char *no_function(struct codec_functions *self, lua_State *L, int idx, bool *ours, uint64_t *number)
{
    (void)self;
    (void)L;
    (void)idx;
    (void)ours;
    (void)number;
    return "a function cannot be stored";
}

/* Pushes the arguments, key and value, as an encoded pair for the log. */
static void push_pair(lua_State *L)
{
    int64_t before = fuel_left(&calls_of(L)->fuel), left = before;
    struct codec_functions functions = { .number = no_function, .fuel = &left, .wanted = fuel_wanted };
    struct writer w;
    char error[CODEC_ERROR_SIZE];
    writer_begin(&w, NULL, 0);
    bool ok = codec_encode(L, 1, 2, &w, &functions, "argument", error);
    luatee_fuel_consume(L, before - left);
    if (!ok && fuel_ended(&calls_of(L)->fuel))
        fuel_push_error(L);
    else if (!ok)
        lua_pushstring(L, error);
    if (!ok)
        lua_error(L);
    size_t size = writer_size(&w);
    luatee_fuel_consume(L, size * SERVICE_FUEL_BYTE);
    /* The head of the key has one or two bytes. */
    size_t key = lua_rawlen(L, 1), value = size - key - (key < HEAD_1_BYTE ? 1 : 2);
    if (value > LUATEE_STORE_VALUE_MAX)
        luaL_error(L, "argument 2: the value has %d bytes, and the limit is %d", (int)value,
                   (int)LUATEE_STORE_VALUE_MAX);
    void *bytes = service_scratch(L, size);
    writer_begin(&w, bytes, size);
    functions.fuel = NULL; /* this was charged above */
    if (!codec_encode(L, 1, 2, &w, &functions, "argument", error) || writer_size(&w) != size) {
        wipe(bytes, size);
        luaL_error(L, "argument 2: a weak table lost entries while it was stored: use a strong copy");
    }
    service_return(L, bytes, size);
    lua_remove(L, -2);
}

/* Pushes the value of the pair at the top of the stack. */
static int push_value(lua_State *L)
{
    struct cursor c;
    struct sealed_log_pair pair = store_pair(L, -1);
    luatee_fuel_consume(L, pair.size * SERVICE_FUEL_BYTE);
    cursor_begin(&c, pair.whole, pair.size);
    cursor_skip(&c);
    if (codec_decode(L, &c, 1, NULL) != 1)
        return luaL_error(L, "a stored value cannot be read: use the version of luatee that wrote it");
    return 1;
}

/* Pushes the transaction, which is the upvalue, and returns its index. Raises an error when it has ended. */
static int push_transaction(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    if (!store_access(L, -1))
        luaL_error(L, "the transaction is over: start another one");
    return lua_gettop(L);
}

/* Pushes a new transaction with a table for its changes, and returns its index. */
static int begin(lua_State *L)
{
    store_begin(L, true);
    lua_newtable(L);
    lua_setiuservalue(L, -2, ACCESS_CHANGES);
    return lua_gettop(L);
}

static void commit(lua_State *L, int access)
{
    store_commit(L, access);
    store_end(L, access);
}

/* changes[key] = pair; key and pair are stack indices. */
static void change(lua_State *L, int access, int key, int pair)
{
    lua_getiuservalue(L, access, ACCESS_CHANGES);
    lua_pushvalue(L, key);
    lua_pushvalue(L, pair);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* --- put(key, value) ---------------------------------------------------------------------------------------------- */

static void check_put(lua_State *L)
{
    check_key(L);
    luaL_checkany(L, 2);
    luaL_argcheck(L, !lua_isnil(L, 2), 2, "nil is not a value: to remove a key, use delete");
    lua_settop(L, 2);
    push_pair(L);
}

static int put(lua_State *L)
{
    check_put(L);
    int access = begin(L);
    change(L, access, 1, 3);
    commit(L, access);
    return 0;
}

static int transaction_put(lua_State *L)
{
    check_put(L);
    change(L, push_transaction(L), 1, 3);
    return 0;
}

/* --- delete(key): returns whether the key existed ----------------------------------------------------------------- */

static bool remove_key(lua_State *L, int access)
{
    if (!store_find(L, access, 1))
        return false;
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_replace(L, 2);
    push_pair(L);
    change(L, access, 1, lua_gettop(L));
    lua_pop(L, 1);
    return true;
}

static int delete (lua_State *L)
{
    check_key(L);
    lua_settop(L, 2);
    int access = begin(L);
    bool existed = remove_key(L, access);
    commit(L, access);
    lua_pushboolean(L, existed);
    return 1;
}

static int transaction_delete(lua_State *L)
{
    check_key(L);
    lua_settop(L, 2);
    lua_pushboolean(L, remove_key(L, push_transaction(L)));
    return 1;
}

/* --- get(key) ----------------------------------------------------------------------------------------------------- */

static int push_found(lua_State *L, bool found)
{
    if (found)
        return push_value(L);
    lua_pushnil(L);
    return 1;
}

static int get(lua_State *L)
{
    check_key(L);
    lua_settop(L, 1);
    store_begin(L, false);
    bool found = store_find(L, 2, 1);
    store_end(L, 2);
    return push_found(L, found);
}

static int transaction_get(lua_State *L)
{
    check_key(L);
    lua_settop(L, 1);
    return push_found(L, store_find(L, push_transaction(L), 1));
}

/* --- pairs([prefix]): all pairs as they are now, in the order of their keys --------------------------------------- */

/* The iterator function. Upvalues: the list of keys, the pairs by key, and the number of pairs returned so far. */
static int next_pair(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;
    lua_settop(L, 0);
    if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL)
        return 1;
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    lua_pushvalue(L, 1);
    lua_rawget(L, lua_upvalueindex(2));
    push_value(L);
    lua_remove(L, 2);
    return 2;
}

/* Adds the pairs of a table whose keys begin with the prefix, at index 1, to the table at `all`. Removes pairs from it
 * that are deleted in the first table. */
static void add_matching(lua_State *L, int table, int all)
{
    size_t size;
    const char *prefix = lua_tolstring(L, 1, &size);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        struct sealed_log_pair pair = store_pair(L, -1);
        luatee_fuel_consume(L, 1 + size);
        if (pair.key_size < size || memcmp(pair.key, prefix, size) != 0)
            continue;
        lua_pushvalue(L, -2);
        if (pair.deleted)
            lua_pushnil(L);
        else
            lua_pushvalue(L, -2);
        lua_rawset(L, all);
    }
}

/* Pushes a sorted list of the keys of the table at the top of the stack. */
static void push_sorted(lua_State *L)
{
    lua_Integer count = 0;
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, LUA_TABLIBNAME);
    lua_getfield(L, -1, "sort");
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -6); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_rawseti(L, -4, ++count);
    }
    lua_replace(L, -4);
    lua_pushvalue(L, -3);
    lua_call(L, 1, 0);
    lua_pop(L, 1);
}

static int push_iterator(lua_State *L, int access, void (*end)(lua_State *, int))
{
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_newtable(L);
    int all = lua_gettop(L);
    for (int values = ACCESS_PAIRS; values <= ACCESS_CHANGES; values++) {
        if (lua_getiuservalue(L, access, values) == LUA_TTABLE)
            add_matching(L, lua_gettop(L), all);
        lua_settop(L, all);
    }
    if (end)
        end(L, access);
    push_sorted(L);
    lua_insert(L, -2);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

static void check_prefix(lua_State *L)
{
    size_t size;
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_pushliteral(L, "");
    }
    (void)service_bytes(L, 1, &size);
    lua_settop(L, 1);
}

static int pairs(lua_State *L)
{
    check_prefix(L);
    store_begin(L, false);
    return push_iterator(L, 2, store_end);
}

static int transaction_pairs(lua_State *L)
{
    check_prefix(L);
    return push_iterator(L, push_transaction(L), NULL);
}

/* --- transaction(f): returns the results of f --------------------------------------------------------------------- */

enum { FUNCTION = 1, TRANSACTION };

static int transaction_end(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    if (!store_access(L, TRANSACTION))
        return luaL_error(L, "the transaction is over, and nothing was stored: the call that started it has ended");
    commit(L, TRANSACTION);
    return lua_gettop(L) - TRANSACTION;
}

static int transaction(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "delete", transaction_delete },
        { "get", transaction_get },
        { "pairs", transaction_pairs },
        { "put", transaction_put },
        { NULL, NULL },
    };
    luaL_checktype(L, FUNCTION, LUA_TFUNCTION);
    lua_settop(L, FUNCTION);
    (void)begin(L);
    lua_pushvalue(L, FUNCTION);
    luaL_newlibtable(L, functions);
    lua_pushvalue(L, TRANSACTION);
    luaL_setfuncs(L, functions, 1);
    lua_callk(L, 1, LUA_MULTRET, 0, transaction_end);
    return transaction_end(L, LUA_OK, 0);
}

/* --- clear(): deletes the store, even a damaged one --------------------------------------------------------------- */

static int clear(lua_State *L)
{
    struct vm *vm = vm_of(L);
    vm_require_grant(L, VM_GRANT_STORAGE);
    if (vm->calls->storage.generation)
        return luaL_error(L, "a transaction is open in this session: end it before the store is cleared");
    luatee_fuel_consume(L, STORE_FUEL);
    TEE_Result result = sealed_delete(OBJECT_STORE, vm->app);
    if (result == TEE_ERROR_ACCESS_CONFLICT)
        return luaL_error(L, "the store is in use by another session: try again");
    return result == TEE_SUCCESS ? 0 : service_failed(L, "tee.store.clear", result);
}

int store_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "clear", clear }, { "delete", delete }, { "get", get },
        { "pairs", pairs }, { "put", put },       { "transaction", transaction },
        { NULL, NULL },
    };
    luaL_newlib(L, functions);
    return 1;
}
