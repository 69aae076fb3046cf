/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the changes of a transaction to the store: appends them to its log, or writes a new log of all pairs. */
#include <string.h>

#include "abi/limits.h"
#include "core/lualib/service.h"
#include "core/lualib/store_access.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* A log may have twice the size of its pairs and this many bytes, so that a small log is not rewritten all the time. */
#define LOG_SLACK 4096u

struct commit {
    struct access *a;
    int pairs, changes; /* stack indices */
    size_t added;       /* bytes of the changes */
    size_t size, count; /* of the store's pairs after the changes */
};

/* Computes the sizes of the changes, and of the store after them. */
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
        luaL_error(L, "the store would have %d keys, and the limit is %d: delete some", (int)c->count,
                   (int)LUATEE_STORE_KEYS_MAX);
    if (c->size > LUATEE_STORE_SIZE_MAX)
        luaL_error(L, "the store would have %d bytes of keys and values, and the limit is %d: delete some",
                   (int)c->size, (int)LUATEE_STORE_SIZE_MAX);
}

static uint8_t *write_string(lua_State *L, int idx, uint8_t *at)
{
    size_t size;
    const char *bytes = lua_tolstring(L, idx, &size);
    memcpy(at, bytes, size);
    return at + size;
}

/* Writes the pairs of the table at idx, one after the other: those that the store has after the changes. */
static uint8_t *write_pairs(lua_State *L, const struct commit *c, int idx, uint8_t *at)
{
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        bool left_out = idx == c->changes && store_pair(L, -1).deleted;
        if (idx == c->pairs) {
            lua_pushvalue(L, -2);
            left_out = lua_rawget(L, c->changes) == LUA_TSTRING;
            lua_pop(L, 1);
        }
        if (!left_out)
            at = write_string(L, -1, at);
    }
    return at;
}

/* Appends a record to the log. *link: the link at its end, in memory that is on L's stack. */
static TEE_Result append(lua_State *L, const struct commit *c, uint8_t **link)
{
    struct store *store = c->a->store;
    uint8_t *record = service_scratch(L, SEALED_LOG_LINK_SIZE + SEALED_LOG_RECORD_OVERHEAD + c->added);
    memcpy(record, store->link, SEALED_LOG_LINK_SIZE);
    uint8_t *at = record + SEALED_LOG_LINK_SIZE + SEALED_LOG_SIZE_SIZE;
    for (lua_pushnil(L); lua_next(L, c->changes); lua_pop(L, 1))
        at = write_string(L, -1, at);
    *link = at;
    TEE_Result result = sealed_log_seal(record, c->added);
    if (result == TEE_SUCCESS)
        result = object_write(&c->a->object, store->end, record + SEALED_LOG_LINK_SIZE,
                              SEALED_LOG_RECORD_OVERHEAD + c->added);
    return result;
}

/* Writes a new log, and zeros over the rest of the old one, atomically. Does not truncate the object to its new size:
 * after TEE_TruncateObjectData by more than a block, OP-TEE 4.5 reports the object as corrupt, because the nodes above
 * keep their old hashes. */
static TEE_Result rewrite(lua_State *L, const struct commit *c, uint8_t **link, size_t *size)
{
    *size = SEALED_LOG_HEADER_SIZE + (c->size > 0 ? SEALED_LOG_RECORD_OVERHEAD + c->size : 0);
    size_t whole_size = c->a->store->end > *size ? c->a->store->end : *size;
    uint8_t *log = service_scratch(L, whole_size);
    memset(log, 0, whole_size);
    log[0] = SEALED_LOG_VERSION;
    TEE_GenerateRandom(log + 1, SEALED_LOG_LINK_SIZE);
    TEE_Result result = TEE_SUCCESS;
    if (c->size > 0) {
        uint8_t *at = write_pairs(L, c, c->pairs, log + SEALED_LOG_HEADER_SIZE + SEALED_LOG_SIZE_SIZE);
        (void)write_pairs(L, c, c->changes, at);
        result = sealed_log_seal(log + 1, c->size);
    }
    *link = log + *size - SEALED_LOG_LINK_SIZE;
    if (result == TEE_SUCCESS)
        result = object_write(&c->a->object, 0, log, whole_size);
    return result;
}

/* Applies the changes to the session's table. Runs under lua_pcall, because a memory error must not fail the commit:
 * the log is written already. */
static int apply(lua_State *L)
{
    struct store *store = lua_touserdata(L, 3);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        struct sealed_log_pair pair = store_pair(L, -1);
        store_apply(L, store, 1, &pair);
    }
    return 0;
}

/* Updates the session's table after a commit. If that fails, the next access reads the whole log. */
static void update_session(lua_State *L, const struct commit *c, size_t end, const uint8_t *link)
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
        update_session(L, &c, end, link);
    }
    lua_settop(L, top);
}
