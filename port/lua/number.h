/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers to text and back for Lua in a TEE whose libc cannot do it exactly. The results are those of glibc in the C
 * locale with rounding to nearest, byte for byte and bit for bit (tests/unit/port/lua/number_test.c compares them). Nothing here
 * allocates, keeps state or sets errno; the C stack used is about 1.5 KiB.
 */
#ifndef LUATEE_PORT_LUA_NUMBER_H
#define LUATEE_PORT_LUA_NUMBER_H

#include <stddef.h>

/*
 * snprintf for what Lua asks of it: literal text and conversions d i u o x X c s p a A e E f F g G, flags - + space #
 * 0, a width and a precision of up to two digits each (not *), length modifiers l and ll (of integers). Anything else
 * after a % ends the output there.
 *
 * Returns the length of the whole text without its NUL, even if `size` (bytes) cut it short; text is always
 * terminated when size is above 0.
 */
int number_format(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * strtod: skips white space, then takes the longest decimal or hexadecimal floating constant with an optional sign. Too
 * large gives an infinity, too small a zero. "inf" and "nan" are not numbers here: Lua never lets them pass.
 * *end (if end is not NULL) is the first byte not taken; it is `text` when there was no number, and the result is 0.
 */
double number_parse(const char *text, char **end);

#endif
