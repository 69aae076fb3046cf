/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/store_access.h"

#include <string.h>

#include "core/base/wipe.h"
#include "core/lualib/service.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "core/vm/call.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* No log is larger: it is rewritten when it has more than twice the size of its pairs (store_commit.c). */
#define LOG_MAX (4 * LUATEE_STORE_SIZE_MAX)

/* The key of the table of pairs in the registry. calls->store has the other data. */
static const char key_pairs;

static void release(struct vm *vm, void *record)
{
    const struct access *a = record;
    vm->calls->storage = (struct handle_ref){ 0 };
    object_close_and_yield(a->object);
}

static const struct handle_type store_handle = { "tee.store", "open stores", release };

struct access *store_access(lua_State *L, int idx)
{
    return handle_get(L, idx, &store_handle);
}

void store_end(lua_State *L, int access)
{
    handle_close(L, access, &store_handle);
}

/* __gc and __close */
static int end(lua_State *L)
{
    store_end(L, 1);
    return 0;
}

/* Returns calls->store, and creates it and the table of pairs at first. It ends with the session's allocator. */
static struct store *get_store(lua_State *L)
{
    struct calls *calls = calls_of(L);
    if (calls->store)
        return calls->store;
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_pairs);
    calls->store = alloc_lua(vm_of(L)->alloc, NULL, 0, sizeof(*calls->store));
    if (!calls->store)
        luatee_no_memory(L);
    memset(calls->store, 0, sizeof(*calls->store));
    return calls->store;
}

static struct access *push_access(lua_State *L)
{
    if (service_type(L, store_handle.name)) {
        service_function(L, "__gc", end);
        service_function(L, "__close", end);
        service_type_made(L, store_handle.name);
    }
    struct access *a = handle_new(L, &store_handle, sizeof(*a), STORE_WEIGHT, ACCESS_CHANGES);
    a->object = TEE_HANDLE_NULL;
    return a;
}

int store_failed(lua_State *L, int access, TEE_Result result)
{
    const struct access *a = store_access(L, access);
    bool marked = a->object != TEE_HANDLE_NULL && a->object_size == SEALED_LOST_SIZE;
    a->store->end = 0;
    store_end(L, access);
    switch (result) {
    case TEE_ERROR_CORRUPT_OBJECT:
        if (!marked) /* a marked object needs no other mark, unless the TEE has deleted it */
            (void)sealed_mark_lost(OBJECT_STORE, vm_of(L)->app);
        return luaL_error(L, "the store is damaged, and its data are lost: start a new one with tee.store.clear()");
    case TEE_ERROR_BAD_FORMAT:
        return luaL_error(L, "the store was written by another version of luatee: use that, or tee.store.clear()");
    case TEE_ERROR_ACCESS_CONFLICT:
        return luaL_error(L, "the store is in use by another session: try again");
    default:
        return service_failed(L, "tee.store", result);
    }
}

struct sealed_log_pair store_pair(lua_State *L, int idx)
{
    struct cursor c;
    struct sealed_log_pair pair;
    size_t size;
    const uint8_t *whole = (const uint8_t *)lua_tolstring(L, idx, &size);
    cursor_begin(&c, whole, size);
    (void)sealed_log_read_pair(&c, &pair); /* it was checked when it was stored */
    return pair;
}

void store_apply(lua_State *L, struct store *store, int pairs, const struct sealed_log_pair *pair)
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

/* Replaces the session's table by an empty one. */
static void forget(lua_State *L, int access)
{
    struct store *store = calls_of(L)->store;
    memset(store, 0, sizeof(*store));
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_pairs);
    lua_setiuservalue(L, access, ACCESS_PAIRS);
}

/* Applies all records after the link at the beginning of the data. Raises memory errors. */
static TEE_Result apply_records(lua_State *L, int access, const uint8_t *data, size_t size,
                                struct sealed_log_reader *reader)
{
    struct store *store = calls_of(L)->store;
    const uint8_t *pairs;
    size_t pairs_size;
    TEE_Result result;
    lua_getiuservalue(L, access, ACCESS_PAIRS);
    int table = lua_gettop(L);
    sealed_log_begin(reader, data, size);
    while ((result = sealed_log_next(reader, &pairs, &pairs_size)) == TEE_SUCCESS && pairs) {
        struct cursor c;
        struct sealed_log_pair pair;
        cursor_begin(&c, pairs, pairs_size);
        while (cursor_left(&c) > 0 && sealed_log_read_pair(&c, &pair))
            store_apply(L, store, table, &pair);
        if (c.failure != CURSOR_FINE)
            return TEE_ERROR_CORRUPT_OBJECT;
    }
    lua_settop(L, table - 1);
    return result;
}

/* Reads the log from the link at position `from` on, and applies its records. */
static TEE_Result read_log(lua_State *L, int access, size_t from)
{
    struct access *a = store_access(L, access);
    struct store *store = a->store;
    struct sealed_log_reader reader;
    size_t size = a->object_size - from;
    luatee_fuel_consume(L, size * SERVICE_FUEL_BYTE);
    uint8_t *data = service_scratch(L, size);
    TEE_Result result = sealed_read(&a->object, from, data, size);
    store->end = 0; /* until all records are applied */
    if (result == TEE_SUCCESS)
        result = apply_records(L, access, data, size, &reader);
    if (result == TEE_SUCCESS) {
        store->end = from + (size_t)(reader.link - data) + SEALED_LOG_LINK_SIZE;
        memcpy(store->link, reader.link, SEALED_LOG_LINK_SIZE);
    }
    wipe(data, size);
    lua_pop(L, 1);
    return result;
}

/* Checks whether the log still has the last link that the session has read, and whether there are more records. */
static TEE_Result compare_log(struct access *a, bool *known, bool *more)
{
    uint8_t data[SEALED_LOG_LINK_SIZE + SEALED_LOG_SIZE_SIZE] = { 0 };
    static const uint8_t none[SEALED_LOG_SIZE_SIZE];
    const struct store *store = a->store;
    *known = *more = false;
    if (store->end == 0 || a->object_size < store->end || a->object_size > LOG_MAX)
        return TEE_SUCCESS;
    size_t from = store->end - SEALED_LOG_LINK_SIZE, left = a->object_size - from;
    TEE_Result result = sealed_read(&a->object, from, data, left < sizeof(data) ? left : sizeof(data));
    *known = memcmp(data, store->link, SEALED_LOG_LINK_SIZE) == 0;
    *more = memcmp(data + SEALED_LOG_LINK_SIZE, none, SEALED_LOG_SIZE_SIZE) != 0;
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
    if (version == SEALED_LOST || (version == SEALED_LOG_VERSION && a->object_size < SEALED_LOG_HEADER_SIZE))
        return TEE_ERROR_CORRUPT_OBJECT;
    return version == SEALED_LOG_VERSION ? TEE_SUCCESS : TEE_ERROR_BAD_FORMAT;
}

/* Reads the records that other sessions have written since the last access. */
static TEE_Result catch_up(lua_State *L, int access)
{
    struct access *a = store_access(L, access);
    bool known, more;
    TEE_Result result = compare_log(a, &known, &more);
    if (result != TEE_SUCCESS || (known && !more))
        return result;
    if (known)
        return read_log(L, access, a->store->end - SEALED_LOG_LINK_SIZE);
    forget(L, access);
    if (a->object == TEE_HANDLE_NULL || a->object_size == 0)
        return TEE_SUCCESS;
    result = check_version(a);
    return result == TEE_SUCCESS ? read_log(L, access, SEALED_LOG_HEADER_SIZE - SEALED_LOG_LINK_SIZE) : result;
}

void store_begin(lua_State *L, bool exclusive)
{
    struct vm *vm = vm_of(L);
    vm_require_grant(L, VM_GRANT_STORAGE);
    if (vm->calls->storage.generation)
        luaL_error(L, "a transaction is open in this session: use the functions that it got as its argument");
    luatee_fuel_consume(L, STORE_FUEL);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    struct store *store = get_store(L);
    struct access *a = push_access(L);
    int access = lua_gettop(L);
    a->store = store;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_pairs);
    lua_setiuservalue(L, access, ACCESS_PAIRS);
    TEE_Result result = sealed_open(OBJECT_STORE, vm->app, exclusive, &a->object, &a->object_size);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && !exclusive)
        result = TEE_SUCCESS;
    vm->calls->storage = handle_ref(L, access, &store_handle);
    lua_toclose(L, access);
    if (result == TEE_SUCCESS)
        result = catch_up(L, access);
    if (result != TEE_SUCCESS)
        store_failed(L, access, result);
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
