/* SPDX-License-Identifier: BSD-2-Clause */
/* The codec alone: what Lua tests cannot send, because only a hostile peer would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "core/codec/codec.h"
#include "core/codec/held.h"
#include "lauxlib.h"
#include "lualib.h"

static lua_State *L;

static int setup(void **state)
{
    (void)state;
    L = luaL_newstate();
    return L ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    lua_close(L);
    return 0;
}

/* Decodes a message from memory of exactly its size, so that a sanitizer sees every byte read beyond it. */
static int decode(const void *bytes, size_t size)
{
    uint8_t *copy = test_malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    lua_settop(L, 0);
    struct cursor in;
    cursor_begin(&in, copy, size);
    uint64_t items = cursor_array(&in);
    int count = in.failure == CURSOR_FINE ? codec_decode(L, &in, items, NULL) : -1;
    if (count >= 0 && !cursor_finish(&in)) {
        lua_settop(L, 0);
        count = -1;
    }
    test_free(copy);
    return count;
}

struct bad {
    const char *name;
    const char *bytes;
    size_t size;
};
#define BAD(name, bytes) { name, bytes, sizeof(bytes) - 1 }

static const struct bad bad_messages[] = {
    BAD("nothing", ""),
    BAD("not an array", "\x01"),
    BAD("a map in place of the array", "\xa1\x01\x02"),
    BAD("array of unknown length", "\x9f\x01\xff"),
    BAD("array that ends early", "\x82\x01"),
    BAD("array that claims 4 billion items", "\x9a\xff\xff\xff\xff"),
    BAD("array that claims 2^64 - 1 items", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
    BAD("reserved length", "\x9c\x01"),
    BAD("item after the message", "\x81\x01\x02"),
    BAD("unsigned integer above 2^63 - 1", "\x81\x1b\x80\x00\x00\x00\x00\x00\x00\x00"),
    BAD("negative integer below -2^63", "\x81\x3b\x80\x00\x00\x00\x00\x00\x00\x00"),
    BAD("integer cut in the middle", "\x81\x1b\x00\x00\x00"),
    BAD("double cut in the middle", "\x81\xfb\x3f\xf0\x00"),
    BAD("half float", "\x81\xf9\x3c\x00"),
    BAD("single float", "\x81\xfa\x3f\x80\x00\x00"),
    BAD("undefined", "\x81\xf7"),
    BAD("other simple value", "\x81\xe0"),
    BAD("simple value in two bytes", "\x81\xf8\x20"),
    BAD("break without a beginning", "\x81\xff"),
    BAD("tag", "\x81\xc1\x01"),
    BAD("text string", "\x81\x61x"),
    BAD("byte string longer than the message", "\x81\x45xx"),
    BAD("byte string of 2^32 - 1", "\x81\x5a\xff\xff\xff\xffx"),
    BAD("byte string of 2^64 - 1", "\x81\x5b\xff\xff\xff\xff\xff\xff\xff\xffx"),
    BAD("byte string in chunks", "\x81\x5f\x41x\xff"),
    BAD("list of unknown length", "\x81\x9f\x01\xff"),
    BAD("list that ends early", "\x81\x83\x01\x02"),
    BAD("list with nil", "\x81\x82\x01\xf6"),
    BAD("list of 2^32 - 1", "\x81\x9a\xff\xff\xff\xff\x01"),
    BAD("empty map", "\x81\xa0"),
    BAD("map of unknown length", "\x81\xbf\x01\x02\xff"),
    BAD("map of 2^31 pairs", "\x81\xba\x80\x00\x00\x00\x01\x02"),
    BAD("map of 2^32 - 1 pairs", "\x81\xba\xff\xff\xff\xff\x01\x02"),
    BAD("map without the last value", "\x81\xa1\x01"),
    BAD("map with a nil key", "\x81\xa1\xf6\x01"),
    BAD("map with a nil value", "\x81\xa1\x01\xf6"),
    BAD("map with a NaN key", "\x81\xa1\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00\x01"),
    BAD("map with a float key that is an integer", "\x81\xa1\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00\x01"),
    BAD("map with a list as key", "\x81\xa1\x81\x01\x01"),
    BAD("map with a map as key", "\x81\xa1\xa1\x01\x01\x01"),
    BAD("map with a duplicate integer key", "\x81\xa2\x01\x01\x01\x02"),
    BAD("map with a duplicate string key", "\x81\xa2\x41x\x01\x41x\x02"),
    BAD("map with a duplicate key, encoded differently", "\x81\xa2\x01\x01\x18\x01\x02"),
    BAD("map with a duplicate boolean key", "\x81\xa2\xf5\x01\xf5\x02"),
    BAD("array with its count in one byte too many", "\x98\x01\x01"),
    BAD("array with its count in eight bytes", "\x9b\x00\x00\x00\x00\x00\x00\x00\x01\x01"),
    BAD("integer 23 in two bytes", "\x81\x18\x17"),
    BAD("integer 255 in three bytes", "\x81\x19\x00\xff"),
    BAD("integer 65535 in five bytes", "\x81\x1a\x00\x00\xff\xff"),
    BAD("integer 2^32 - 1 in nine bytes", "\x81\x1b\x00\x00\x00\x00\xff\xff\xff\xff"),
    BAD("negative integer -24 in two bytes", "\x81\x38\x17"),
    BAD("byte string with its size in two bytes", "\x81\x58\x01x"),
    BAD("list with its count in two bytes", "\x81\x98\x01\x01"),
    BAD("map with its count in two bytes", "\x81\xb8\x01\x01\x01"),
    BAD("false in two bytes", "\x81\xf8\x14"),
};

static void bad_messages_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad_messages) / sizeof(bad_messages[0]); i++) {
        const struct bad *bad = &bad_messages[i];
        int count = decode(bad->bytes, bad->size);
        if (count != -1)
            fail_msg("%s: decoded %d values", bad->name, count);
        assert_int_equal(lua_gettop(L), 0);
    }
}

static void integers_at_the_edges(void **state)
{
    (void)state;
    assert_int_equal(decode("\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", 19), 2);
    assert_true(lua_tointeger(L, 1) == LUA_MAXINTEGER);
    assert_true(lua_tointeger(L, 2) == LUA_MININTEGER);
}

/* `depth` lists (0x81) or maps (0xa1) of one element around a number. */
static int decode_nested(int depth, uint8_t kind)
{
    uint8_t bytes[3 * (LUATEE_VALUE_DEPTH_MAX + 10)];
    size_t n = 0;
    bytes[n++] = 0x81;
    for (int i = 0; i < depth; i++) {
        bytes[n++] = kind;
        if (kind == 0xa1)
            bytes[n++] = 0x01;
    }
    bytes[n++] = 0x07;
    return decode(bytes, n);
}

static void depth_limit(void **state)
{
    (void)state;
    assert_int_equal(decode_nested(LUATEE_VALUE_DEPTH_MAX, 0x81), 1);
    assert_int_equal(decode_nested(LUATEE_VALUE_DEPTH_MAX + 1, 0x81), -1);
    assert_int_equal(decode_nested(LUATEE_VALUE_DEPTH_MAX, 0xa1), 1);
    assert_int_equal(decode_nested(LUATEE_VALUE_DEPTH_MAX + 1, 0xa1), -1);
}

/* A megabyte of nested array headers must not exhaust the C stack. */
static void absurd_depth(void **state)
{
    (void)state;
    size_t size = 1 << 20;
    uint8_t *bytes = test_malloc(size);
    memset(bytes, 0x81, size);
    assert_int_equal(decode(bytes, size), -1);
    test_free(bytes);
}

static void value_count_limit(void **state)
{
    (void)state;
    size_t size = 3 + LUATEE_VALUES_MAX + 1;
    uint8_t *bytes = test_calloc(1, size); /* zeros: the integer 0 */
    memcpy(bytes, "\x99\x80\x00", 3);
    assert_int_equal(decode(bytes, size - 1), LUATEE_VALUES_MAX);
    memcpy(bytes, "\x99\x80\x01", 3);
    assert_int_equal(decode(bytes, size), -1);
    test_free(bytes);
}

/* Everything a good message can be cut to is bad. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char good[] = "\x86\xf6\x18\x64\xfb\x40\x09\x21\xfb\x54\x44\x2d\x18\x43"
                               "abc\x82\x01\x81\x02\xa2\x41k\xf5\xf4\x20";
    size_t size = sizeof(good) - 1;
    assert_int_equal(decode(good, size), 6);
    for (size_t cut = 0; cut < size; cut++)
        if (decode(good, cut) != -1)
            fail_msg("cut to %zu bytes", cut);
}

static bool encode(uint8_t *out, size_t room, struct writer *w)
{
    char error[CODEC_ERROR_SIZE];
    int count = lua_gettop(L);
    writer_begin(w, out, room);
    writer_array(w, (size_t)count);
    return codec_encode(L, 1, count, w, NULL, "argument", error);
}

/* Whatever room there is, the encoder says exactly how much is missing, and writes nothing beyond it. */
static void every_room_counts(void **state)
{
    (void)state;
    static const char good[] = "\x84\x43xyz\xa1\x41k\x83\x01\x02\x03\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00\x80";
    size_t size = sizeof(good) - 1;
    assert_int_equal(decode(good, size), 4);
    for (size_t room = 0; room <= size; room++) {
        uint8_t *out = test_malloc(room ? room : 1);
        struct writer w;
        assert_true(encode(out, room, &w));
        assert_int_equal(writer_size(&w), size);
        assert_int_equal(writer_fits(&w), room == size);
        if (writer_fits(&w))
            assert_memory_equal(out, good, size);
        test_free(out);
    }
}

/* Around where a head grows, in the middle of a nested value, whatever room there is. */
static void maps_of_every_size_count_right(void **state)
{
    (void)state;
    static const int sizes[] = { 1, 7, 8, 9, 23, 24, 255, 256, 257 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        lua_settop(L, 0);
        lua_newtable(L);
        lua_newtable(L);
        for (int k = 1; k <= sizes[i]; k++) {
            lua_pushinteger(L, k);
            lua_setfield(L, 2, lua_pushfstring(L, "key %d", k));
            lua_settop(L, 2);
        }
        lua_rawseti(L, 1, 1);
        struct writer w;
        assert_true(encode(NULL, 0, &w));
        size_t size = writer_size(&w);
        for (size_t room = size > 40 ? size - 40 : 0; room <= size; room++) {
            uint8_t *out = test_malloc(room);
            assert_true(encode(out, room, &w));
            assert_int_equal(writer_size(&w), size);
            assert_int_equal(writer_fits(&w), room == size);
            if (room == size)
                assert_int_equal(decode(out, size), 1);
            test_free(out);
            if (room < size)
                continue;
            lua_rawgeti(L, 1, 1);
            int count = 0;
            for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
                count++;
            assert_int_equal(count, sizes[i]);
        }
    }
}

/* The strings of keys are kept from one map to the next: other keys at their places, and other maps between, are
 * theirs. */
static void keys_are_those_of_their_map(void **state)
{
    (void)state;
    static const char message[] = "\x81\x85"
                                  "\xa2\x41" "a\x01\x41" "b\x02"
                                  "\xa2\x41" "a\xa2\x41" "b\x03\x41" "a\x04\x41" "b\x05"
                                  "\xa2\x41" "b\x06\x41" "a\x07"
                                  "\xa1\x42" "ab\x08"
                                  "\xa2\x01\x09\x41" "a\x0a";
    assert_int_equal(decode(message, sizeof(message) - 1), 1);
    static const struct {
        int item;
        const char *key;
        int value;
    } wanted[] = { { 1, "a", 1 }, { 1, "b", 2 },  { 2, "b", 5 }, { 3, "b", 6 },
                   { 3, "a", 7 }, { 4, "ab", 8 }, { 5, "a", 10 } };
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        lua_rawgeti(L, 1, wanted[i].item);
        lua_getfield(L, -1, wanted[i].key);
        assert_int_equal(lua_tointeger(L, -1), wanted[i].value);
    }
    lua_rawgeti(L, 1, 2);
    lua_getfield(L, -1, "a");
    lua_getfield(L, -1, "a");
    assert_int_equal(lua_tointeger(L, -1), 4);
    /* A key that the last map had, twice in this one. */
    static const char first[] = "\x81\x82\xa1\x41" "a\x01\xa2\x41" "a\x01\x41" "a\x02";
    static const char second[] = "\x81\x82\xa2\x41" "a\x01\x41" "b\x01\xa2\x41" "b\x01\x41" "b\x02";
    assert_int_equal(decode(first, sizeof(first) - 1), -1);
    assert_int_equal(decode(second, sizeof(second) - 1), -1);
    /* With another key in its place both are fine. */
    char other[sizeof(second)];
    memcpy(other, second, sizeof(second));
    other[sizeof(second) - 3] = 'c';
    assert_int_equal(decode(other, sizeof(other) - 1), 1);
}

static void paths_are_cut_in_the_middle(void **state)
{
    (void)state;
    /* A chain root.k.k.k... that ends in a function. */
    lua_newtable(L);
    lua_pushvalue(L, 1);
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX - 1; i++) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, 2, "a_rather_long_name_for_a_field_of_a_table");
        lua_replace(L, 2);
    }
    lua_pushthread(L);
    lua_setfield(L, 2, "last");
    lua_settop(L, 1);
    uint8_t out[16];
    char error[CODEC_ERROR_SIZE];
    struct writer w;
    writer_begin(&w, out, sizeof(out));
    assert_false(codec_encode(L, 1, 1, &w, NULL, "argument", error));
    assert_true(strlen(error) < CODEC_ERROR_SIZE);
    assert_memory_equal(error, "argument 1 .a_rather", 20);
    assert_non_null(strstr(error, "..."));
    assert_non_null(strstr(error, ".last: a coroutine cannot cross"));
    assert_int_equal(lua_gettop(L), 1);
}

/* A list of `count` empty tables. */
static void push_tables(int count)
{
    lua_createtable(L, count, 0);
    for (int i = 1; i <= count; i++) {
        lua_newtable(L);
        lua_rawseti(L, -2, i);
    }
}

static void fuel_is_charged_and_ends_the_walk(void **state)
{
    (void)state;
    enum { COUNT = 1000, COST = CODEC_FUEL_TABLE + COUNT * (CODEC_FUEL_ITEM + CODEC_FUEL_TABLE) };
    int64_t fuel = 10 * COST;
    struct codec_functions functions = { .fuel = &fuel };
    static uint8_t bytes[4 * COUNT];
    char error[CODEC_ERROR_SIZE];
    struct writer w;
    struct cursor in;
    lua_settop(L, 0);
    push_tables(COUNT);
    writer_begin(&w, bytes, sizeof(bytes));
    assert_true(codec_encode(L, 1, 1, &w, &functions, "argument", error));
    assert_in_range(10 * COST - fuel, COST, COST + COST / 2);

    int64_t before = fuel;
    cursor_begin(&in, bytes, writer_size(&w));
    assert_int_equal(codec_decode(L, &in, 1, &functions), 1);
    assert_in_range(before - fuel, COST, COST + COST / 2); // cppcheck-suppress duplicateExpression; codec_decode() changes fuel

    fuel = COST / 2;
    writer_begin(&w, bytes, sizeof(bytes));
    assert_false(codec_encode(L, 1, 1, &w, &functions, "argument", error));
    assert_true(fuel < 0 && fuel > -2 * CODEC_FUEL_TABLE);
    assert_non_null(strstr(error, "out of fuel"));
    lua_settop(L, 0);
}

/* As memory does when it runs out while a function is lent. */
static const char *collect(struct codec_functions *self, lua_State *at, int idx, bool *ours, uint64_t *number)
{
    (void)self;
    (void)idx;
    lua_gc(at, LUA_GCCOLLECT);
    *ours = true;
    *number = 1;
    return NULL;
}

static void push_weak(const char *source)
{
    lua_settop(L, 0);
    luaL_openlibs(L);
    assert_int_equal(luaL_loadstring(L, source), LUA_OK);
    assert_int_equal(lua_pcall(L, 0, 1, 0), LUA_OK);
}

/* A list that has become shorter would be no list any more; a map is what is left of it. */
static void weak_tables_may_lose_entries_meanwhile(void **state)
{
    (void)state;
    struct codec_functions functions = { .our_tag = 100, .number = collect };
    uint8_t bytes[256];
    char error[CODEC_ERROR_SIZE] = "";
    struct writer w;
    push_weak("return setmetatable({print, {}, {}, print}, {__mode = 'v'})");
    writer_begin(&w, bytes, sizeof(bytes));
    assert_false(codec_encode(L, 1, 1, &w, &functions, "argument", error));
    assert_non_null(strstr(error, "argument 1 [2]: a weak table lost entries"));
    assert_int_equal(lua_gettop(L), 1);

    push_weak("local t = setmetatable({f = print}, {__mode = 'v'})\n"
              "for i = 1, 9 do t['k' .. i] = {} end return t");
    writer_begin(&w, bytes, sizeof(bytes));
    assert_true(codec_encode(L, 1, 1, &w, &functions, "argument", error));
    struct cursor in;
    uint8_t first;
    uint64_t count = 0;
    cursor_begin(&in, bytes, writer_size(&w));
    assert_true(cursor_head(&in, &first, &count) && count >= 1 && count <= 10);
    for (uint64_t i = 0; i < 2 * count; i++)
        cursor_skip(&in);
    assert_true(cursor_finish(&in));
}

/* --- functions that are held -------------------------------------------------------------------------------------- */

static void *resize(void *ctx, void *block, size_t old_size, size_t size)
{
    (void)ctx;
    (void)old_size;
    if (size > 0)
        return realloc(block, size);
    free(block);
    return NULL;
}

/* They were on their way, in a message that did not get through, and came back. */
static void functions_that_come_again_stay(void **state)
{
    (void)state;
    struct held held = { .resize = resize };
    for (uint64_t number = 5; number <= 7; number++)
        assert_true(held_add(&held, number));
    held_drop(&held, 5);
    held_drop(&held, 6);
    assert_int_equal(held_select(&held), 2);
    assert_true(held_add(&held, 5) && held_add(&held, 6));
    assert_int_equal(held_select(&held), 0);
    held_drop(&held, 7); /* while the next message is written */
    held_forget_selected(&held);
    assert_true(held_has(&held, 5) && held_has(&held, 6) && !held_has(&held, 7));
    assert_int_equal(held_select(&held), 1);
    held_forget_selected(&held);
    assert_int_equal(held_select(&held), 0);
    held_free(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_that_come_again_stay),
        cmocka_unit_test_setup_teardown(bad_messages_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(integers_at_the_edges, setup, teardown),
        cmocka_unit_test_setup_teardown(depth_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(absurd_depth, setup, teardown),
        cmocka_unit_test_setup_teardown(value_count_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(every_truncation_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(every_room_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(maps_of_every_size_count_right, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_are_those_of_their_map, setup, teardown),
        cmocka_unit_test_setup_teardown(paths_are_cut_in_the_middle, setup, teardown),
        cmocka_unit_test_setup_teardown(fuel_is_charged_and_ends_the_walk, setup, teardown),
        cmocka_unit_test_setup_teardown(weak_tables_may_lose_entries_meanwhile, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
