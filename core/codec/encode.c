/* SPDX-License-Identifier: BSD-2-Clause */
#include "abi/limits.h"
#include "core/codec/path.h"
#include "core/codec/value.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

struct encoder {
    lua_State *L;
    const char *role;
    int number; /* of the value that is being encoded, from 1 */
    char *error;
    int depth; /* tables around the current value */
    const void *tables[LUATEE_VALUE_DEPTH_MAX];
    struct path_step steps[LUATEE_VALUE_DEPTH_MAX];
};

static bool encode_value(struct encoder *e, CborEncoder *enc, int idx);

static bool refuse(struct encoder *e, const char *reason)
{
    path_message(e->error, CODEC_ERROR_SIZE, e->L, e->role, e->number, e->steps, e->depth, reason);
    return false;
}

/* TinyCBOR's only error while encoding is a full buffer, and it goes on counting then: hence the casts to void here. */
static void encode_number(lua_State *L, CborEncoder *enc, int idx)
{
    if (lua_isinteger(L, idx))
        (void)cbor_encode_int(enc, lua_tointeger(L, idx));
    else
        (void)cbor_encode_double(enc, lua_tonumber(L, idx));
}

static void encode_string(lua_State *L, CborEncoder *enc, int idx)
{
    size_t n;
    const char *s = lua_tolstring(L, idx, &n);
    (void)cbor_encode_byte_string(enc, (const uint8_t *)s, n);
}

/* Counts the entries of the table at idx; *is_list: its keys are 1..count. */
static lua_Unsigned count_entries(lua_State *L, int idx, bool *is_list)
{
    lua_Unsigned border = lua_rawlen(L, idx);
    lua_Unsigned count = 0;
    bool in_range = true;
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        count++;
        if (in_range)
            in_range = lua_isinteger(L, -2) && (lua_Unsigned)lua_tointeger(L, -2) - 1 < border;
    }
    *is_list = in_range && count == border;
    return count;
}

static bool encode_list(struct encoder *e, CborEncoder *enc, int idx, size_t count)
{
    CborEncoder items;
    (void)cbor_encoder_create_array(enc, &items, count);
    struct path_step *step = &e->steps[e->depth - 1];
    step->key = 0;
    for (size_t i = 1; i <= count; i++) {
        step->index = (lua_Integer)i;
        lua_rawgeti(e->L, idx, (lua_Integer)i);
        if (!encode_value(e, &items, idx + 1))
            return false;
        lua_settop(e->L, idx);
    }
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

static bool encode_key(struct encoder *e, CborEncoder *enc, int idx)
{
    switch (lua_type(e->L, idx)) {
    case LUA_TBOOLEAN:
        (void)cbor_encode_boolean(enc, lua_toboolean(e->L, idx));
        return true;
    case LUA_TNUMBER:
        encode_number(e->L, enc, idx);
        return true;
    case LUA_TSTRING:
        encode_string(e->L, enc, idx);
        return true;
    case LUA_TTABLE:
        return refuse(e, "a table cannot be a key of a value that crosses");
    default:
        return refuse(e, "only booleans, numbers and strings can be keys of a value that crosses");
    }
}

static bool encode_map(struct encoder *e, CborEncoder *enc, int idx, size_t count)
{
    CborEncoder items;
    (void)cbor_encoder_create_map(enc, &items, count);
    e->steps[e->depth - 1].key = idx + 1;
    for (lua_pushnil(e->L); lua_next(e->L, idx); lua_settop(e->L, idx + 1)) {
        if (!encode_key(e, &items, idx + 1) || !encode_value(e, &items, idx + 2))
            return false;
    }
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

/* idx: the top of the stack, so that what a table pushes has known places. */
static bool encode_table(struct encoder *e, CborEncoder *enc, int idx)
{
    lua_State *L = e->L;
    const void *self = lua_topointer(L, idx);
    for (int i = 0; i < e->depth; i++)
        if (e->tables[i] == self)
            return refuse(e, "cycle");
    if (e->depth == LUATEE_VALUE_DEPTH_MAX)
        return refuse(e, "too deep: more than " TEXT(LUATEE_VALUE_DEPTH_MAX) " tables inside each other");
    if (!lua_checkstack(L, 4))
        return refuse(e, "not enough memory for the Lua stack");

    bool is_list;
    size_t count = (size_t)count_entries(L, idx, &is_list);
    e->tables[e->depth++] = self;
    bool ok = is_list ? encode_list(e, enc, idx, count) : encode_map(e, enc, idx, count);
    e->depth--;
    return ok;
}

static bool encode_value(struct encoder *e, CborEncoder *enc, int idx)
{
    switch (lua_type(e->L, idx)) {
    case LUA_TNIL:
        (void)cbor_encode_null(enc);
        return true;
    case LUA_TBOOLEAN:
        (void)cbor_encode_boolean(enc, lua_toboolean(e->L, idx));
        return true;
    case LUA_TNUMBER:
        encode_number(e->L, enc, idx);
        return true;
    case LUA_TSTRING:
        encode_string(e->L, enc, idx);
        return true;
    case LUA_TTABLE:
        return encode_table(e, enc, idx);
    case LUA_TFUNCTION:
        return refuse(e, "a function cannot cross");
    case LUA_TTHREAD:
        return refuse(e, "a coroutine cannot cross");
    default:
        return refuse(e, "userdata cannot cross");
    }
}

bool codec_encode(lua_State *L, int first, int count, CborEncoder *enc, const char *role, char error[CODEC_ERROR_SIZE])
{
    struct encoder e;
    e.L = L;
    e.role = role;
    e.error = error;
    e.depth = 0;
    int top = lua_gettop(L);
    for (int i = 0; i < count; i++) {
        e.number = i + 1;
        int idx = first + i;
        /* Tables are walked on the top of the stack; everything else is encoded where it is. */
        bool is_table = lua_type(L, idx) == LUA_TTABLE;
        if (is_table) {
            if (!lua_checkstack(L, 1))
                return refuse(&e, "not enough memory for the Lua stack");
            lua_pushvalue(L, idx);
            idx = top + 1;
        }
        bool ok = encode_value(&e, enc, idx);
        lua_settop(L, top);
        if (!ok)
            return false;
    }
    return true;
}
