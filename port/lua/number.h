/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversion of numbers to text and back, for Lua in a TEE whose libc does not convert exactly. The results are those
 * of glibc in the C locale with rounding to nearest, byte for byte and bit for bit;
 * tests/unit/port/lua/number_test.c compares them. The functions do not allocate, keep no state, do not set errno, and
 * use about 1.5 KiB of C stack.
 */
#ifndef LUATEE_PORT_LUA_NUMBER_H
#define LUATEE_PORT_LUA_NUMBER_H

#include <stddef.h>

/*
 * snprintf for the formats that Lua uses: literal text, conversions d i u o x X c s p a A e E f F g G and %, flags - +
 * space # 0, a width and a precision of up to two digits each (not *), and the length modifiers l and ll for integers.
 * Anything else after a % ends the output there.
 *
 * size is the room at text, in bytes. Returns the length of the whole text without its NUL, even if it was cut to fit.
 * The text is always terminated when size is above 0.
 */
int number_format(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * strtod: skips white space, then converts the longest decimal or hexadecimal floating constant with an optional sign.
 * A constant that is too large gives an infinity, one that is too small a zero. "inf" and "nan" are not numbers here:
 * Lua rejects them before. If end is not NULL, *end points to the first byte that was not consumed. If there is no
 * number, it points to `text`, and the result is 0.
 */
double number_parse(const char *text, char **end);

#endif
