/* SPDX-License-Identifier: BSD-2-Clause */
#include "abi/limits.h"
#include "core/codec/reader.h"
#include "core/codec/value.h"
#include "lauxlib.h"

static bool decode_value(lua_State *L, CborValue *it, int depth);

static bool decode_integer(lua_State *L, CborValue *it)
{
    uint64_t raw;
    (void)cbor_value_get_raw_integer(it, &raw);
    if (raw > INT64_MAX)
        return false;
    lua_pushinteger(L, cbor_value_is_unsigned_integer(it) ? (lua_Integer)raw : -1 - (lua_Integer)raw);
    return cbor_value_advance_fixed(it) == CborNoError;
}

static bool decode_double(lua_State *L, CborValue *it)
{
    double number;
    (void)cbor_value_get_double(it, &number);
    lua_pushnumber(L, number);
    return cbor_value_advance_fixed(it) == CborNoError;
}

static bool decode_boolean(lua_State *L, CborValue *it)
{
    bool value;
    (void)cbor_value_get_boolean(it, &value);
    lua_pushboolean(L, value);
    return cbor_value_advance_fixed(it) == CborNoError;
}

static bool decode_string(lua_State *L, CborValue *it)
{
    const void *data;
    size_t size;
    if (!reader_string_item(it, CborByteStringType, &data, &size))
        return false;
    lua_pushlstring(L, data, size);
    return true;
}

/* Room made for a table before its entries are there. A message can claim any count: the rest must be earned by entries. */
#define PREALLOCATE_MAX 1024

static int preallocate(size_t count)
{
    return (int)(count < PREALLOCATE_MAX ? count : PREALLOCATE_MAX);
}

/* A count that the message itself claims is worth as much as the bytes that are there to back it. */
static bool believable(const CborValue *it, size_t count, size_t bytes_each)
{
    size_t left = (size_t)(it->parser->source.end - cbor_value_get_next_byte(it));
    return count <= left / bytes_each;
}

static bool decode_list(lua_State *L, CborValue *it, int depth)
{
    size_t count;
    CborValue item;
    if (cbor_value_get_array_length(it, &count) != CborNoError || !believable(it, count, 1) ||
        cbor_value_enter_container(it, &item) != CborNoError)
        return false;
    lua_createtable(L, preallocate(count), 0);
    for (lua_Integer i = 1; !cbor_value_at_end(&item); i++) {
        if (cbor_value_is_null(&item) || !decode_value(L, &item, depth))
            return false;
        lua_rawseti(L, -2, i);
    }
    return cbor_value_leave_container(it, &item) == CborNoError;
}

/* A key as Lua would have it: no nil, NaN or table, and no float that equals an integer. */
static bool decode_key(lua_State *L, CborValue *it)
{
    switch (cbor_value_get_type(it)) {
    case CborBooleanType:
        return decode_boolean(L, it);
    case CborIntegerType:
        return decode_integer(L, it);
    case CborByteStringType:
        return decode_string(L, it);
    case CborDoubleType: {
        if (!decode_double(L, it))
            return false;
        int is_integer;
        (void)lua_tointegerx(L, -1, &is_integer);
        lua_Number number = lua_tonumber(L, -1);
        return !is_integer && number == number;
    }
    default:
        return false;
    }
}

static bool decode_map(lua_State *L, CborValue *it, int depth)
{
    size_t count;
    CborValue item;
    if (cbor_value_get_map_length(it, &count) != CborNoError || !believable(it, count, 2) || count == 0 ||
        cbor_value_enter_container(it, &item) != CborNoError)
        return false;
    lua_createtable(L, 0, preallocate(count));
    while (!cbor_value_at_end(&item)) {
        if (!decode_key(L, &item))
            return false;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) != LUA_TNIL) /* a duplicate key */
            return false;
        lua_pop(L, 1);
        if (cbor_value_at_end(&item) || cbor_value_is_null(&item) || !decode_value(L, &item, depth))
            return false;
        lua_rawset(L, -3);
    }
    return cbor_value_leave_container(it, &item) == CborNoError;
}

static bool decode_value(lua_State *L, CborValue *it, int depth)
{
    switch (cbor_value_get_type(it)) {
    case CborNullType:
        lua_pushnil(L);
        return cbor_value_advance_fixed(it) == CborNoError;
    case CborBooleanType:
        return decode_boolean(L, it);
    case CborIntegerType:
        return decode_integer(L, it);
    case CborDoubleType:
        return decode_double(L, it);
    case CborByteStringType:
        return decode_string(L, it);
    case CborArrayType:
    case CborMapType:
        if (depth == LUATEE_VALUE_DEPTH_MAX)
            return false;
        luaL_checkstack(L, 4, "a value that nests too deep");
        return cbor_value_is_array(it) ? decode_list(L, it, depth + 1) : decode_map(L, it, depth + 1);
    default:
        return false;
    }
}

int codec_decode(lua_State *L, CborValue *it)
{
    int top = lua_gettop(L);
    int count = 0;
    while (!cbor_value_at_end(it)) {
        if (count == LUATEE_VALUES_MAX)
            break;
        luaL_checkstack(L, 1, "too many values");
        if (!decode_value(L, it, 0))
            break;
        count++;
    }
    if (!cbor_value_at_end(it)) {
        lua_settop(L, top);
        return -1;
    }
    return count;
}
