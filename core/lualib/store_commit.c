/* SPDX-License-Identifier: BSD-2-Clause */
/* How the changes of a transaction get into the store: appended to its log, or with all that is in it as a new log. */
#include <string.h>

#include "abi/limits.h"
#include "core/lualib/service.h"
#include "core/lualib/store_access.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* A log may have twice the size of its pairs, and so much more: so a small one is not written anew all the time. */
#define LOG_SLACK 4096u

struct commit {
    struct access *a;
    int pairs, changes; /* stack indices */
    size_t added;       /* bytes of the changes */
    size_t size, count; /* of the store with them */
};

/* What the changes come to. */
static void measure(lua_State *L, struct commit *c)
{
    c->added = 0;
    c->size = c->a->store->size;
    c->count = c->a->store->count;
    for (lua_pushnil(L); lua_next(L, c->changes); lua_pop(L, 1)) {
        struct sealed_log_pair pair = store_pair(L, -1);
        c->added += pair.size;
        lua_pushvalue(L, -2);
        if (lua_rawget(L, c->pairs) == LUA_TSTRING) {
            c->size -= lua_rawlen(L, -1);
            c->count--;
        }
        lua_pop(L, 1);
        if (pair.deleted)
            continue;
        c->size += pair.size;
        c->count++;
    }
}

static void check_limits(lua_State *L, const struct commit *c)
{
    if (c->count > LUATEE_STORE_KEYS_MAX)
        luaL_error(L, "the store would have %d keys, and may have %d: delete some", (int)c->count,
                   (int)LUATEE_STORE_KEYS_MAX);
    if (c->size > LUATEE_STORE_SIZE_MAX)
        luaL_error(L, "the store would have %d bytes of keys and values, and may have %d: delete some", (int)c->size,
                   (int)LUATEE_STORE_SIZE_MAX);
}

static uint8_t *put(lua_State *L, int idx, uint8_t *at)
{
    size_t size;
    const char *bytes = lua_tolstring(L, idx, &size);
    memcpy(at, bytes, size);
    return at + size;
}

/* Puts the pairs of the table at idx one after the other: those that are in the store with the changes. */
static uint8_t *put_pairs(lua_State *L, const struct commit *c, int idx, uint8_t *at)
{
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        bool left_out = idx == c->changes && store_pair(L, -1).deleted;
        if (idx == c->pairs) {
            lua_pushvalue(L, -2);
            left_out = lua_rawget(L, c->changes) == LUA_TSTRING;
            lua_pop(L, 1);
        }
        if (!left_out)
            at = put(L, -1, at);
    }
    return at;
}

/* Writes one more record. *link: the one at its end, which is in memory that L holds. */
static TEE_Result append(lua_State *L, const struct commit *c, uint8_t **link)
{
    struct store *store = c->a->store;
    uint8_t *record = service_scratch(L, SEALED_LOG_LINK_SIZE + SEALED_LOG_RECORD_OVERHEAD + c->added);
    memcpy(record, store->link, SEALED_LOG_LINK_SIZE);
    uint8_t *at = record + SEALED_LOG_LINK_SIZE + SEALED_LOG_SIZE_SIZE;
    for (lua_pushnil(L); lua_next(L, c->changes); lua_pop(L, 1))
        at = put(L, -1, at);
    *link = at;
    TEE_Result result = sealed_log_seal(record, c->added);
    if (result == TEE_SUCCESS)
        result = object_write(&c->a->object, store->end, record + SEALED_LOG_LINK_SIZE,
                              SEALED_LOG_RECORD_OVERHEAD + c->added);
    return result;
}

/* Writes the log anew, and zeros over what is left of the old one: in one step. The object is not cut to its new size:
 * after TEE_TruncateObjectData by more than a block, OP-TEE 4.5 finds it corrupt (the nodes above keep their old
 * hashes). */
static TEE_Result rewrite(lua_State *L, const struct commit *c, uint8_t **link, size_t *size)
{
    *size = SEALED_LOG_HEADER_SIZE + (c->size > 0 ? SEALED_LOG_RECORD_OVERHEAD + c->size : 0);
    size_t room = c->a->store->end > *size ? c->a->store->end : *size;
    uint8_t *log = service_scratch(L, room);
    memset(log, 0, room);
    log[0] = SEALED_LOG_VERSION;
    TEE_GenerateRandom(log + 1, SEALED_LOG_LINK_SIZE);
    TEE_Result result = TEE_SUCCESS;
    if (c->size > 0) {
        uint8_t *at = put_pairs(L, c, c->pairs, log + SEALED_LOG_HEADER_SIZE + SEALED_LOG_SIZE_SIZE);
        (void)put_pairs(L, c, c->changes, at);
        result = sealed_log_seal(log + 1, c->size);
    }
    *link = log + *size - SEALED_LOG_LINK_SIZE;
    if (result == TEE_SUCCESS)
        result = object_write(&c->a->object, 0, log, room);
    return result;
}

/* Under lua_pcall, which keeps out memory errors: what is written is written. */
static int apply(lua_State *L)
{
    struct store *store = lua_touserdata(L, 3);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        struct sealed_log_pair pair = store_pair(L, -1);
        store_apply(L, store, 1, &pair);
    }
    return 0;
}

/* The session's own table follows; if it cannot, the next access reads all of the log. */
static void follow(lua_State *L, const struct commit *c, size_t end, const uint8_t *link)
{
    struct store *store = c->a->store;
    store->end = 0;
    memcpy(store->link, link, SEALED_LOG_LINK_SIZE);
    lua_pushcfunction(L, apply);
    lua_pushvalue(L, c->pairs);
    lua_pushvalue(L, c->changes);
    lua_pushlightuserdata(L, store);
    if (lua_pcall(L, 3, 0, 0) == LUA_OK)
        store->end = end;
}

void store_commit(lua_State *L, int idx)
{
    int top = lua_gettop(L);
    struct commit c = { .a = store_access(L, idx), .pairs = top + 1, .changes = top + 2 };
    struct store *store = c.a->store;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_getiuservalue(L, idx, ACCESS_PAIRS);
    lua_getiuservalue(L, idx, ACCESS_CHANGES);
    measure(L, &c);
    if (c.added > 0) {
        uint8_t *link;
        size_t end = store->end + SEALED_LOG_RECORD_OVERHEAD + c.added;
        check_limits(L, &c);
        luatee_fuel_consume(L, c.added * SERVICE_FUEL_BYTE);
        bool appends = store->end > 0 && end <= 2 * c.size + LOG_SLACK;
        if (!appends)
            luatee_fuel_consume(L, c.size * SERVICE_FUEL_BYTE);
        TEE_Result result = appends ? append(L, &c, &link) : rewrite(L, &c, &link, &end);
        if (result != TEE_SUCCESS)
            store_failed(L, idx, result);
        follow(L, &c, end, link);
    }
    lua_settop(L, top);
}
