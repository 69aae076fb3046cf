/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An exact non-negative fixed-point number in decimal, wide enough for every double and for every point halfway between
 * two doubles: below 10^315, down to 10^-1080.
 */
#ifndef LUATEE_PORT_LUA_NUMBER_DECIMAL_H
#define LUATEE_PORT_LUA_NUMBER_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_BASE 1000000000u
#define DECIMAL_BASE_DIGITS 9
/* The largest double has 309 digits before the point; 2^-1075, half of the smallest, has 1075 digits after it. */
#define DECIMAL_INTEGER_LIMBS 35
#define DECIMAL_FRACTION_LIMBS 120
#define DECIMAL_LIMBS (DECIMAL_INTEGER_LIMBS + DECIMAL_FRACTION_LIMBS)
/* A shift by more bits at once would overflow the carry. */
#define DECIMAL_SHIFT_MAX 32

struct decimal {
    /* Most significant first; the point is before limb[DECIMAL_INTEGER_LIMBS]. Limbs outside [begin, end) are zero. */
    uint32_t limb[DECIMAL_LIMBS];
    int begin;
    int end;
    /* Digits below the last limb were cut off, and not all were 0. */
    bool inexact;
};

/* number = 0. */
void decimal_clear(struct decimal *number);

/* number = mantissa * 2^exponent, which must be the value of a finite double. */
void decimal_set(struct decimal *number, uint64_t mantissa, int exponent);

/* number *= 2^bits. The product must stay below 10^315. bits: 0 to DECIMAL_SHIFT_MAX. */
void decimal_shift_left(struct decimal *number, int bits);

/* number /= 2^bits. Cuts off digits below 10^-1080. bits: 0 to DECIMAL_SHIFT_MAX. */
void decimal_shift_right(struct decimal *number, int bits);

/* Cuts off the digits after the point. */
void decimal_truncate(struct decimal *number);

/* Returns the power of ten of the first digit that is not 0; 0 for the number 0. */
int decimal_exponent(const struct decimal *number);

/* Rounds to nearest, ties to even, to `places` digits after the point (negative: before it). */
void decimal_round(struct decimal *number, int places);

/* Writes the digits from 10^first down to 10^last: first - last + 1 characters, or none if first < last. No NUL. */
void decimal_print(const struct decimal *number, int first, int last, char *digits);

/* Adds digit * 10^power. The digit at that power must be 0 before. digit: 0 to 9. */
void decimal_put_digit(struct decimal *number, int power, unsigned int digit);

#endif
