/* SPDX-License-Identifier: BSD-2-Clause */
/* The writer and the cursor against each other, at the edges of every head, and the cursor against what no writer
 * writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/codec/cursor.h"
#include "core/codec/writer.h"

static uint8_t data[64];

/* One number on either side of each size of a head. */
static const struct {
    uint64_t number;
    size_t size;
} edges[] = {
    { 0, 1 },
    { 23, 1 },
    { 24, 2 },
    { UINT8_MAX, 2 },
    { UINT8_MAX + 1, 3 },
    { UINT16_MAX, 3 },
    { UINT16_MAX + 1, 5 },
    { UINT32_MAX, 5 },
    { (uint64_t)UINT32_MAX + 1, 9 },
    { UINT64_MAX, 9 },
};

static void heads_are_the_shortest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        struct writer w;
        struct cursor c;
        writer_begin(&w, data, sizeof(data));
        writer_uint(&w, edges[i].number);
        assert_int_equal(writer_size(&w), edges[i].size);
        cursor_begin(&c, data, edges[i].size);
        assert_true(cursor_uint(&c) == edges[i].number);
        assert_true(cursor_finish(&c));
        for (size_t cut = 0; cut < edges[i].size; cut++) {
            cursor_begin(&c, data, cut);
            assert_int_equal(cursor_uint(&c), 0);
            assert_int_equal(c.failure, CURSOR_TRUNCATED);
        }
    }
}

/* The same numbers in the next longer head, and in all longer ones. */
static void longer_heads_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        for (unsigned log = 0; log < 4; log++) {
            size_t size = (size_t)1 << log;
            if (size + 1 <= edges[i].size)
                continue;
            data[0] = (uint8_t)(HEAD_1_BYTE + log);
            for (size_t k = 0; k < size; k++)
                data[size - k] = (uint8_t)(edges[i].number >> (8 * k));
            struct cursor c;
            cursor_begin(&c, data, size + 1);
            assert_int_equal(cursor_uint(&c), 0);
            assert_int_equal(c.failure, CURSOR_NOT_SHORTEST);
        }
}

static void everything_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct writer w;
    struct cursor c;
    size_t size;
    writer_begin(&w, data, sizeof(data));
    writer_head(&w, HEAD_TAG, 18);
    writer_array(&w, 8);
    writer_int(&w, -1);
    writer_int(&w, INT64_MIN);
    writer_bool(&w, true);
    writer_bool(&w, false);
    writer_nil(&w);
    writer_bytes(&w, "\0b", 2);
    writer_textz(&w, "text");
    writer_map(&w, 1);
    writer_double(&w, -0.5);
    writer_bytes(&w, NULL, 0);
    assert_true(writer_fits(&w));

    cursor_begin(&c, data, writer_size(&w));
    cursor_expect_tag(&c, 18);
    cursor_expect_array(&c, 8);
    cursor_expect_int(&c, -1);
    cursor_expect_int(&c, INT64_MIN);
    assert_true(cursor_bool(&c));
    assert_false(cursor_nil(&c));
    assert_false(cursor_bool(&c));
    assert_true(cursor_nil(&c));
    assert_memory_equal(cursor_bytes_of(&c, 2), "\0b", 2);
    assert_memory_equal(cursor_text(&c, 0, 4, &size), "text", 4);
    assert_int_equal(size, 4);
    assert_int_equal(cursor_map(&c), 1);
    assert_memory_equal(c.next, "\xfb\xbf\xe0\x00\x00\x00\x00\x00\x00", 9);
    cursor_skip(&c);
    assert_non_null(cursor_bytes(&c, 0, 0, &size));
    assert_true(cursor_finish(&c));
}

/* Without room nothing is written, everything is counted. */
static void a_writer_measures(void **state)
{
    (void)state;
    struct writer w;
    writer_begin(&w, NULL, 0);
    writer_raw(&w, NULL, 0);
    writer_array(&w, 2);
    writer_textz(&w, "x");
    assert_int_equal(writer_size(&w), 3);
    assert_false(writer_fits(&w));

    memset(data, 0xee, sizeof(data));
    writer_begin(&w, data, 3);
    writer_bytes(&w, "abc", 3); /* the string does not fit ... */
    writer_nil(&w);             /* ... and what comes later is not put in its place */
    assert_int_equal(writer_size(&w), 5);
    assert_false(writer_fits(&w));
    assert_memory_equal(data, "\x43\xee\xee\xee", 4);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    struct cursor c;
    size_t size;
    cursor_begin(&c, (const uint8_t *)"\x01\x02", 2);
    assert_null(cursor_text(&c, 0, 9, &size));
    assert_int_equal(size, 0);
    assert_int_equal(cursor_left(&c), 0);
    assert_int_equal(cursor_uint(&c), 0);
    assert_false(cursor_nil(&c));
    cursor_skip(&c);
    assert_int_equal(c.failure, CURSOR_UNEXPECTED);
    assert_false(cursor_finish(&c));
}

#define ITEM(bytes, failure) { bytes, sizeof(bytes) - 1, failure }

static void whole_items_are_skipped(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum cursor_failure failure;
    } items[] = {
        ITEM("\x01", CURSOR_FINE),
        ITEM("\x82\x01\x81\x02", CURSOR_FINE),
        ITEM("\xa1\x61k\xa1\x01\x02", CURSOR_FINE),
        ITEM("\xc1\xc1\x41x", CURSOR_FINE),
        ITEM("\xf9\x00\x00", CURSOR_FINE),
        ITEM("\xf8\x20", CURSOR_FINE),
        ITEM("", CURSOR_TRUNCATED),
        ITEM("\x82\x01", CURSOR_TRUNCATED),
        ITEM("\xa1\x01", CURSOR_TRUNCATED),
        ITEM("\xc1", CURSOR_TRUNCATED),
        ITEM("\x42x", CURSOR_TRUNCATED),
        ITEM("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01", CURSOR_TRUNCATED),
        ITEM("\xbb\x80\x00\x00\x00\x00\x00\x00\x00\x01", CURSOR_TRUNCATED),
        ITEM("\x7b\xff\xff\xff\xff\xff\xff\xff\xff\x01", CURSOR_TRUNCATED),
        ITEM("\x9f\x01\xff", CURSOR_NOT_SHORTEST),
        ITEM("\x81\xff", CURSOR_NOT_SHORTEST),
        ITEM("\x98\x01\x01", CURSOR_NOT_SHORTEST),
        ITEM("\x81\x01\x01", CURSOR_UNEXPECTED), /* one item too many, for cursor_finish */
    };
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        struct cursor c;
        cursor_begin(&c, (const uint8_t *)items[i].bytes, items[i].size);
        cursor_skip(&c);
        (void)cursor_finish(&c);
        if (c.failure != items[i].failure)
            fail_msg("item %zu: failure %d", i, (int)c.failure);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_the_shortest),
        cmocka_unit_test(longer_heads_are_refused),
        cmocka_unit_test(everything_is_read_as_it_was_written),
        cmocka_unit_test(a_writer_measures),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(whole_items_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
