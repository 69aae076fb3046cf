/* SPDX-License-Identifier: BSD-2-Clause */
/* Text as a person may see it: core/codec/visible.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/codec/visible.h"

static void assert_shown_of(const char *text, size_t size, const char *expected)
{
    char shown[256];
    assert_int_equal(visible_line(text, size, shown, sizeof(shown)), strlen(expected));
    assert_string_equal(shown, expected);
}

static void assert_shown(const char *text, const char *expected)
{
    assert_shown_of(text, strlen(text), expected);
}

static void assert_unchanged(const char *text)
{
    assert_shown(text, text);
}

static void text_stays(void **state)
{
    (void)state;
    assert_unchanged("");
    assert_unchanged("ta/main.lua:1: \"a\"\tb\\c\n\t[C]: in ?");
    assert_unchanged("Gr\u00fc\u00dfe \u20ac \u65e5\u672c\u8a9e \U0001f512 \u00a0");
    assert_unchanged("\ue000\uffff\U0010ffff\ud7ff");
}

static void every_byte_by_itself(void **state)
{
    (void)state;
    for (int byte = 0; byte <= UINT8_MAX; byte++) {
        char text = (char)byte, expected[5];
        bool plain = byte == '\t' || byte == '\n' || (byte >= ' ' && byte <= '~');
        snprintf(expected, sizeof(expected), plain ? "%c" : "\\x%02x", byte);
        assert_shown_of(&text, 1, expected);
    }
}

static void controls_of_a_terminal(void **state)
{
    (void)state;
    assert_shown("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07");
    assert_shown("new\rold\b\x7f", "new\\x0dold\\x08\\x7f");
    assert_shown_of("a\0b", 3, "a\\x00b");
    /* C1: CSI in one byte, and as a character. */
    assert_shown("\x9b" "2J", "\\x9b2J");
    assert_shown("\xc2\x80\xc2\x9b" "2J\xc2\x9f", "\\u{80}\\u{9b}2J\\u{9f}");
}

static void order_of_a_line(void **state)
{
    (void)state;
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): these are what the test is about */
    assert_shown("\u202e\u202a\u2066\u2069", "\\u{202e}\\u{202a}\\u{2066}\\u{2069}");
    assert_shown("\u061c\u200e\u200f\u2028\u2029", "\\u{61c}\\u{200e}\\u{200f}\\u{2028}\\u{2029}");
    assert_unchanged("\u200d\u2027\u202f\u2065\u206a"); /* their neighbours */
}

static void what_is_not_utf8(void **state)
{
    (void)state;
    assert_shown("Gr\xfc\xdf" "e", "Gr\\xfc\\xdfe");
    /* Longer than they need be. */
    assert_shown("\xc0\x9b|\xe0\x82\x9b|\xf0\x80\x82\x9b", "\\xc0\\x9b|\\xe0\\x82\\x9b|\\xf0\\x80\\x82\\x9b");
    assert_shown("\xc1\xbf\xed\xa0\x80\xf4\x90\x80\x80", "\\xc1\\xbf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80");
    assert_shown("\xe2\x82", "\\xe2\\x82"); /* cut */
    assert_shown("\xe2\x1b[m", "\\xe2\\x1b[m"); /* what follows is looked at by itself */
    assert_shown_of("\xe2\x82\xac", 2, "\\xe2\\x82");
}

static void only_whole_characters_fit(void **state)
{
    (void)state;
    char shown[8];
    assert_int_equal(visible_line("1234567", 7, shown, sizeof(shown)), 7);
    assert_string_equal(shown, "1234567");
    assert_int_equal(visible_line("12345678", 8, shown, sizeof(shown)), 7);
    assert_int_equal(visible_line("1234\x1b", 5, shown, sizeof(shown)), 4);
    assert_string_equal(shown, "1234");
    assert_int_equal(visible_line("12345\xe2\x82\xac", 8, shown, sizeof(shown)), 5);
    assert_int_equal(visible_line("1", 1, shown, 1), 0);
    assert_string_equal(shown, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays),
        cmocka_unit_test(every_byte_by_itself),
        cmocka_unit_test(controls_of_a_terminal),
        cmocka_unit_test(order_of_a_line),
        cmocka_unit_test(what_is_not_utf8),
        cmocka_unit_test(only_whole_characters_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
