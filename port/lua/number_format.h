/* SPDX-License-Identifier: BSD-2-Clause */
/* A conversion of number_format(), shared by number_format.c and number_float.c. */
#ifndef LUATEE_PORT_LUA_NUMBER_FORMAT_H
#define LUATEE_PORT_LUA_NUMBER_FORMAT_H

#include <stdbool.h>

/* Lua allows two digits. */
#define FORMAT_WIDTH_MAX 99
#define FORMAT_PRECISION_MAX 99

/* Longest prefix: a sign and "0x". Longest body: %.99f of the largest double, 309 digits, a point and the precision. */
#define FORMAT_PREFIX_SIZE 3
#define FORMAT_BODY_SIZE (309 + 1 + FORMAT_PRECISION_MAX)

struct format_spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    char conversion;
};

struct format_text {
    char prefix[FORMAT_PREFIX_SIZE]; /* sign and 0x; zero padding follows it */
    int prefix_length;
    char body[FORMAT_BODY_SIZE];
    int body_length;
    bool no_zero_padding;
};

/* Appends a character to the prefix, which holds at most FORMAT_PREFIX_SIZE. */
void format_prefix(struct format_text *text, char c);

/* Appends the sign of a number to the prefix, as the flags require. */
void format_sign(struct format_text *text, const struct format_spec *spec, bool negative);

/* Writes the sign and the digits of a double for the conversions a A e E f F g G. */
void format_float(struct format_text *text, const struct format_spec *spec, double value);

#endif
