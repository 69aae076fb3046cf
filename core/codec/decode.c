/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "abi/limits.h"
#include "core/codec/value.h"
#include "lauxlib.h"

struct decoder {
    struct cursor in; /* must be first: decode_function gets from here to the rest */
    struct codec_functions *functions;
};

static bool decode_value(lua_State *L, struct cursor *in, int depth);

/* Room made for a table before its entries are there. A message can claim any count: the rest must be earned by entries. */
#define PREALLOCATE_MAX 1024

static int preallocate(uint64_t count)
{
    return (int)(count < PREALLOCATE_MAX ? count : PREALLOCATE_MAX);
}

static bool decode_integer(lua_State *L, bool negative, uint64_t number)
{
    if (number > INT64_MAX)
        return false;
    lua_pushinteger(L, negative ? -1 - (lua_Integer)number : (lua_Integer)number);
    return true;
}

static bool decode_string(lua_State *L, struct cursor *in, uint64_t size)
{
    if (size > cursor_left(in))
        return false;
    lua_pushlstring(L, (const char *)in->next, (size_t)size);
    in->next += size;
    return true;
}

static bool decode_simple(lua_State *L, uint8_t first, uint64_t number)
{
    switch (first) {
    case HEAD_FALSE:
    case HEAD_TRUE:
        lua_pushboolean(L, first == HEAD_TRUE);
        return true;
    case HEAD_NULL:
        lua_pushnil(L);
        return true;
    case HEAD_DOUBLE: {
        double value;
        memcpy(&value, &number, sizeof(value));
        lua_pushnumber(L, value);
        return true;
    }
    default: /* other floats, undefined, a break */
        return false;
    }
}

static bool is_null(const struct cursor *in)
{
    return cursor_left(in) > 0 && *in->next == HEAD_NULL;
}

static bool decode_list(lua_State *L, struct cursor *in, uint64_t count, int depth)
{
    if (count > cursor_left(in)) /* each element takes a byte at least */
        return false;
    lua_createtable(L, preallocate(count), 0);
    for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
        if (is_null(in) || !decode_value(L, in, depth))
            return false;
        lua_rawseti(L, -2, i);
    }
    return true;
}

/* A key as Lua would have it: no nil, NaN or table, and no float that equals an integer. */
static bool is_key(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
    case LUA_TBOOLEAN:
        return true;
    case LUA_TNUMBER: {
        if (lua_isinteger(L, -1))
            return true;
        int equals_integer;
        (void)lua_tointegerx(L, -1, &equals_integer);
        lua_Number number = lua_tonumber(L, -1);
        return !equals_integer && number == number;
    }
    default:
        return false;
    }
}

static bool decode_map(lua_State *L, struct cursor *in, uint64_t count, int depth)
{
    if (count == 0 || count > cursor_left(in) / 2)
        return false;
    lua_createtable(L, 0, preallocate(count));
    for (uint64_t i = 0; i < count; i++) {
        /* At the limit of depth a table is refused whatever it is, so a key cannot nest either. */
        if (!decode_value(L, in, LUATEE_VALUE_DEPTH_MAX) || !is_key(L))
            return false;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) != LUA_TNIL) /* a duplicate key */
            return false;
        lua_pop(L, 1);
        if (is_null(in) || !decode_value(L, in, depth))
            return false;
        lua_rawset(L, -3);
    }
    return true;
}

static bool decode_table(lua_State *L, struct cursor *in, bool is_map, uint64_t count, int depth)
{
    if (depth == LUATEE_VALUE_DEPTH_MAX)
        return false;
    luaL_checkstack(L, 4, "a value that nests too deep");
    return is_map ? decode_map(L, in, count, depth + 1) : decode_list(L, in, count, depth + 1);
}

static bool decode_function(lua_State *L, struct cursor *in, uint64_t tag)
{
    struct codec_functions *functions = ((struct decoder *)in)->functions;
    uint8_t first;
    uint64_t number;
    if (!functions || (tag != functions->our_tag && tag != functions->their_tag))
        return false;
    if (!cursor_head(in, &first, &number) || first >> HEAD_SHIFT != HEAD_UNSIGNED)
        return false;
    return functions->push(functions, L, tag == functions->our_tag, number);
}

/* depth: tables around the value. */
static bool decode_value(lua_State *L, struct cursor *in, int depth)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(in, &first, &number))
        return false;
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
        return decode_integer(L, false, number);
    case HEAD_NEGATIVE:
        return decode_integer(L, true, number);
    case HEAD_BYTES:
        return decode_string(L, in, number);
    case HEAD_ARRAY:
        return decode_table(L, in, false, number, depth);
    case HEAD_MAP:
        return decode_table(L, in, true, number, depth);
    case HEAD_SIMPLE:
        return decode_simple(L, first, number);
    case HEAD_TAG:
        return decode_function(L, in, number);
    default: /* text */
        return false;
    }
}

int codec_decode(lua_State *L, struct cursor *in, uint64_t count, struct codec_functions *functions)
{
    int top = lua_gettop(L);
    struct decoder decoder = { *in, functions };
    if (count > LUATEE_VALUES_MAX || count > cursor_left(in))
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        luaL_checkstack(L, 1, "too many values");
        if (!decode_value(L, &decoder.in, 0)) {
            lua_settop(L, top);
            return -1;
        }
    }
    *in = decoder.in;
    return (int)count;
}
