/* SPDX-License-Identifier: BSD-2-Clause */
#include "abi/limits.h"
#include "core/codec/codec.h"
#include "core/codec/path.h"
#include "core/codec/table.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

struct encoder {
    lua_State *L;
    struct writer *out;
    struct codec_functions *functions;
    const char *role;
    int number; /* of the value that is being encoded, from 1 */
    char *error;
    int64_t look; /* when the fuel is below this, `wanted` is called */
    bool over;    /* there is no more fuel, or the call must end */
    int depth;    /* number of tables around the current value */
    const void *tables[LUATEE_VALUE_DEPTH_MAX];
    struct path_step steps[LUATEE_VALUE_DEPTH_MAX];
};

static bool encode_value(struct encoder *e, int idx, int type);

static bool reject(struct encoder *e, const char *reason)
{
    const struct path path = { .role = e->role, .number = e->number, .steps = e->steps, .count = e->depth };
    path_message(e->error, CODEC_ERROR_SIZE, e->L, &path, reason);
    return false;
}

/* Returns false when there is no more fuel, or the call must end. */
static bool charge(struct encoder *e, uint64_t units)
{
    struct codec_functions *f = e->functions;
    if (!f || !f->fuel)
        return true;
    *f->fuel -= (int64_t)units;
    if (*f->fuel < 0)
        e->over = true;
    if (*f->fuel < e->look && f->wanted && !e->over) {
        e->look = *f->fuel - CODEC_FUEL_LOOK;
        e->over = !f->wanted(e->L);
    }
    return !e->over;
}

static void encode_boolean(struct encoder *e, int idx)
{
    writer_bool(e->out, lua_toboolean(e->L, idx));
}

static void encode_number(struct encoder *e, int idx)
{
    if (lua_isinteger(e->L, idx))
        writer_int(e->out, lua_tointeger(e->L, idx));
    else
        writer_double(e->out, lua_tonumber(e->L, idx));
}

static void encode_string(struct encoder *e, int idx)
{
    size_t size;
    const char *s = lua_tolstring(e->L, idx, &size);
    (void)charge(e, size / 16);
    writer_bytes(e->out, s, size);
}

/* Returns whether the keys of the table at idx are 1 to *count, the border of the table. */
static bool is_list(struct encoder *e, int idx, lua_Unsigned *count)
{
    lua_State *L = e->L;
    lua_Unsigned border = *count = lua_rawlen(L, idx);
    lua_Unsigned entries = 0;
    unsigned position = 0;
    while (table_next(L, idx, &position)) {
        entries++;
        /* One other key is enough: the table is a map. */
        if (entries > border || !lua_isinteger(L, idx + 1) || (lua_Unsigned)lua_tointeger(L, idx + 1) - 1 >= border) {
            lua_settop(L, idx);
            (void)charge(e, position);
            return false;
        }
    }
    (void)charge(e, position);
    return entries == border;
}

/* Charges for the next part of a list that has `left` items left. */
static bool charge_part(struct encoder *e, lua_Unsigned left)
{
    return charge(e, (left < CODEC_FUEL_PART ? left : CODEC_FUEL_PART) * CODEC_FUEL_ITEM);
}

static bool encode_list(struct encoder *e, int idx, lua_Unsigned count)
{
    writer_array(e->out, count);
    struct path_step *step = &e->steps[e->depth - 1];
    step->key = 0;
    for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
        if (i % CODEC_FUEL_PART == 1 && !charge_part(e, count - (lua_Unsigned)i + 1))
            return reject(e, "out of fuel");
        step->index = i;
        int type = lua_rawgeti(e->L, idx, i);
        if (type == LUA_TNIL) /* an allocation ran the garbage collector */
            return reject(e, "a weak table lost entries while it was sent: use a strong copy");
        if (!encode_value(e, idx + 1, type))
            return false;
        lua_settop(e->L, idx);
    }
    return true;
}

static bool encode_key(struct encoder *e, int idx)
{
    switch (lua_type(e->L, idx)) {
    case LUA_TBOOLEAN:
        encode_boolean(e, idx);
        return true;
    case LUA_TNUMBER:
        encode_number(e, idx);
        return true;
    case LUA_TSTRING:
        encode_string(e, idx);
        return true;
    case LUA_TTABLE:
        return reject(e, "a table cannot be a key of a value that crosses");
    default:
        return reject(e, "only booleans, numbers and strings can be keys of a value that crosses");
    }
}

/* Encodes the table at idx, whose first entry is on the stack. Counts the entries while it writes them, since a second
 * traversal would cost more. */
static bool encode_map(struct encoder *e, int idx, unsigned position)
{
    uint64_t count = 0;
    size_t begin = writer_map_begin(e->out);
    e->steps[e->depth - 1].key = idx + 1;
    do {
        if (!encode_key(e, idx + 1) || !encode_value(e, idx + 2, lua_type(e->L, idx + 2)))
            return false;
        count++;
    } while (table_next(e->L, idx, &position));
    (void)charge(e, position + count * CODEC_FUEL_ITEM + (writer_size(e->out) - begin) / 64);
    writer_map_end(e->out, begin, count); /* may move the whole map, which is part of the charge */
    return true;
}

/* If the first key is not an integer, the table is a map. Otherwise all keys are checked. */
static bool encode_entries(struct encoder *e, int idx)
{
    unsigned position = 0;
    lua_Unsigned count;
    if (!table_next(e->L, idx, &position)) {
        (void)charge(e, position);
        writer_array(e->out, 0);
        return true;
    }
    if (!lua_isinteger(e->L, idx + 1))
        return encode_map(e, idx, position);
    lua_settop(e->L, idx);
    if (is_list(e, idx, &count))
        return encode_list(e, idx, count);
    position = 0;
    (void)table_next(e->L, idx, &position);
    return encode_map(e, idx, position);
}

/* idx: the top of the stack, so that the key and value of an entry are at idx + 1 and idx + 2. */
static bool encode_table(struct encoder *e, int idx)
{
    lua_State *L = e->L;
    const void *self = lua_topointer(L, idx);
    for (int i = 0; i < e->depth; i++)
        if (e->tables[i] == self)
            return reject(e, "cycle");
    if (e->depth == LUATEE_VALUE_DEPTH_MAX)
        return reject(e, "too deep: more than " TEXT(LUATEE_VALUE_DEPTH_MAX) " tables inside each other");
    /* Without this, tables that contain others twice, level by level, would take exponential time. */
    if (writer_size(e->out) > LUATEE_MESSAGE_MAX)
        return reject(e, "too large: a message has 4 MiB at most");
    if (!charge(e, CODEC_FUEL_TABLE + (unsigned)e->depth / 4))
        return reject(e, "out of fuel");
    if (!lua_checkstack(L, 4))
        return reject(e, "not enough memory for the Lua stack");

    e->tables[e->depth++] = self;
    bool ok = encode_entries(e, idx);
    e->depth--;
    return ok;
}

static bool encode_function(struct encoder *e, int idx)
{
    struct codec_functions *functions = e->functions;
    bool ours;
    uint64_t number;
    const char *reason =
        functions ? functions->number(functions, e->L, idx, &ours, &number) : "a function cannot cross";
    if (reason)
        return reject(e, reason);
    writer_tagged(e->out, ours ? functions->our_tag : functions->their_tag, number);
    return true;
}

static bool encode_value(struct encoder *e, int idx, int type)
{
    switch (type) {
    case LUA_TNIL:
        writer_nil(e->out);
        return true;
    case LUA_TBOOLEAN:
        encode_boolean(e, idx);
        return true;
    case LUA_TNUMBER:
        encode_number(e, idx);
        return true;
    case LUA_TSTRING:
        encode_string(e, idx);
        return true;
    case LUA_TTABLE:
        return encode_table(e, idx);
    case LUA_TFUNCTION:
        return encode_function(e, idx);
    case LUA_TTHREAD:
        return reject(e, "a coroutine cannot cross");
    default:
        return reject(e, "userdata cannot cross");
    }
}

static bool encode_all(struct encoder *e, int first, int count)
{
    int top = lua_gettop(e->L);
    /* Space for a table. Results of a coroutine may lie above the top of its frame, and this extends the frame. */
    if (!lua_checkstack(e->L, 1))
        return reject(e, "not enough memory for the Lua stack");
    for (int i = 0; i < count; i++) {
        e->number = i + 1;
        int idx = first + i;
        int type = lua_type(e->L, idx);
        /* A table is copied to the top of the stack. Any other value is encoded where it is. */
        if (type == LUA_TTABLE) {
            lua_pushvalue(e->L, idx);
            idx = top + 1;
        }
        bool ok = encode_value(e, idx, type);
        lua_settop(e->L, top);
        if (!ok)
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(readability-function-size): seven parameters; a struct makes the TA 208 bytes larger */
bool codec_encode(lua_State *L, int first, int count, struct writer *out, struct codec_functions *functions,
                  const char *role, char error[CODEC_ERROR_SIZE])
{
    struct encoder e;
    e.L = L;
    e.out = out;
    e.functions = functions;
    e.role = role;
    e.error = error;
    e.depth = 0;
    e.over = false;
    e.look = functions && functions->fuel ? *functions->fuel - CODEC_FUEL_LOOK : 0;
    return encode_all(&e, first, count);
}
