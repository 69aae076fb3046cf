/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes into the codec. What decodes must encode again, and to a message that decodes to the same bytes; nothing may
 * crash, read outside the message, or take memory out of proportion.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/codec/reader.h"
#include "core/codec/value.h"
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
    CborEncoder root, items;
    uint8_t nothing;
    uint8_t *out = &nothing;
    size_t room = 0;
    for (int pass = 0; pass < 2; pass++) {
        cbor_encoder_init(&root, out, room, 0);
        (void)cbor_encoder_create_array(&root, &items, (size_t)count);
        if (!codec_encode(L, 1, count, &items, "argument", error))
            abort(); /* what was decoded can be encoded */
        (void)cbor_encoder_close_container(&root, &items);
        if (pass == 0) {
            room = cbor_encoder_get_extra_bytes_needed(&root);
            out = lua_newuserdatauv(L, room, 0);
        }
    }
    *size = cbor_encoder_get_buffer_size(&root, out);
    if (*size != room)
        abort();
    return out;
}

static int round_trip(lua_State *L)
{
    const struct input *input = lua_touserdata(L, 1);
    lua_settop(L, 0);
    struct reader r;
    if (!reader_begin(&r, input->data, input->size))
        return 0;
    int count = codec_decode(L, &r.item);
    if (count < 0 || !reader_finished(&r))
        return 0;
    size_t first_size, second_size;
    const uint8_t *first = encode(L, count, &first_size);
    luaL_ref(L, LUA_REGISTRYINDEX);
    lua_settop(L, 0);
    if (!reader_begin(&r, first, first_size) || codec_decode(L, &r.item) != count || !reader_finished(&r))
        abort();
    (void)encode(L, count, &second_size);
    if (first_size != second_size) /* not the same bytes: the order of a map's keys may differ */
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
