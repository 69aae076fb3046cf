/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "abi/limits.h"
#include "core/base/wipe.h"
#include "core/codec/path.h"
#include "core/codec/writer.h"
#include "core/lualib/cbor.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define MESSAGE_SIZE 256
#define LOST_ENTRIES "a weak table lost entries while it was encoded: use a strong copy"
#define CAPACITY_FIRST 256u
/* Units of fuel for an entry: to count it, to check whether the table is a list, and to encode it. */
#define FUEL_COUNT 4
#define FUEL_LIST 4
#define FUEL_ENCODE 12
#define FUEL_SIFT 4 /* for a level of the heap that sorts the entries */

/* Stack indices. */
enum { VALUE = 1, MODE, BUFFER, FIRST_FREE };

struct encoder {
    lua_State *L;
    uint8_t *data; /* the userdata at BUFFER */
    size_t used;
    size_t capacity;
    bool text; /* strings are encoded as text */
    int depth; /* number of tables around the current value */
    const void *tables[LUATEE_VALUE_DEPTH_MAX];
    struct path_step steps[LUATEE_VALUE_DEPTH_MAX];
};

static void encode_value(struct encoder *e, int idx);

static void reject(struct encoder *e, const char *reason)
{
    char message[MESSAGE_SIZE];
    const struct path path = { .role = "argument", .number = 1, .steps = e->steps, .count = e->depth };
    path_message(message, sizeof(message), e->L, &path, reason);
    luaL_error(e->L, "%s", message);
}

static void put(struct encoder *e, const void *bytes, size_t size)
{
    if (size > e->capacity - e->used) {
        size_t capacity = e->capacity + (size > e->capacity ? size : e->capacity);
        uint8_t *data = lua_newuserdatauv(e->L, capacity, 0);
        if (e->used)
            memcpy(data, e->data, e->used);
        wipe(e->data, e->used);
        lua_replace(e->L, BUFFER);
        e->data = data;
        e->capacity = capacity;
    }
    if (size)
        memcpy(e->data + e->used, bytes, size);
    e->used += size;
}

static void put_head(struct encoder *e, enum head_major major, uint64_t number)
{
    uint8_t bytes[HEAD_MAX];
    struct writer w;
    writer_begin(&w, bytes, sizeof(bytes));
    writer_head(&w, major, number);
    put(e, bytes, writer_size(&w));
}

static void put_byte(struct encoder *e, uint8_t byte)
{
    put(e, &byte, 1);
}

static void encode_number(struct encoder *e, int idx)
{
    if (lua_isinteger(e->L, idx)) {
        lua_Integer n = lua_tointeger(e->L, idx);
        put_head(e, n < 0 ? HEAD_NEGATIVE : HEAD_UNSIGNED, n < 0 ? ~(uint64_t)n : (uint64_t)n);
        return;
    }
    uint64_t bits;
    size_t size = cbor_shortest_float(lua_tonumber(e->L, idx), &bits);
    put_byte(e, (uint8_t)(HEAD_SIMPLE << HEAD_SHIFT | (size == 2 ? 25 : size == 4 ? 26 : 27)));
    while (size-- > 0)
        put_byte(e, (uint8_t)(bits >> (8 * size)));
}

static void encode_string(struct encoder *e, int idx)
{
    size_t size;
    const uint8_t *bytes = (const uint8_t *)lua_tolstring(e->L, idx, &size);
    if (e->text && !cbor_is_utf8(e->L, bytes, size))
        reject(e, "text that is not UTF-8");
    luatee_fuel_consume(e->L, size);
    put_head(e, e->text ? HEAD_TEXT : HEAD_BYTES, size);
    put(e, bytes, size);
}

static void encode_userdata(struct encoder *e, int idx)
{
    const void *text = luaL_testudata(e->L, idx, CBOR_TEXT);
    if (!text)
        reject(e, "this userdata cannot be encoded");
    put_head(e, HEAD_TEXT, lua_rawlen(e->L, idx));
    put(e, text, lua_rawlen(e->L, idx));
}

/* --- maps: entries are sorted when they are encoded --------------------------------------------------------------- */

struct entry {
    size_t offset;
    size_t size;
};

/* Compares two encoded entries. No encoded key is the beginning of another one, and equal keys were rejected before, so
 * the order never depends on values. */
static int compare(const struct encoder *e, const struct entry *a, const struct entry *b)
{
    int order = memcmp(e->data + a->offset, e->data + b->offset, a->size < b->size ? a->size : b->size);
    return order ? order : a->size < b->size ? -1 : a->size > b->size;
}

/* Heapsort: its time does not depend on the keys, which a script may choose. */
static void sift(const struct encoder *e, struct entry *entries, size_t at, size_t count)
{
    struct entry moving = entries[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        luatee_fuel_consume(e->L, FUEL_SIFT);
        if (child + 1 < count && compare(e, &entries[child], &entries[child + 1]) < 0)
            child++;
        if (compare(e, &moving, &entries[child]) >= 0)
            break;
        entries[at] = entries[child];
    }
    entries[at] = moving;
}

static void sort(const struct encoder *e, struct entry *entries, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(e, entries, i, count);
    for (size_t left = count; left > 1;) {
        struct entry largest = entries[0];
        entries[0] = entries[--left];
        entries[left] = largest;
        sift(e, entries, 0, left);
    }
}

/* Sorts the encoded entries, which are the end of the buffer from `start` on. */
static void sort_entries(struct encoder *e, struct entry *entries, size_t count, size_t start)
{
    size_t size = e->used - start, at = 0;
    sort(e, entries, count);
    uint8_t *ordered = lua_newuserdatauv(e->L, size, 0);
    for (size_t i = 0; i < count; i++) {
        memcpy(ordered + at, e->data + entries[i].offset, entries[i].size);
        at += entries[i].size;
    }
    memcpy(e->data + start, ordered, size);
    wipe(ordered, size);
    lua_pop(e->L, 1);
}

static void encode_key(struct encoder *e, int idx)
{
    switch (lua_type(e->L, idx)) {
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
    case LUA_TUSERDATA:
        encode_value(e, idx);
        return;
    default:
        reject(e, "only booleans, numbers, strings and tee.cbor.text can be keys");
    }
}

/* The stack from idx + 1 on: a set of the encoded keys, the entries, key, value. */
static void encode_map(struct encoder *e, int idx, size_t count)
{
    lua_State *L = e->L;
    put_head(e, HEAD_MAP, count);
    size_t start = e->used, n = 0;
    lua_newtable(L);
    struct entry *entries = lua_newuserdatauv(L, count * sizeof(*entries), 0);
    e->steps[e->depth - 1].key = idx + 3;
    for (lua_pushnil(L); lua_next(L, idx); lua_settop(L, idx + 3)) {
        luatee_fuel_consume(L, FUEL_ENCODE);
        entries[n].offset = e->used;
        encode_key(e, idx + 3);
        lua_pushlstring(L, (const char *)e->data + entries[n].offset, e->used - entries[n].offset);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, idx + 1) != LUA_TNIL)
            reject(e, "two keys that are the same when encoded");
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
        lua_rawset(L, idx + 1);
        encode_value(e, idx + 4);
        entries[n].size = e->used - entries[n].offset;
        n++;
    }
    if (n != count) {
        e->depth--; /* so that the message names the table, and not a key in it */
        reject(e, LOST_ENTRIES);
    }
    sort_entries(e, entries, count, start);
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

static bool is_marked(lua_State *L, int idx)
{
    if (!lua_getmetatable(L, idx))
        return false;
    cbor_push_metatable(L, CBOR_ARRAY);
    bool marked = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return marked;
}

static size_t count_entries(lua_State *L, int idx)
{
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        luatee_fuel_consume(L, FUEL_COUNT);
        count++;
    }
    return count;
}

/* Returns whether the keys are 1 to count. */
static bool is_list(lua_State *L, int idx, size_t count)
{
    for (size_t i = 1; i <= count; i++) {
        luatee_fuel_consume(L, FUEL_LIST);
        bool exists = lua_rawgeti(L, idx, (lua_Integer)i) != LUA_TNIL;
        lua_pop(L, 1);
        if (!exists)
            return false;
    }
    return true;
}

static void encode_list(struct encoder *e, int idx, size_t count)
{
    struct path_step *step = &e->steps[e->depth - 1];
    put_head(e, HEAD_ARRAY, count);
    step->key = 0;
    for (size_t i = 1; i <= count; i++) {
        step->index = (lua_Integer)i;
        luatee_fuel_consume(e->L, FUEL_ENCODE);
        if (lua_rawgeti(e->L, idx, step->index) == LUA_TNIL)
            reject(e, LOST_ENTRIES);
        encode_value(e, idx + 1);
        lua_settop(e->L, idx);
    }
}

/* idx: the top of the stack, so that the indices of pushed values are known. */
static void encode_table(struct encoder *e, int idx)
{
    lua_State *L = e->L;
    const void *self = lua_topointer(L, idx);
    for (int i = 0; i < e->depth; i++)
        if (e->tables[i] == self)
            reject(e, "cycle");
    if (e->depth == LUATEE_VALUE_DEPTH_MAX)
        reject(e, "too deep: more than " TEXT(LUATEE_VALUE_DEPTH_MAX) " tables inside each other");
    luaL_checkstack(L, 8, NULL);
    size_t count = count_entries(L, idx);
    bool marked = is_marked(L, idx), list = (count > 0 || marked) && is_list(L, idx, count);
    if (marked && !list)
        reject(e, "an array with other keys than 1, 2, 3 ...");
    e->tables[e->depth++] = self;
    if (list)
        encode_list(e, idx, count);
    else
        encode_map(e, idx, count);
    e->depth--;
    lua_settop(L, idx);
}

/* A table must be the top of the stack. */
static void encode_value(struct encoder *e, int idx)
{
    switch (lua_type(e->L, idx)) {
    case LUA_TNIL:
        put_byte(e, HEAD_NULL);
        return;
    case LUA_TBOOLEAN:
        put_byte(e, lua_toboolean(e->L, idx) ? HEAD_TRUE : HEAD_FALSE);
        return;
    case LUA_TNUMBER:
        encode_number(e, idx);
        return;
    case LUA_TSTRING:
        encode_string(e, idx);
        return;
    case LUA_TTABLE:
        encode_table(e, idx);
        return;
    case LUA_TUSERDATA:
        encode_userdata(e, idx);
        return;
    case LUA_TLIGHTUSERDATA: /* tee.cbor.null, the only one that scripts have */
        put_byte(e, HEAD_NULL);
        return;
    default:
        reject(e, "functions and coroutines cannot be encoded");
    }
}

int cbor_encode(lua_State *L)
{
    static const char *const modes[] = { "bytes", "text", NULL };
    luaL_checkany(L, VALUE);
    struct encoder e = { .L = L, .capacity = CAPACITY_FIRST, .text = luaL_checkoption(L, MODE, "bytes", modes) == 1 };
    lua_settop(L, MODE);
    e.data = lua_newuserdatauv(L, e.capacity, 0);
    lua_pushvalue(L, VALUE);
    encode_value(&e, FIRST_FREE);
    return service_return(L, e.data, e.used);
}
