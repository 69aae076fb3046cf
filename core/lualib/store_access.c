/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/store_access.h"

#include <string.h>

#include "core/lualib/service.h"
#include "core/store/sealed.h"
#include "core/vm/vm.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define TYPE_NAME "tee.store"

/* A log is written anew when it has more than twice the size of its pairs (store_commit.c); this is beyond all of
 * them. */
#define LOG_MAX (4 * LUATEE_STORE_SIZE_MAX)

/* Key in the registry: the struct store, with the table of pairs as its user value. */
static const char key_store;

static void release(struct handle *h)
{
    struct access *a = (struct access *)h; /* its first member */
    a->vm->storage = NULL;
    if (a->object != TEE_HANDLE_NULL)
        TEE_CloseObject(a->object);
}

void store_end(lua_State *L, struct access *a)
{
    handle_end(L, &a->handle);
}

/* __gc and __close */
static int end(lua_State *L)
{
    store_end(L, lua_touserdata(L, 1));
    return 0;
}

/* Pushes what the session knows. */
static struct store *push_store(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_store) == LUA_TUSERDATA)
        return lua_touserdata(L, -1);
    lua_pop(L, 1);
    struct store *store = lua_newuserdatauv(L, sizeof(*store), 1);
    memset(store, 0, sizeof(*store));
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_store);
    return store;
}

static struct access *push_access(lua_State *L)
{
    struct access *a = lua_newuserdatauv(L, sizeof(*a), ACCESS_CHANGES);
    memset(a, 0, sizeof(*a));
    a->object = TEE_HANDLE_NULL;
    a->vm = vm_of(L);
    if (service_type(L, TYPE_NAME)) {
        service_function(L, "__gc", end);
        service_function(L, "__close", end);
        service_type_made(L, TYPE_NAME);
    }
    lua_setmetatable(L, -2);
    return a;
}

int store_failed(lua_State *L, struct access *a, TEE_Result result)
{
    bool marked = a->object != TEE_HANDLE_NULL && a->object_size == SEALED_LOST_SIZE;
    a->store->end = 0;
    store_end(L, a);
    switch (result) {
    case TEE_ERROR_CORRUPT_OBJECT:
        if (!marked) /* or the TEE has removed the mark, too */
            (void)sealed_mark_lost(SEALED_STORE, a->vm->app);
        return luaL_error(L, "the store is damaged, and what was in it is lost: tee.store.clear() begins a new one");
    case TEE_ERROR_BAD_FORMAT:
        return luaL_error(L, "the store was written by another version of luatee: use that, or tee.store.clear()");
    case TEE_ERROR_ACCESS_CONFLICT:
        return luaL_error(L, "the store is in use by another session: try again");
    default:
        return service_failed(L, "tee.store", result);
    }
}

struct log_pair store_pair(lua_State *L, int idx)
{
    struct cursor c;
    struct log_pair pair;
    size_t size;
    const uint8_t *whole = (const uint8_t *)lua_tolstring(L, idx, &size);
    cursor_begin(&c, whole, size);
    (void)log_take_pair(&c, &pair); /* it was one when it came in */
    return pair;
}

void store_apply(lua_State *L, struct store *store, int pairs, const struct log_pair *pair)
{
    lua_pushlstring(L, (const char *)pair->key, pair->key_size);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, pairs) == LUA_TSTRING) {
        store->size -= lua_rawlen(L, -1);
        store->count--;
    }
    lua_pop(L, 1);
    if (pair->deleted) {
        lua_pushnil(L);
    } else {
        lua_pushlstring(L, (const char *)pair->whole, pair->size);
        store->size += pair->size;
        store->count++;
    }
    lua_rawset(L, pairs);
}

/* Makes the session's table an empty one. */
static void forget(lua_State *L, int access)
{
    struct access *a = lua_touserdata(L, access);
    memset(a->store, 0, sizeof(*a->store));
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_store);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, -3, 1);
    lua_setiuservalue(L, access, ACCESS_PAIRS);
    lua_pop(L, 1);
}

/* Takes over all records after the link that data begin with. Raises memory errors. */
static TEE_Result take_records(lua_State *L, int access, const uint8_t *data, size_t size, struct log_reader *reader)
{
    struct access *a = lua_touserdata(L, access);
    const uint8_t *pairs;
    size_t pairs_size;
    TEE_Result result;
    lua_getiuservalue(L, access, ACCESS_PAIRS);
    int table = lua_gettop(L);
    log_begin(reader, data, size);
    while ((result = log_next(reader, &pairs, &pairs_size)) == TEE_SUCCESS && pairs) {
        struct cursor c;
        struct log_pair pair;
        cursor_begin(&c, pairs, pairs_size);
        while (cursor_left(&c) > 0 && log_take_pair(&c, &pair))
            store_apply(L, a->store, table, &pair);
        if (c.failure != CURSOR_FINE)
            return TEE_ERROR_CORRUPT_OBJECT;
    }
    lua_settop(L, table - 1);
    return result;
}

/* Reads the log from the link at `from` on. */
static TEE_Result take_log(lua_State *L, int access, size_t from)
{
    struct access *a = lua_touserdata(L, access);
    struct store *store = a->store;
    struct log_reader reader;
    size_t size = a->object_size - from;
    luatee_charge(L, size * SERVICE_FUEL_BYTE);
    uint8_t *data = service_scratch(L, size);
    TEE_Result result = sealed_read(&a->object, from, data, size);
    store->end = 0; /* until all of it is there */
    if (result == TEE_SUCCESS)
        result = take_records(L, access, data, size, &reader);
    if (result == TEE_SUCCESS) {
        store->end = from + (size_t)(reader.link - data) + LOG_LINK_SIZE;
        memcpy(store->link, reader.link, LOG_LINK_SIZE);
    }
    service_wipe(data, size);
    lua_pop(L, 1);
    return result;
}

/* Whether the link that the session knows is where it was, and whether something was written after it. */
static TEE_Result look(struct access *a, bool *known, bool *more)
{
    uint8_t data[LOG_LINK_SIZE + LOG_SIZE_SIZE] = { 0 };
    static const uint8_t none[LOG_SIZE_SIZE];
    const struct store *store = a->store;
    *known = *more = false;
    if (store->end == 0 || a->object_size < store->end || a->object_size > LOG_MAX)
        return TEE_SUCCESS;
    size_t from = store->end - LOG_LINK_SIZE, left = a->object_size - from;
    TEE_Result result = sealed_read(&a->object, from, data, left < sizeof(data) ? left : sizeof(data));
    *known = memcmp(data, store->link, LOG_LINK_SIZE) == 0;
    *more = memcmp(data + LOG_LINK_SIZE, none, LOG_SIZE_SIZE) != 0;
    return result;
}

static TEE_Result check_version(struct access *a)
{
    uint8_t version;
    if (a->object_size > LOG_MAX)
        return TEE_ERROR_CORRUPT_OBJECT;
    TEE_Result result = sealed_read(&a->object, 0, &version, sizeof(version));
    if (result != TEE_SUCCESS)
        return result;
    if (version == SEALED_LOST || (version == LOG_VERSION && a->object_size < LOG_HEADER_SIZE))
        return TEE_ERROR_CORRUPT_OBJECT;
    return version == LOG_VERSION ? TEE_SUCCESS : TEE_ERROR_BAD_FORMAT;
}

/* Learns what others have written since. */
static TEE_Result catch_up(lua_State *L, int access)
{
    struct access *a = lua_touserdata(L, access);
    bool known, more;
    TEE_Result result = look(a, &known, &more);
    if (result != TEE_SUCCESS || (known && !more))
        return result;
    if (known)
        return take_log(L, access, a->store->end - LOG_LINK_SIZE);
    forget(L, access);
    if (a->object == TEE_HANDLE_NULL || a->object_size == 0)
        return TEE_SUCCESS;
    result = check_version(a);
    return result == TEE_SUCCESS ? take_log(L, access, LOG_HEADER_SIZE - LOG_LINK_SIZE) : result;
}

struct access *store_begin(lua_State *L, bool alone)
{
    struct vm *vm = vm_of(L);
    if (!(vm->manifest->permissions & MANIFEST_STORAGE))
        luaL_error(L, "permission `storage` is not granted in manifest.lua");
    if (vm->storage)
        luaL_error(L, "a transaction is open in this session: use the functions that were given to it");
    luatee_charge(L, STORE_FUEL);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    handle_reserve(L);
    struct access *a = push_access(L);
    int access = lua_gettop(L);
    a->store = push_store(L);
    lua_getiuservalue(L, -1, 1);
    lua_setiuservalue(L, access, ACCESS_PAIRS);
    lua_settop(L, access);
    TEE_Result result = sealed_open(SEALED_STORE, vm->app, alone, &a->object, &a->object_size);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && !alone)
        result = TEE_SUCCESS;
    handle_keep(L, &a->handle, release);
    vm->storage = &a->handle;
    lua_toclose(L, access);
    if (result == TEE_SUCCESS)
        result = catch_up(L, access);
    if (result != TEE_SUCCESS)
        store_failed(L, a, result);
    return a;
}

bool store_find(lua_State *L, int access, int key)
{
    key = lua_absindex(L, key);
    for (int values = ACCESS_CHANGES; values >= ACCESS_PAIRS; values--) {
        if (lua_getiuservalue(L, access, values) == LUA_TTABLE) {
            lua_pushvalue(L, key);
            if (lua_rawget(L, -2) == LUA_TSTRING) {
                lua_remove(L, -2);
                if (!store_pair(L, -1).deleted)
                    return true;
                lua_pop(L, 1);
                return false;
            }
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return false;
}
