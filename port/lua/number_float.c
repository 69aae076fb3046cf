/* SPDX-License-Identifier: BSD-2-Clause */
/* The conversions of doubles: a, e, f, g and their upper-case forms. */
#include <stdint.h>
#include <string.h>

#include "port/lua/number_decimal.h"
#include "port/lua/number_format.h"

/* IEEE 754 binary64. */
#define MANTISSA_BITS 52
#define MANTISSA_NIBBLES (MANTISSA_BITS / 4)
#define EXPONENT_MASK 0x7ff
#define EXPONENT_BIAS 1023
#define HIDDEN_BIT ((uint64_t)1 << MANTISSA_BITS)

#define DEFAULT_PRECISION 6

/* value = mantissa * 2^exponent, finite */
struct parts {
    uint64_t mantissa;
    int exponent;
};

static void put_char(struct format_text *text, char c)
{
    text->body[text->body_length++] = c;
}

static void put_digits(struct format_text *text, const struct decimal *number, int first, int last)
{
    if (first < last)
        return;
    decimal_print(number, first, last, text->body + text->body_length);
    text->body_length += first - last + 1;
}

/* Writes an exponent in decimal, with at least `digits_min` digits. */
static void put_exponent(struct format_text *text, char letter, int exponent, int digits_min)
{
    int magnitude = exponent < 0 ? -exponent : exponent;

    put_char(text, letter);
    put_char(text, exponent < 0 ? '-' : '+');
    if (magnitude >= 1000)
        put_char(text, (char)('0' + magnitude / 1000));
    if (magnitude >= 100)
        put_char(text, (char)('0' + magnitude / 100 % 10));
    if (magnitude >= 10 || digits_min > 1)
        put_char(text, (char)('0' + magnitude / 10 % 10));
    put_char(text, (char)('0' + magnitude % 10));
}

/* Removes zeros at the end of the fraction, and then a point at the end. */
static void strip_fraction(struct format_text *text)
{
    while (text->body[text->body_length - 1] == '0')
        text->body_length--;
    if (text->body[text->body_length - 1] == '.')
        text->body_length--;
}

/* Writes %f of a number that is already rounded. */
static void put_fixed(struct format_text *text, const struct decimal *number, int precision, bool point)
{
    int exponent = decimal_exponent(number);

    put_digits(text, number, exponent > 0 ? exponent : 0, 0);
    if (precision > 0 || point)
        put_char(text, '.');
    put_digits(text, number, -1, -precision);
}

/* Writes the digits of %e of a number that is already rounded. */
static void put_scientific(struct format_text *text, const struct decimal *number, int precision, bool point)
{
    int exponent = decimal_exponent(number);

    put_digits(text, number, exponent, exponent);
    if (precision > 0 || point)
        put_char(text, '.');
    put_digits(text, number, exponent - 1, exponent - precision);
}

static void format_general(struct format_text *text, const struct format_spec *spec, struct decimal *number,
                           int precision)
{
    bool upper = spec->conversion == 'G';
    int exponent;

    if (precision == 0)
        precision = 1;
    decimal_round(number, precision - 1 - decimal_exponent(number));
    exponent = decimal_exponent(number);
    if (exponent < -4 || exponent >= precision) {
        put_scientific(text, number, precision - 1, spec->alternate);
        if (!spec->alternate && precision > 1)
            strip_fraction(text);
        put_exponent(text, upper ? 'E' : 'e', exponent, 2);
    } else {
        put_fixed(text, number, precision - 1 - exponent, spec->alternate);
        if (!spec->alternate && precision - 1 - exponent > 0)
            strip_fraction(text);
    }
}

static void format_decimal(struct format_text *text, const struct format_spec *spec, struct parts parts)
{
    struct decimal number;
    int precision = spec->precision < 0 ? DEFAULT_PRECISION : spec->precision;

    decimal_set(&number, parts.mantissa, parts.exponent);
    switch (spec->conversion) {
    case 'f':
    case 'F':
        decimal_round(&number, precision);
        put_fixed(text, &number, precision, spec->alternate);
        break;
    case 'e':
    case 'E':
        decimal_round(&number, precision - decimal_exponent(&number));
        put_scientific(text, &number, precision, spec->alternate);
        put_exponent(text, spec->conversion, decimal_exponent(&number), 2);
        break;
    default:
        format_general(text, spec, &number, precision);
        break;
    }
}

/* Rounds a mantissa of MANTISSA_NIBBLES nibbles after the point to `nibbles`, ties to even. */
static uint64_t round_nibbles(uint64_t mantissa, int nibbles)
{
    int dropped = 4 * (MANTISSA_NIBBLES - nibbles);
    uint64_t unit = (uint64_t)1 << dropped;
    uint64_t rest = mantissa & (unit - 1);

    mantissa -= rest;
    if (rest > unit / 2 || (rest == unit / 2 && (mantissa & unit) != 0))
        mantissa += unit;
    return mantissa;
}

static void format_hexadecimal(struct format_text *text, const struct format_spec *spec, struct parts parts)
{
    bool upper = spec->conversion == 'A';
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    uint64_t mantissa = parts.mantissa;
    int nibbles = spec->precision;

    format_prefix(text, '0');
    format_prefix(text, upper ? 'X' : 'x');
    if (nibbles >= 0 && nibbles < MANTISSA_NIBBLES)
        mantissa = round_nibbles(mantissa, nibbles);
    if (nibbles < 0)
        for (nibbles = MANTISSA_NIBBLES; nibbles > 0; nibbles--)
            if ((mantissa >> 4 * (MANTISSA_NIBBLES - nibbles) & 0xf) != 0)
                break;

    put_char(text, digits[mantissa >> MANTISSA_BITS]);
    if (nibbles > 0 || spec->alternate)
        put_char(text, '.');
    for (int i = 1; i <= nibbles; i++)
        put_char(text, (char)(i <= MANTISSA_NIBBLES ? digits[mantissa >> 4 * (MANTISSA_NIBBLES - i) & 0xf] : '0'));
    put_exponent(text, upper ? 'P' : 'p', parts.mantissa == 0 ? 0 : parts.exponent + MANTISSA_BITS, 1);
}

static void format_special(struct format_text *text, const struct format_spec *spec, bool nan)
{
    bool upper = spec->conversion >= 'A' && spec->conversion <= 'Z';
    const char *name = nan ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");

    memcpy(text->body, name, 3);
    text->body_length = 3;
    text->no_zero_padding = true;
}

void format_float(struct format_text *text, const struct format_spec *spec, double value)
{
    struct parts parts;
    uint64_t bits;
    int exponent;

    memcpy(&bits, &value, sizeof(bits));
    exponent = (int)(bits >> MANTISSA_BITS) & EXPONENT_MASK;
    parts.mantissa = bits & (HIDDEN_BIT - 1);
    format_sign(text, spec, bits >> 63 != 0);
    if (exponent == EXPONENT_MASK) {
        format_special(text, spec, parts.mantissa != 0);
        return;
    }
    if (exponent != 0)
        parts.mantissa |= HIDDEN_BIT;
    else
        exponent = 1;
    parts.exponent = exponent - EXPONENT_BIAS - MANTISSA_BITS;
    if (spec->conversion == 'a' || spec->conversion == 'A')
        format_hexadecimal(text, spec, parts);
    else
        format_decimal(text, spec, parts);
}
