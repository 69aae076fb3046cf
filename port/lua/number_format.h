/* SPDX-License-Identifier: BSD-2-Clause */
/* One conversion of number_format(), between its parts. */
#ifndef LUATEE_PORT_LUA_NUMBER_FORMAT_H
#define LUATEE_PORT_LUA_NUMBER_FORMAT_H

#include <stdbool.h>

/* Lua allows two digits. */
#define FORMAT_WIDTH_MAX 99
#define FORMAT_PRECISION_MAX 99

/* "-" or "0x", then 309 digits, a point, the precision: the longest is %.99f of the largest double. */
#define FORMAT_PREFIX_SIZE 3
#define FORMAT_BODY_SIZE (309 + 1 + FORMAT_PRECISION_MAX)

struct format_spec {
    bool left, plus, space, alternate, zero;
    int width;
    int precision; /* -1: none given */
    char conversion;
};

struct format_text {
    char prefix[FORMAT_PREFIX_SIZE]; /* sign and 0x: zero padding goes behind it */
    int prefix_length;
    char body[FORMAT_BODY_SIZE];
    int body_length;
    bool no_zero_padding;
};

/* Appends to the prefix. */
void format_prefix(struct format_text *text, char c);

/* The sign of a number, as the flags ask for it. */
void format_sign(struct format_text *text, const struct format_spec *spec, bool negative);

/* a A e E f F g G */
void format_float(struct format_text *text, const struct format_spec *spec, double value);

#endif
