/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the C API: written, read, and taken from hostile bytes. Needs no TEE. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/values.h"

static luatee_values *values;

static int setup(void **state)
{
    (void)state;
    values = luatee_values_new();
    return values == NULL;
}

static int teardown(void **state)
{
    (void)state;
    luatee_values_free(values);
    return 0;
}

static void assert_ok(void)
{
    luatee_error *error = luatee_error_new();
    luatee_status status = luatee_values_status(values, error);
    if (status != LUATEE_OK)
        print_error("%s\n", luatee_error_message(error));
    luatee_error_free(error);
    assert_int_equal(status, LUATEE_OK);
}

static void assert_sticks(luatee_status wanted, const char *words)
{
    luatee_error *error = luatee_error_new();
    assert_int_equal(luatee_values_status(values, error), wanted);
    assert_int_equal(luatee_error_status(error), wanted);
    assert_non_null(strstr(luatee_error_message(error), words));
    luatee_error_free(error);
}

static void assert_bytes(const char *wanted)
{
    size_t size;
    const void *bytes = luatee_get_bytes(values, &size);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(bytes, wanted, size);
}

static void every_kind_comes_back(void **state)
{
    (void)state;
    static const int64_t integers[] = { 0, 1, 23, 24, 255, 256, -1, -24, -25, 1 << 20, INT64_MAX, INT64_MIN };
    static const double doubles[] = { 0.0, -0.0, 1.0, 0.1, INFINITY, -INFINITY, 5e-324, 1.7976931348623157e308 };
    luatee_put_nil(values);
    luatee_put_boolean(values, true);
    luatee_put_boolean(values, false);
    for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
        luatee_put_integer(values, integers[i]);
    for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++)
        luatee_put_double(values, doubles[i]);
    luatee_put_double(values, NAN);
    luatee_put_bytes(values, "a\0b", 3);
    luatee_put_string(values, "");

    assert_int_equal(luatee_next_kind(values), LUATEE_NIL);
    luatee_skip(values);
    assert_int_equal(luatee_next_kind(values), LUATEE_BOOLEAN);
    assert_true(luatee_get_boolean(values));
    assert_false(luatee_get_boolean(values));
    for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++) {
        assert_int_equal(luatee_next_kind(values), LUATEE_INTEGER);
        assert_true(luatee_get_integer(values) == integers[i]);
    }
    for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++) {
        assert_int_equal(luatee_next_kind(values), LUATEE_DOUBLE);
        double number = luatee_get_double(values);
        assert_memory_equal(&number, &doubles[i], sizeof(number));
    }
    assert_true(isnan(luatee_get_double(values)));
    size_t size;
    assert_memory_equal(luatee_get_bytes(values, &size), "a\0b", 3);
    assert_int_equal(size, 3);
    assert_bytes("");
    assert_int_equal(luatee_next_kind(values), LUATEE_END);
    assert_ok();
}

static void an_integer_is_read_as_double(void **state)
{
    (void)state;
    luatee_put_integer(values, 7);
    assert_true(luatee_get_double(values) == 7.0);
    assert_ok();
}

/* {1, {x = {true}}, {}} and an empty map */
static void put_nested(void)
{
    luatee_begin_list(values);
    luatee_put_integer(values, 1);
    luatee_begin_map(values);
    luatee_put_string(values, "x");
    luatee_begin_list(values);
    luatee_put_boolean(values, true);
    luatee_end_list(values);
    luatee_end_map(values);
    luatee_begin_list(values);
    luatee_end_list(values);
    luatee_end_list(values);
    luatee_begin_map(values);
    luatee_end_map(values);
}

static void tables_come_back(void **state)
{
    (void)state;
    put_nested();
    assert_int_equal(luatee_count(values), 2);
    assert_int_equal(luatee_next_kind(values), LUATEE_LIST);
    assert_int_equal(luatee_enter(values), 3);
    assert_int_equal(luatee_get_integer(values), 1);
    assert_int_equal(luatee_next_kind(values), LUATEE_MAP);
    assert_int_equal(luatee_enter(values), 1);
    assert_bytes("x");
    assert_int_equal(luatee_enter(values), 1);
    assert_true(luatee_get_boolean(values));
    assert_int_equal(luatee_next_kind(values), LUATEE_END);
    luatee_leave(values);
    luatee_leave(values);
    assert_int_equal(luatee_enter(values), 0);
    assert_int_equal(luatee_next_kind(values), LUATEE_END);
    luatee_leave(values);
    luatee_leave(values);
    assert_int_equal(luatee_next_kind(values), LUATEE_LIST);
    assert_int_equal(luatee_enter(values), 0);
    luatee_leave(values);
    assert_int_equal(luatee_next_kind(values), LUATEE_END);
    assert_ok();
}

static void a_table_is_left_early(void **state)
{
    (void)state;
    put_nested();
    luatee_put_string(values, "after");
    assert_int_equal(luatee_enter(values), 3);
    assert_int_equal(luatee_get_integer(values), 1);
    assert_int_equal(luatee_enter(values), 1);
    luatee_leave(values);
    luatee_leave(values);
    luatee_skip(values);
    assert_bytes("after");
    luatee_rewind(values);
    luatee_skip(values);
    luatee_skip(values);
    assert_bytes("after");
    assert_ok();
}

static void lists_longer_than_a_short_head(void **state)
{
    (void)state;
    luatee_begin_list(values);
    for (int i = 0; i < 70000; i++)
        luatee_put_integer(values, i);
    luatee_end_list(values);
    assert_int_equal(luatee_enter(values), 70000);
    for (int i = 0; i < 70000; i++)
        assert_int_equal(luatee_get_integer(values), i);
    luatee_leave(values);
    assert_ok();
}

static void nesting_reaches_its_limit(void **state)
{
    (void)state;
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX; i++)
        luatee_begin_list(values);
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX; i++)
        luatee_end_list(values);
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX; i++)
        luatee_enter(values);
    assert_int_equal(luatee_next_kind(values), LUATEE_END);
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX; i++)
        luatee_leave(values);
    assert_ok();

    luatee_values_clear(values);
    for (int i = 0; i < LUATEE_VALUE_DEPTH_MAX + 1; i++)
        luatee_begin_map(values), luatee_put_integer(values, 1);
    assert_sticks(LUATEE_USAGE, "LUATEE_VALUE_DEPTH_MAX");
}

static void limits_on_count_and_size(void **state)
{
    (void)state;
    for (int i = 0; i < LUATEE_VALUES_MAX; i++)
        luatee_put_nil(values);
    assert_ok();
    luatee_put_nil(values);
    assert_sticks(LUATEE_USAGE, "LUATEE_VALUES_MAX");

    char *large = calloc(1, LUATEE_MESSAGE_MAX + 1);
    assert_non_null(large);
    luatee_values_clear(values);
    luatee_put_bytes(values, large, LUATEE_MESSAGE_MAX / 2);
    assert_ok();
    luatee_put_bytes(values, large, LUATEE_MESSAGE_MAX / 2);
    assert_sticks(LUATEE_USAGE, "LUATEE_MESSAGE_MAX");
    luatee_values_clear(values);
    luatee_put_bytes(values, large, SIZE_MAX);
    assert_sticks(LUATEE_USAGE, "LUATEE_MESSAGE_MAX");
    free(large);
}

static void mistakes_in_writing_stick(void **state)
{
    (void)state;
    luatee_begin_list(values);
    luatee_put_nil(values);
    assert_sticks(LUATEE_USAGE, "nil");
    luatee_put_integer(values, 1);
    luatee_end_list(values);
    assert_sticks(LUATEE_USAGE, "nil");

    luatee_values_clear(values);
    luatee_begin_map(values);
    luatee_begin_list(values);
    assert_sticks(LUATEE_USAGE, "key");

    luatee_values_clear(values);
    luatee_begin_map(values);
    luatee_put_double(values, NAN);
    assert_sticks(LUATEE_USAGE, "NaN");

    luatee_values_clear(values);
    luatee_begin_map(values);
    luatee_put_integer(values, 1);
    luatee_end_map(values);
    assert_sticks(LUATEE_USAGE, "without its value");

    luatee_values_clear(values);
    luatee_end_list(values);
    assert_sticks(LUATEE_USAGE, "not begun");

    luatee_values_clear(values);
    luatee_begin_list(values);
    luatee_end_map(values);
    assert_sticks(LUATEE_USAGE, "not begun");

    luatee_values_clear(values);
    luatee_begin_list(values);
    assert_sticks(LUATEE_USAGE, "not ended");

    luatee_values_clear(values);
    assert_ok();
}

static void keys_are_lua_keys(void **state)
{
    (void)state;
    luatee_begin_map(values);
    luatee_put_double(values, 2.0);
    luatee_put_string(values, "two");
    luatee_put_double(values, 2.5);
    luatee_put_string(values, "half");
    luatee_put_boolean(values, true);
    luatee_put_string(values, "2");
    luatee_put_string(values, "2");
    luatee_put_integer(values, 2);
    luatee_end_map(values);
    assert_int_equal(luatee_enter(values), 4);
    assert_int_equal(luatee_next_kind(values), LUATEE_INTEGER);
    luatee_leave(values);
    assert_ok();

    luatee_values_clear(values);
    luatee_begin_map(values);
    luatee_put_integer(values, 1);
    luatee_put_integer(values, 1);
    luatee_put_double(values, 1.0);
    luatee_put_integer(values, 2);
    luatee_end_map(values);
    assert_sticks(LUATEE_USAGE, "twice");
}

static void mistakes_in_reading_stick(void **state)
{
    (void)state;
    luatee_put_string(values, "text");
    assert_int_equal(luatee_get_integer(values), 0);
    assert_sticks(LUATEE_USAGE, "another kind");
    assert_int_equal(luatee_next_kind(values), LUATEE_END);

    luatee_values_clear(values);
    luatee_put_integer(values, 5);
    assert_int_equal(luatee_get_integer(values), 5);
    assert_int_equal(luatee_get_integer(values), 0);
    assert_sticks(LUATEE_USAGE, "after the last value");

    luatee_values_clear(values);
    luatee_skip(values);
    assert_sticks(LUATEE_USAGE, "after the last value");

    luatee_values_clear(values);
    luatee_leave(values);
    assert_sticks(LUATEE_USAGE, "not entered");

    luatee_values_clear(values);
    luatee_put_integer(values, 5);
    assert_int_equal(luatee_enter(values), 0);
    assert_sticks(LUATEE_USAGE, "another kind");
}

/* --- bytes from the other world: the results in an array */

static bool adopt(const void *bytes, size_t size)
{
    struct cursor in;
    luatee_values_clear(values);
    struct luatee_buffer *buffer = luatee_values_buffer(values);
    assert_true(luatee_buffer_reserve(buffer, size));
    memcpy(buffer->data, bytes, size);
    buffer->size = size;
    cursor_begin(&in, buffer->data, size);
    uint64_t count = cursor_array(&in);
    return in.failure == CURSOR_FINE && luatee_values_adopt(values, &in, count, NULL) && cursor_finish(&in);
}

static void good_bytes_are_accepted(void **state)
{
    (void)state;
    /* [nil, {1: "a", true: [2.0]}, []] */
    static const uint8_t good[] = "\x83\xf6\xa2\x01\x41\x61\xf5\x81\xfb\x40\x00\x00\x00\x00\x00\x00\x00\x80";
    assert_true(adopt(good, sizeof(good) - 1));
    assert_int_equal(luatee_count(values), 3);
    luatee_skip(values);
    assert_int_equal(luatee_enter(values), 2);
    assert_int_equal(luatee_get_integer(values), 1);
    assert_bytes("a");
    assert_true(luatee_get_boolean(values));
    assert_int_equal(luatee_enter(values), 1);
    assert_true(luatee_get_double(values) == 2.0);
    luatee_leave(values);
    luatee_leave(values);
    assert_int_equal(luatee_enter(values), 0);
    luatee_leave(values);
    assert_ok();
    for (size_t size = 0; size < sizeof(good) - 1; size++)
        assert_false(adopt(good, size));
}

#define BAD(text)                                                                                                      \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }

static void bad_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        BAD("\x81\x01\x01"),                                     /* something after the message */
        BAD("\x9f\x01\xff"),                                     /* indefinite array */
        BAD("\x81\x9f\x01\xff"),                                 /* inside */
        BAD("\x81\x5f\x41\x61\xff"),                             /* indefinite string */
        BAD("\x81\xbf\x01\x01\xff"),                             /* indefinite map */
        BAD("\x81\x61\x61"),                                     /* text */
        BAD("\x81\xf7"),                                         /* undefined */
        BAD("\x81\xfa\x00\x00\x00\x00"),                         /* 32-bit float */
        BAD("\x81\xf9\x00\x00"),                                 /* 16-bit float */
        BAD("\x81\xc1\x01"),                                     /* tag */
        BAD("\x81\xe0"),                                         /* simple value */
        BAD("\x81\x1b\x80\x00\x00\x00\x00\x00\x00\x00"),         /* integer above INT64_MAX */
        BAD("\x81\x3b\x80\x00\x00\x00\x00\x00\x00\x00"),         /* integer below INT64_MIN */
        BAD("\x81\x81\xf6"),                                     /* nil in a list */
        BAD("\x81\xa1\x01\xf6"),                                 /* nil as a map's value */
        BAD("\x81\xa1\xf6\x01"),                                 /* nil as a key */
        BAD("\x81\xa1\x80\x01"),                                 /* a table as a key */
        BAD("\x81\xa1\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00\x01"), /* NaN as a key */
        BAD("\x81\xa0"),                                         /* an empty map */
        BAD("\x81\xa2\x01\x01\x01\x02"),                         /* the same key twice */
        BAD("\x81\xa2\x01\x01\x18\x01\x02"),                     /* the same, written in another way */
        BAD("\x81\xa1\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00\x01"), /* a double that is an integer as a key */
        BAD("\x81\xa1\x01"),                                     /* key without value */
        BAD("\x98\x01\x01"),                                     /* heads that are longer than they need to be */
        BAD("\x81\x18\x17"),
        BAD("\x81\x19\x00\xff"),
        BAD("\x81\x3a\x00\x00\xff\xff"),
        BAD("\x81\x58\x01\x61"),
        BAD("\x81\x98\x01\x01"),
        BAD("\x81\xb8\x01\x01\x01"),
        BAD("\x81\xf8\x14"),
        BAD("\x81\x5b\xff\xff\xff\xff\xff\xff\xff\xff"),         /* lengths that nobody has */
        BAD("\x81\x5a\xff\xff\xff\xff\x61"),
        BAD("\x81\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
        BAD("\x81\x9a\x7f\xff\xff\xff\x01"),
        BAD("\x81\xba\x7f\xff\xff\xff\x01\x01"),
        BAD("\x9a\x7f\xff\xff\xff\x01"),
        BAD("\xa1\x01\x01"), /* no array at all */
        BAD("\x01"),
        BAD(""),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (adopt(bad[i].bytes, bad[i].size))
            fail_msg("bad message %zu was taken", i);
}

static void deep_bytes_are_refused(void **state)
{
    (void)state;
    uint8_t deep[LUATEE_VALUE_DEPTH_MAX + 2];
    memset(deep, 0x81, sizeof(deep));
    deep[LUATEE_VALUE_DEPTH_MAX] = 0x80;
    assert_true(adopt(deep, LUATEE_VALUE_DEPTH_MAX + 1));
    deep[LUATEE_VALUE_DEPTH_MAX] = 0x81;
    deep[LUATEE_VALUE_DEPTH_MAX + 1] = 0x80;
    assert_false(adopt(deep, LUATEE_VALUE_DEPTH_MAX + 2));
    uint8_t *deeper = malloc(1 << 20);
    assert_non_null(deeper);
    memset(deeper, 0x81, 1 << 20);
    assert_false(adopt(deeper, 1 << 20));
    free(deeper);
}

/* Every single-byte change of a good message is taken or refused; the sanitizers tell whether reading was clean. */
static void changed_bytes_do_no_harm(void **state)
{
    (void)state;
    uint8_t message[] = "\x84\xf6\xa2\x01\x43\x61\x62\x63\xf5\x81\xfb\x40\x00\x00\x00\x00\x00\x00\x00\x80\x39\x01\x00";
    size_t size = sizeof(message) - 1;
    for (size_t i = 0; i < size; i++) {
        uint8_t old = message[i];
        for (int byte = 0; byte < 256; byte++) {
            message[i] = (uint8_t)byte;
            if (!adopt(message, size))
                continue;
            while (luatee_next_kind(values) != LUATEE_END)
                luatee_skip(values);
            assert_ok();
        }
        message[i] = old;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(an_integer_is_read_as_double, setup, teardown),
        cmocka_unit_test_setup_teardown(tables_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_is_left_early, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_longer_than_a_short_head, setup, teardown),
        cmocka_unit_test_setup_teardown(nesting_reaches_its_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_on_count_and_size, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_in_writing_stick, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_are_lua_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_in_reading_stick, setup, teardown),
        cmocka_unit_test_setup_teardown(good_bytes_are_accepted, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_bytes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(deep_bytes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_bytes_do_no_harm, setup, teardown),
    };
    return cmocka_run_group_tests_name("client_values", tests, NULL, NULL);
}
