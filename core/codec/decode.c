/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "abi/limits.h"
#include "core/codec/codec.h"
#include "core/codec/table.h"
#include "lauxlib.h"

/* The most keys of a map whose bytes are compared, and whose strings are kept for the next map. */
#define KEYS_MAX 8

/* An encoded key. */
struct key {
    const uint8_t *at;
    size_t size;
};

struct decoder {
    lua_State *L;
    struct cursor *in;
    struct codec_functions *functions;
    /* The maps of a list mostly have the same keys in the same order. A key with the same bytes as the key at this
     * place of the last map is the value on the stack for it, and need not be created again. */
    int strings;               /* stack index of the first of KEYS_MAX such values */
    struct key last[KEYS_MAX]; /* size 0: none yet */
    int64_t look;              /* when the fuel is below this, `wanted` is called */
    long long counted;         /* the last value of Lua's counter */
};

static bool decode_value(struct decoder *d, int depth);

/* The most entries that a table is created for. A message can claim any count, so a list gets more space only when its
 * elements arrive. A map gets all its space at once, and its count is charged before: rehashing a map whose keys
 * collide can take very long, and cannot be interrupted. */
#define PREALLOCATE_LIST_MAX 1024
#define PREALLOCATE_MAP_MAX (1 << 18)

static int preallocate(uint64_t count, int max)
{
    return count < (uint64_t)max ? (int)count : max;
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
    default: /* shorter floats, undefined, break */
        return false;
    }
}

static bool is_null(const struct cursor *in)
{
    return cursor_left(in) > 0 && *in->next == HEAD_NULL;
}

/* Returns false when there is no more fuel, or the call must end. */
static bool charge(struct decoder *d, uint64_t units)
{
    struct codec_functions *f = d->functions;
    if (!f || !f->fuel)
        return true;
    *f->fuel -= (int64_t)units;
    if (*f->fuel < 0 || *f->fuel >= d->look || !f->wanted)
        return *f->fuel >= 0;
    d->look = *f->fuel - CODEC_FUEL_LOOK;
    return f->wanted(d->L);
}

/* Charges for the next part of a list that has `left` items left. */
static bool charge_part(struct decoder *d, uint64_t left)
{
    return charge(d, (left < CODEC_FUEL_PART ? left : CODEC_FUEL_PART) * CODEC_FUEL_ITEM);
}

static bool decode_list(struct decoder *d, uint64_t count, int depth)
{
    if (count > cursor_left(d->in)) /* each element has at least one byte */
        return false;
    lua_createtable(d->L, preallocate(count, PREALLOCATE_LIST_MAX), 0);
    for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
        if (i % CODEC_FUEL_PART == 1 && !charge_part(d, count - (uint64_t)i + 1))
            luaL_error(d->L, "out of fuel");
        if (is_null(d->in) || !decode_value(d, depth))
            return false;
        lua_rawseti(d->L, -2, i);
    }
    return true;
}

/* Returns whether the number at the top can be a float key in Lua: it is not NaN, and does not equal an integer. */
static bool is_float_key(lua_State *L)
{
    int equals_integer;
    (void)lua_tointegerx(L, -1, &equals_integer);
    lua_Number number = lua_tonumber(L, -1);
    return !equals_integer && number == number;
}

/* Pushes a key: a string, an integer, a boolean or a float. */
static bool decode_key(lua_State *L, struct cursor *in)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(in, &first, &number))
        return false;
    switch (first >> HEAD_SHIFT) {
    case HEAD_BYTES:
        return decode_string(L, in, number);
    case HEAD_UNSIGNED:
    case HEAD_NEGATIVE:
        return decode_integer(L, first >> HEAD_SHIFT == HEAD_NEGATIVE, number);
    case HEAD_SIMPLE:
        return first != HEAD_NULL && decode_simple(L, first, number) && (first != HEAD_DOUBLE || is_float_key(L));
    default:
        return false;
    }
}

static bool same_key(const struct key *a, const struct key *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

/* Pushes the key at this place of a small map, and checks that it differs from the `place` keys before it. */
static bool decode_small_key(struct decoder *d, struct key *keys, size_t place)
{
    struct key *key = &keys[place];
    struct key *last = &d->last[place];
    key->at = d->in->next;
    if (last->size > 0 && last->size <= cursor_left(d->in) && memcmp(last->at, key->at, last->size) == 0) {
        key->size = last->size;
        d->in->next += last->size;
        lua_pushvalue(d->L, d->strings + (int)place);
    } else {
        if (!decode_key(d->L, d->in))
            return false;
        key->size = (size_t)(d->in->next - key->at);
        lua_copy(d->L, -1, d->strings + (int)place);
        *last = *key;
    }
    /* Each key has only one encoding. Comparing bytes is faster than a lookup in the table. */
    for (size_t i = 0; i < place; i++)
        if (same_key(&keys[i], key))
            return false;
    return true;
}

/* The steps that storing an entry normally takes. More of them are charged. */
#define STEPS_MIN 8

static void charge_for_steps(struct decoder *d)
{
    if (!d->functions || !d->functions->counted)
        return;
    long long steps = d->counted - *d->functions->counted;
    d->counted = *d->functions->counted;
    if (steps > STEPS_MIN && !charge(d, (uint64_t)steps))
        luaL_error(d->L, "out of fuel");
}

/* Returns whether the key at the top of the stack is not yet in the map below. */
static bool is_free_key(lua_State *L)
{
    lua_pushvalue(L, -1);
    bool is_free = lua_rawget(L, -3) == LUA_TNIL;
    lua_pop(L, 1);
    return is_free;
}

static bool decode_map(struct decoder *d, uint64_t count, int depth)
{
    struct key keys[KEYS_MAX];
    if (count == 0 || count > cursor_left(d->in) / 2)
        return false;
    lua_createtable(d->L, 0, preallocate(count, PREALLOCATE_MAP_MAX));
    for (size_t i = 0; i < count; i++) {
        if (count <= KEYS_MAX ? !decode_small_key(d, keys, i) : !decode_key(d->L, d->in) || !is_free_key(d->L))
            return false;
        if (is_null(d->in) || !decode_value(d, depth))
            return false;
        table_add(d->L);
        if (count > KEYS_MAX)
            charge_for_steps(d);
    }
    return true;
}

static bool decode_table(struct decoder *d, bool is_map, uint64_t count, int depth)
{
    if (depth == LUATEE_VALUE_DEPTH_MAX || count > cursor_left(d->in))
        return false;
    luaL_checkstack(d->L, 4, "a value that nests too deep");
    if (!charge(d, CODEC_FUEL_TABLE + (is_map ? count * CODEC_FUEL_ITEM : 0)))
        return luaL_error(d->L, "out of fuel");
    return is_map ? decode_map(d, count, depth + 1) : decode_list(d, count, depth + 1);
}

static bool decode_function(struct decoder *d, uint64_t tag)
{
    struct codec_functions *functions = d->functions;
    uint8_t first;
    uint64_t number;
    if (!functions || (tag != functions->our_tag && tag != functions->their_tag))
        return false;
    if (!cursor_head(d->in, &first, &number) || first >> HEAD_SHIFT != HEAD_UNSIGNED)
        return false;
    return functions->push(functions, d->L, tag == functions->our_tag, number);
}

/* Pushes a value. depth: the number of tables around it. Returns false when it is malformed. */
static bool decode_value(struct decoder *d, int depth)
{
    uint8_t first;
    uint64_t number;
    if (!cursor_head(d->in, &first, &number))
        return false;
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
        return decode_integer(d->L, false, number);
    case HEAD_NEGATIVE:
        return decode_integer(d->L, true, number);
    case HEAD_BYTES:
        return decode_string(d->L, d->in, number);
    case HEAD_ARRAY:
        return decode_table(d, false, number, depth);
    case HEAD_MAP:
        return decode_table(d, true, number, depth);
    case HEAD_SIMPLE:
        return decode_simple(d->L, first, number);
    case HEAD_TAG:
        return decode_function(d, number);
    default: /* text */
        return false;
    }
}

int codec_decode(lua_State *L, struct cursor *in, uint64_t count, struct codec_functions *functions)
{
    int top = lua_gettop(L);
    if (count > LUATEE_VALUES_MAX || count > cursor_left(in))
        return -1;
    if (count == 0)
        return 0;
    struct decoder d;
    d.L = L;
    d.in = in;
    d.functions = functions;
    d.strings = top + 1;
    d.look = functions && functions->fuel ? *functions->fuel - CODEC_FUEL_LOOK : 0;
    d.counted = functions && functions->counted ? *functions->counted : 0;
    for (size_t i = 0; i < KEYS_MAX; i++)
        d.last[i].size = 0;
    size_t left = cursor_left(in);
    luaL_checkstack(L, KEYS_MAX + (int)count, "too many values");
    lua_settop(L, top + KEYS_MAX);
    for (uint64_t i = 0; i < count; i++) {
        if (!decode_value(&d, 0)) {
            lua_settop(L, top);
            return -1;
        }
    }
    (void)charge(&d, (left - cursor_left(in)) / 16);
    /* Move the values down to where the keys' strings are. */
    lua_rotate(L, top + 1, (int)count);
    lua_settop(L, top + (int)count);
    return (int)count;
}
