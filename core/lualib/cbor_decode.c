/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "abi/limits.h"
#include "core/codec/cursor.h"
#include "core/lualib/cbor.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define INFO_FALSE 20
#define INFO_NULL 22
#define INFO_FLOAT 25  /* of 2 bytes; 26: 4, 27: 8 */
#define FUEL_ITEM 8    /* for an item of any kind, including its place in a table */
#define PREALLOCATED 64 /* the most entries that a table is created for: the data may claim any count */

struct decoder {
    lua_State *L;
    struct cursor in;
    const uint8_t *item; /* the beginning of the current item */
    const char *why;     /* the reason why it is invalid */
    int depth;
};

static bool decode_value(struct decoder *d);

static bool reject(struct decoder *d, const char *why)
{
    d->why = why;
    return false;
}

static bool decode_string(struct decoder *d, bool text, uint64_t size)
{
    if (size > cursor_left(&d->in))
        return reject(d, "a truncated string");
    if (text && !cbor_is_utf8(d->L, d->in.next, (size_t)size))
        return reject(d, "text that is not UTF-8");
    lua_pushlstring(d->L, (const char *)d->in.next, (size_t)size);
    d->in.next += size;
    return true;
}

/* Simple values and floats (RFC 8949, section 3.3). */
static bool decode_simple(struct decoder *d, unsigned info, uint64_t bits)
{
    switch (info) {
    case INFO_FALSE:
    case INFO_FALSE + 1:
        lua_pushboolean(d->L, info != INFO_FALSE);
        return true;
    case INFO_NULL:
        lua_pushlightuserdata(d->L, NULL);
        return true;
    case INFO_FLOAT:
    case INFO_FLOAT + 1:
    case INFO_FLOAT + 2: {
        size_t size = (size_t)2 << (info - INFO_FLOAT);
        double value = cbor_float(bits, size);
        uint64_t shortest;
        if (cbor_shortest_float(value, &shortest) != size || shortest != bits)
            return reject(d, "a float that is not in its shortest form");
        lua_pushnumber(d->L, value);
        return true;
    }
    default:
        return reject(d, "a simple value that Lua does not have");
    }
}

static bool decode_array(struct decoder *d, uint64_t count)
{
    if (count > cursor_left(&d->in))
        return reject(d, "a truncated array");
    lua_createtable(d->L, count < PREALLOCATED ? (int)count : PREALLOCATED, 0);
    for (uint64_t i = 1; i <= count; i++) {
        if (!decode_value(d))
            return false;
        lua_rawseti(d->L, -2, (lua_Integer)i);
    }
    cbor_push_metatable(d->L, CBOR_ARRAY);
    lua_setmetatable(d->L, -2);
    return true;
}

/* Compares bytewise (RFC 8949, section 4.2.1). */
static bool is_before(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order < 0 || (order == 0 && a_size < b_size);
}

static bool decode_key(struct decoder *d)
{
    if (!decode_value(d))
        return false;
    int type = lua_type(d->L, -1);
    bool is_nan = type == LUA_TNUMBER && !lua_rawequal(d->L, -1, -1);
    if ((type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING) && !is_nan)
        return true;
    return reject(d, "a key that is not a boolean, number or string");
}

static bool decode_map(struct decoder *d, uint64_t count)
{
    const uint8_t *last = NULL;
    size_t last_size = 0;
    if (count > cursor_left(&d->in) / 2)
        return reject(d, "a truncated map");
    lua_createtable(d->L, 0, count < PREALLOCATED ? (int)count : PREALLOCATED);
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *key = d->in.next;
        if (!decode_key(d))
            return false;
        size_t size = (size_t)(d->in.next - key);
        if (last && !is_before(last, last_size, key, size))
            return reject(d, "keys that are out of order, or a key that occurs twice");
        last = key;
        last_size = size;
        /* Text and bytes, 1 and 1.0 are different keys in CBOR and the same in Lua. */
        lua_pushvalue(d->L, -1);
        if (lua_rawget(d->L, -3) != LUA_TNIL)
            return reject(d, "two keys that are the same in Lua");
        lua_pop(d->L, 1);
        if (!decode_value(d))
            return false;
        lua_rawset(d->L, -3);
    }
    return true;
}

static bool decode_container(struct decoder *d, bool is_map, uint64_t count)
{
    if (d->depth == LUATEE_VALUE_DEPTH_MAX)
        return reject(d, "too deep: more than " TEXT(LUATEE_VALUE_DEPTH_MAX) " arrays and maps inside each other");
    luaL_checkstack(d->L, 8, NULL);
    d->depth++;
    bool ok = is_map ? decode_map(d, count) : decode_array(d, count);
    d->depth--;
    return ok;
}

/* Pushes one value. Returns false, with the reason in d->why, when the item is invalid. */
static bool decode_value(struct decoder *d)
{
    uint8_t first;
    uint64_t number;
    luatee_fuel_consume(d->L, FUEL_ITEM);
    d->item = d->in.next;
    if (!cursor_head(&d->in, &first, &number))
        return reject(d, d->in.failure == CURSOR_TRUNCATED ? "a truncated item"
                                                           : "an indefinite length, or not the shortest form");
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
    case HEAD_NEGATIVE:
        if (number > INT64_MAX)
            return reject(d, "an integer of more than 64 bits");
        lua_pushinteger(d->L, first >> HEAD_SHIFT == HEAD_UNSIGNED ? (lua_Integer)number : -1 - (lua_Integer)number);
        return true;
    case HEAD_BYTES:
    case HEAD_TEXT:
        return decode_string(d, first >> HEAD_SHIFT == HEAD_TEXT, number);
    case HEAD_ARRAY:
    case HEAD_MAP:
        return decode_container(d, first >> HEAD_SHIFT == HEAD_MAP, number);
    case HEAD_TAG:
        return reject(d, "a tag");
    default:
        return decode_simple(d, first & HEAD_INFO, number);
    }
}

int cbor_decode(lua_State *L)
{
    size_t size;
    const uint8_t *data = service_bytes(L, 1, &size);
    struct decoder d = { .L = L };
    cursor_begin(&d.in, data, size);
    if (decode_value(&d)) {
        if (cursor_left(&d.in) == 0)
            return 1;
        d.item = d.in.next;
        d.why = "data after the value";
    }
    lua_pushnil(L);
    lua_pushfstring(L, "cbor, byte %I: %s", (LUAI_UACINT)(d.item - data), d.why);
    return 2;
}
