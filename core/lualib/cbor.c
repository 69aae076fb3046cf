/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/cbor.h"

#include <string.h>

#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define SIGN_64 63
#define EXPONENT_64 0x7ff
#define FRACTION_64 52
#define NAN_16 0x7e00

/* Half a unit of fuel is charged for each byte, for this many bytes at a time. */
#define UTF8_PART 1024

/* Charges for the next bytes, and returns their end. */
static const uint8_t *charge_part(lua_State *L, const uint8_t *text, const uint8_t *end)
{
    size_t part = (size_t)(end - text) < UTF8_PART ? (size_t)(end - text) : UTF8_PART;
    luatee_fuel_consume(L, part / 2);
    return text + part;
}

bool cbor_is_utf8(lua_State *L, const uint8_t *text, size_t size)
{
    const uint8_t *end = text + size, *paid = text;
    while (text < end) {
        if (text >= paid)
            paid = charge_part(L, text, end);
        uint32_t c = *text++;
        unsigned more = c < 0x80 ? 0 : c < 0xc2 ? 4 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : 4;
        static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
        if (more > 3 || (size_t)(end - text) < more)
            return false;
        c &= 0x7fu >> more;
        for (unsigned i = 0; i < more; i++) {
            if ((*text & 0xc0) != 0x80)
                return false;
            c = c << 6 | (*text++ & 0x3fu);
        }
        if (c < smallest[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return false;
    }
    return true;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* Converts a float of another size to a double. exponent, fraction: the number of bits of each. */
static double widen(uint64_t bits, unsigned exponent, unsigned fraction)
{
    uint64_t sign = bits >> (exponent + fraction) & 1, f = bits & ((1ull << fraction) - 1);
    int e = (int)(bits >> fraction & ((1u << exponent) - 1)), bias = (1 << (exponent - 1)) - 1;
    double value;
    if (e == (1 << exponent) - 1) {
        e = EXPONENT_64;
    } else if (e == 0 && f == 0) {
        e = 0;
    } else if (e == 0) {
        for (e = 1; !(f >> fraction); e--) /* subnormal; as a double it is a normal number */
            f <<= 1;
        f &= (1ull << fraction) - 1;
        e += 1023 - bias;
    } else {
        e += 1023 - bias;
    }
    bits = sign << SIGN_64 | (uint64_t)e << FRACTION_64 | f << (FRACTION_64 - fraction);
    memcpy(&value, &bits, sizeof(value));
    return value;
}

double cbor_float(uint64_t bits, size_t size)
{
    double value;
    if (size == 2)
        return widen(bits, 5, 10);
    if (size == 4)
        return widen(bits, 8, 23);
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Converts a double to a smaller size. The result is exact only if widen() gives the same number again. */
static uint64_t narrow(uint64_t bits, unsigned exponent, unsigned fraction)
{
    uint64_t sign = bits >> SIGN_64 << (exponent + fraction), f = bits & ((1ull << FRACTION_64) - 1);
    int e = (int)(bits >> FRACTION_64 & EXPONENT_64) - 1023 + (1 << (exponent - 1)) - 1, top = (1 << exponent) - 1;
    unsigned shift = FRACTION_64 - fraction;
    if (e >= top)
        return sign | (uint64_t)top << fraction; /* infinite, or too large */
    if (e > 0)
        return sign | (uint64_t)e << fraction | f >> shift;
    shift += (unsigned)(1 - e);
    return sign | (shift > 63 ? 0 : (f | 1ull << FRACTION_64) >> shift);
}

size_t cbor_shortest_float(double value, uint64_t *bits)
{
    if (value != value) {
        *bits = NAN_16;
        return 2;
    }
    *bits = narrow(bits_of(value), 5, 10);
    if (bits_of(cbor_float(*bits, 2)) == bits_of(value))
        return 2;
    *bits = narrow(bits_of(value), 8, 23);
    if (bits_of(cbor_float(*bits, 4)) == bits_of(value))
        return 4;
    *bits = bits_of(value);
    return 8;
}

static int text_tostring(lua_State *L)
{
    void *text = luaL_checkudata(L, 1, CBOR_TEXT);
    lua_pushlstring(L, text, lua_rawlen(L, 1));
    return 1;
}

void cbor_push_metatable(lua_State *L, const char *name)
{
    if (!service_type(L, name))
        return;
    if (strcmp(name, CBOR_TEXT) == 0)
        service_function(L, "__tostring", text_tostring);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    service_type_made(L, name);
}

/* text(s): returns a value that is encoded as text */
static int text(lua_State *L)
{
    size_t size;
    const uint8_t *bytes = service_bytes(L, 1, &size);
    luaL_argcheck(L, cbor_is_utf8(L, bytes, size), 1, "UTF-8 expected");
    void *copy = lua_newuserdatauv(L, size, 0);
    if (size)
        memcpy(copy, bytes, size);
    cbor_push_metatable(L, CBOR_TEXT);
    lua_setmetatable(L, -2);
    return 1;
}

/* array(t): returns t, which is then encoded as an array even when it is empty */
static int array(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_argcheck(L, !lua_getmetatable(L, 1), 1, "a table without a metatable expected");
    cbor_push_metatable(L, CBOR_ARRAY);
    lua_setmetatable(L, 1);
    return 1;
}

int cbor_open(lua_State *L)
{
    lua_createtable(L, 0, 5);
    service_function(L, "encode", cbor_encode);
    service_function(L, "decode", cbor_decode);
    service_function(L, "text", text);
    service_function(L, "array", array);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    return 1;
}
