/* SPDX-License-Identifier: BSD-2-Clause */
/* number_parse(): converts text to the nearest double. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "port/lua/number.h"
#include "port/lua/number_decimal.h"

/* IEEE 754 binary64. */
#define PRECISION_BITS 53
#define EXPONENT_MAX 1023
#define EXPONENT_MIN (-1022)
#define INFINITY_BITS ((uint64_t)0x7ff << 52)

/* Exponents are limited to this. No text is long enough to bring such an exponent back into range, and sums of such
 * exponents do not overflow. */
#define EXPONENT_CUT ((int64_t)1 << 59)

/* The largest double is below 10^309. Numbers below 10^-324 are less than half of the smallest double. */
#define DECIMAL_EXPONENT_MAX 308
#define DECIMAL_EXPONENT_MIN (-324)

/* 10^22 is the largest power of ten that a double holds exactly. */
#define EXACT_POWER_MAX 22
#define EXACT_DIGITS_MAX 19

static double from_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

static int bit_length(uint64_t value)
{
    return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

/*
 * Returns the double nearest to integer * 2^exponent, ties to even. inexact: the number is larger than that by less
 * than one unit of `integer`, which then must have at least 54 bits.
 */
static double round_to_double(uint64_t integer, int64_t exponent, bool inexact)
{
    int64_t leading = bit_length(integer) - 1 + exponent;
    int precision = PRECISION_BITS;
    int64_t dropped;
    uint64_t mantissa, rest, half;

    if (integer == 0)
        return 0.0;
    if (leading > EXPONENT_MAX)
        return from_bits(INFINITY_BITS);
    if (leading < EXPONENT_MIN - PRECISION_BITS)
        return 0.0;
    if (leading < EXPONENT_MIN)
        precision -= (int)(EXPONENT_MIN - leading);
    dropped = bit_length(integer) - precision;
    if (dropped > 63)
        return 0.0;
    if (dropped <= 0) {
        mantissa = integer << -dropped;
    } else {
        half = (uint64_t)1 << (dropped - 1);
        rest = integer & (2 * half - 1);
        mantissa = integer >> dropped;
        if (rest > half || (rest == half && (inexact || mantissa % 2 != 0)))
            mantissa++;
    }
    /* The hidden bit, and a carry out of the mantissa, add one to the exponent field. */
    if (leading < EXPONENT_MIN)
        return from_bits(mantissa);
    return from_bits(((uint64_t)(leading - EXPONENT_MIN) << (PRECISION_BITS - 1)) + mantissa);
}

/* Returns the part before the point, which must have at most two limbs (be below 10^18). */
static uint64_t integer_part(const struct decimal *number)
{
    return (uint64_t)number->limb[DECIMAL_INTEGER_LIMBS - 2] * DECIMAL_BASE + number->limb[DECIMAL_INTEGER_LIMBS - 1];
}

/* Scales a large number down until its integer part is below 10^18, yet at least 2^57. */
static int64_t scale_down(struct decimal *number)
{
    int64_t exponent = 0;
    int bits, limbs;

    for (;;) {
        decimal_truncate(number);
        limbs = DECIMAL_INTEGER_LIMBS - number->begin;
        if (limbs <= 2)
            return exponent;
        if (limbs == 3) /* top * 10^18 <= number: 10^18 is almost 2^60 */
            bits = bit_length(number->limb[number->begin]) + 1;
        else
            bits = limbs == 4 ? DECIMAL_SHIFT_MAX - 3 : DECIMAL_SHIFT_MAX;
        decimal_shift_right(number, bits);
        exponent += bits;
    }
}

/* Scales a small number up until its integer part has at least 54 bits, yet is below 10^18. */
static int64_t scale_up(struct decimal *number)
{
    int64_t exponent = 0;
    int bits;

    while (integer_part(number) >> PRECISION_BITS == 0) {
        bits = 59 - bit_length(integer_part(number));
        if (bits > DECIMAL_SHIFT_MAX)
            bits = DECIMAL_SHIFT_MAX;
        decimal_shift_left(number, bits);
        exponent -= bits;
    }
    return exponent;
}

static double decimal_to_double(struct decimal *number)
{
    int64_t exponent;

    if (number->begin == number->end)
        return 0.0;
    exponent = number->begin < DECIMAL_INTEGER_LIMBS - 2 ? scale_down(number) : scale_up(number);
    decimal_truncate(number);
    return round_to_double(integer_part(number), exponent, number->inexact);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hexadecimal digit, or -1. */
static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Consumes an exponent (the letter, an optional sign, digits) if a complete one follows. Returns the end of what it
 * consumed. */
static const char *scan_exponent(const char *text, char letter, int64_t *exponent)
{
    const char *digit = text + 1;
    bool negative = false;

    *exponent = 0;
    if ((*text | 0x20) != letter)
        return text;
    if (*digit == '-' || *digit == '+')
        negative = *digit++ == '-';
    if (!is_digit(*digit))
        return text;
    for (; is_digit(*digit); digit++)
        if (*exponent < EXPONENT_CUT)
            *exponent = *exponent * 10 + (*digit - '0');
    if (negative)
        *exponent = -*exponent;
    return digit;
}

/* A decimal constant without its sign, as it stands in the text. */
struct constant {
    const char *digits; /* the first digit that is not zero, or `end` */
    const char *end;    /* after the last digit or the point */
    int64_t power;      /* the power of ten of the first digit that is not zero */
};

/* Returns the end of the constant, or NULL if there is none. */
static const char *scan_decimal(const char *text, struct constant *constant)
{
    int64_t integer_digits = 0, skipped = 0, exponent;
    bool point = false, any = false;
    const char *c;

    constant->digits = NULL;
    for (c = text; is_digit(*c) || (*c == '.' && !point); c++) {
        if (*c == '.') {
            point = true;
            continue;
        }
        any = true;
        integer_digits += !point;
        if (constant->digits == NULL && *c == '0')
            skipped++;
        else if (constant->digits == NULL)
            constant->digits = c;
    }
    if (!any)
        return NULL;
    constant->end = c;
    if (constant->digits == NULL)
        constant->digits = c;
    c = scan_exponent(c, 'e', &exponent);
    constant->power = integer_digits - 1 - skipped + exponent;
    return c;
}

/* Converts short constants: if integer and power of ten are exact doubles, their product is rounded only once. */
static bool convert_exactly(const struct constant *constant, double *value)
{
    static const double powers[EXACT_POWER_MAX + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    uint64_t integer = 0;
    int64_t last = constant->power + 1;
    int count = 0;

    for (const char *c = constant->digits; c < constant->end; c++) {
        if (*c == '.')
            continue;
        if (++count > EXACT_DIGITS_MAX)
            return false;
        integer = integer * 10 + (uint64_t)(*c - '0');
    }
    last -= count;
    if (integer >> PRECISION_BITS != 0 || last > EXACT_POWER_MAX || last < -EXACT_POWER_MAX)
        return false;
    *value = last < 0 ? (double)integer / powers[-last] : (double)integer * powers[last];
    return true;
}

static double convert_decimal(const struct constant *constant)
{
    struct decimal number;
    double value;
    int power;

    if (constant->digits == constant->end)
        return 0.0;
    if (constant->power > DECIMAL_EXPONENT_MAX)
        return from_bits(INFINITY_BITS);
    if (constant->power < DECIMAL_EXPONENT_MIN)
        return 0.0;
    if (convert_exactly(constant, &value))
        return value;
    decimal_clear(&number);
    power = (int)constant->power;
    for (const char *c = constant->digits; c < constant->end; c++)
        if (*c != '.')
            decimal_put_digit(&number, power--, (unsigned int)(*c - '0'));
    return decimal_to_double(&number);
}

static const char *parse_decimal(const char *text, double *value)
{
    struct constant constant;
    const char *end = scan_decimal(text, &constant);

    if (end != NULL)
        *value = convert_decimal(&constant);
    return end;
}

/* text points after the 0x. Returns the end of the constant, or NULL if it has no digits. */
static const char *parse_hexadecimal(const char *text, double *value)
{
    uint64_t integer = 0;
    int64_t exponent = 0, scale = 0;
    bool point = false, any = false, inexact = false;
    const char *c;

    for (c = text; hex_digit(*c) >= 0 || (*c == '.' && !point); c++) {
        if (*c == '.') {
            point = true;
            continue;
        }
        any = true;
        if (integer >> 58 == 0) {
            integer = integer << 4 | (uint64_t)hex_digit(*c);
            scale -= point ? 4 : 0;
        } else {
            inexact |= *c != '0';
            scale += point ? 0 : 4;
        }
    }
    if (!any)
        return NULL;
    c = scan_exponent(c, 'p', &exponent);
    *value = round_to_double(integer, scale + exponent, inexact);
    return c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

double number_parse(const char *text, char **end)
{
    const char *c = text;
    const char *after = NULL;
    double value = 0.0;
    bool negative = false;

    while (is_space(*c))
        c++;
    if (*c == '-' || *c == '+')
        negative = *c++ == '-';
    if (c[0] == '0' && (c[1] == 'x' || c[1] == 'X'))
        after = parse_hexadecimal(c + 2, &value);
    if (after == NULL)
        after = parse_decimal(c, &value);
    if (end != NULL)
        *end = (char *)(after != NULL ? after : text);
    return negative && after != NULL ? -value : value;
}
