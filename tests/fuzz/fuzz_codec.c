/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes into the codec. What decodes must encode again, and to a message that decodes to the same bytes; nothing
 * may crash, read outside the message, or take memory out of proportion.
 */
/* link: host */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/codec/codec.h"
#include "lauxlib.h"

#define MEMORY_MAX (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t in_use;

static void *limited(void *ud, void *block, size_t old_size, size_t new_size)
{
    (void)ud;
    if (!block)
        old_size = 0;
    if (new_size == 0) {
        free(block);
        in_use -= old_size;
        return NULL;
    }
    if (in_use - old_size + new_size > MEMORY_MAX)
        return NULL;
    void *moved = realloc(block, new_size);
    if (moved)
        in_use = in_use - old_size + new_size;
    return moved;
}

struct input {
    const uint8_t *data;
    size_t size;
};

/* The values on the stack as a message, in memory of Lua's; its size. */
static uint8_t *encode(lua_State *L, int count, size_t *size)
{
    char error[CODEC_ERROR_SIZE];
    struct writer w;
    uint8_t *out = NULL;
    *size = 0;
    for (int pass = 0; pass < 2; pass++) {
        writer_begin(&w, out, *size);
        writer_array(&w, (size_t)count);
        if (!codec_encode(L, 1, count, &w, NULL, "argument", error))
            abort(); /* what was decoded can be encoded */
        if (pass == 0) {
            *size = writer_size(&w);
            out = lua_newuserdatauv(L, *size, 0);
        }
    }
    if (!writer_fits(&w) || writer_size(&w) != *size)
        abort();
    return out;
}

static int decode(lua_State *L, const uint8_t *data, size_t size)
{
    struct cursor in;
    cursor_begin(&in, data, size);
    uint64_t items = cursor_array(&in);
    int count = in.failure == CURSOR_FINE ? codec_decode(L, &in, items, NULL) : -1;
    return cursor_finish(&in) ? count : -1;
}

/* Steps over the message as a whole: what is good can be stepped over, and nothing is read outside of it. */
static bool skip(const uint8_t *data, size_t size)
{
    struct cursor in;
    cursor_begin(&in, data, size);
    cursor_skip(&in);
    return cursor_finish(&in);
}

static int round_trip(lua_State *L)
{
    const struct input *input = lua_touserdata(L, 1);
    lua_settop(L, 0);
    bool whole = skip(input->data, input->size);
    int count = decode(L, input->data, input->size);
    if (count < 0)
        return 0;
    size_t first_size, second_size;
    const uint8_t *first = encode(L, count, &first_size);
    luaL_ref(L, LUA_REGISTRYINDEX);
    if (!whole || first_size > input->size) /* shorter: a map whose keys are 1..n is a list when it is encoded */
        abort();
    lua_settop(L, 0);
    if (decode(L, first, first_size) != count)
        abort();
    (void)encode(L, count, &second_size);
    if (first_size != second_size)
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    in_use = 0;
    lua_State *L = lua_newstate(limited, NULL);
    if (!L)
        return 0;
    lua_pushcfunction(L, round_trip);
    lua_pushlightuserdata(L, &input);
    (void)lua_pcall(L, 1, 0, 0);
    lua_close(L);
    if (in_use != 0)
        abort();
    return 0;
}
