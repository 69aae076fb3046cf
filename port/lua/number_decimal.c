/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/number_decimal.h"

#include <string.h>

static const uint32_t powers_of_ten[DECIMAL_BASE_DIGITS] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

/* Index of the limb that holds the digit of 10^power. It may lie outside the number. */
static int limb_of_power(int power)
{
    /* C rounds towards zero, so the dividend must be positive. */
    return DECIMAL_INTEGER_LIMBS - 1 + DECIMAL_FRACTION_LIMBS -
           (power + DECIMAL_FRACTION_LIMBS * DECIMAL_BASE_DIGITS) / DECIMAL_BASE_DIGITS;
}

static uint32_t weight_in_limb(int power)
{
    return powers_of_ten[(power + DECIMAL_FRACTION_LIMBS * DECIMAL_BASE_DIGITS) % DECIMAL_BASE_DIGITS];
}

static bool power_is_held(int power)
{
    return power >= -DECIMAL_FRACTION_LIMBS * DECIMAL_BASE_DIGITS &&
           power < DECIMAL_INTEGER_LIMBS * DECIMAL_BASE_DIGITS;
}

static void trim(struct decimal *number)
{
    while (number->begin < number->end && number->limb[number->begin] == 0)
        number->begin++;
    while (number->end > number->begin && number->limb[number->end - 1] == 0)
        number->end--;
}

void decimal_clear(struct decimal *number)
{
    memset(number, 0, sizeof(*number));
    number->begin = DECIMAL_INTEGER_LIMBS;
    number->end = DECIMAL_INTEGER_LIMBS;
}

void decimal_set(struct decimal *number, uint64_t mantissa, int exponent)
{
    decimal_clear(number);
    while (mantissa != 0) {
        number->limb[--number->begin] = (uint32_t)(mantissa % DECIMAL_BASE);
        mantissa /= DECIMAL_BASE;
    }
    while (exponent != 0) {
        int bits = exponent < 0 ? -exponent : exponent;

        if (bits > DECIMAL_SHIFT_MAX)
            bits = DECIMAL_SHIFT_MAX;
        if (exponent < 0)
            decimal_shift_right(number, bits);
        else
            decimal_shift_left(number, bits);
        exponent -= exponent < 0 ? -bits : bits;
    }
}

void decimal_shift_left(struct decimal *number, int bits)
{
    uint64_t carry = 0;

    for (int i = number->end - 1; i >= number->begin; i--) {
        carry += (uint64_t)number->limb[i] << bits;
        number->limb[i] = (uint32_t)(carry % DECIMAL_BASE);
        carry /= DECIMAL_BASE;
    }
    while (carry != 0) {
        number->limb[--number->begin] = (uint32_t)(carry % DECIMAL_BASE);
        carry /= DECIMAL_BASE;
    }
    trim(number);
}

void decimal_shift_right(struct decimal *number, int bits)
{
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    uint64_t rest = 0;

    for (int i = number->begin; i < number->end; i++) {
        rest = rest * DECIMAL_BASE + number->limb[i];
        number->limb[i] = (uint32_t)(rest >> bits);
        rest &= mask;
    }
    while (rest != 0 && number->end < DECIMAL_LIMBS) {
        rest *= DECIMAL_BASE;
        number->limb[number->end++] = (uint32_t)(rest >> bits);
        rest &= mask;
    }
    number->inexact |= rest != 0;
    trim(number);
}

void decimal_truncate(struct decimal *number)
{
    for (int i = DECIMAL_INTEGER_LIMBS; i < number->end; i++) {
        number->inexact |= number->limb[i] != 0;
        number->limb[i] = 0;
    }
    if (number->end > DECIMAL_INTEGER_LIMBS)
        number->end = DECIMAL_INTEGER_LIMBS;
    if (number->begin > number->end)
        number->begin = number->end;
}

int decimal_exponent(const struct decimal *number)
{
    int exponent;

    if (number->begin == number->end)
        return 0;
    exponent = (DECIMAL_INTEGER_LIMBS - 1 - number->begin) * DECIMAL_BASE_DIGITS;
    for (int i = 1; i < DECIMAL_BASE_DIGITS && number->limb[number->begin] >= powers_of_ten[i]; i++)
        exponent++;
    return exponent;
}

/* Adds `weight` to a limb and carries as far as needed. */
static void add_at(struct decimal *number, int index, uint32_t weight)
{
    if (index >= number->end)
        number->end = index + 1;
    number->limb[index] += weight;
    while (number->limb[index] >= DECIMAL_BASE) {
        number->limb[index] -= DECIMAL_BASE;
        number->limb[--index]++;
    }
    if (index < number->begin)
        number->begin = index;
}

static bool is_odd_at(const struct decimal *number, int power)
{
    return number->limb[limb_of_power(power)] / weight_in_limb(power) % 2 != 0;
}

void decimal_round(struct decimal *number, int places)
{
    int last = -places; /* the power of ten of the last digit that stays */
    int index = limb_of_power(last - 1);
    uint32_t weight, rest, half;
    bool up;

    if (!power_is_held(last - 1) || index >= number->end)
        return;
    weight = weight_in_limb(last - 1);
    half = 5 * weight;
    rest = number->limb[index] % (10 * weight);
    if (rest == half) {
        up = number->inexact || is_odd_at(number, last);
        for (int i = index + 1; i < number->end && !up; i++)
            up = number->limb[i] != 0;
    } else {
        up = rest > half;
    }

    number->limb[index] -= rest;
    for (int i = index + 1; i < number->end; i++)
        number->limb[i] = 0;
    number->end = index + 1;
    if (number->begin > number->end)
        number->begin = number->end;
    if (up)
        add_at(number, limb_of_power(last), weight_in_limb(last));
    trim(number);
}

void decimal_print(const struct decimal *number, int first, int last, char *digits)
{
    uint32_t weight = 1;
    uint32_t rest = 0;

    for (int power = first; power >= last; power--) {
        if (!power_is_held(power)) {
            *digits++ = '0';
            continue;
        }
        if (weight == 1 || power == first) {
            weight = weight_in_limb(power) * 10u;
            rest = number->limb[limb_of_power(power)] % weight;
        }
        weight /= 10;
        *digits++ = (char)('0' + rest / weight);
        rest %= weight;
    }
}

void decimal_put_digit(struct decimal *number, int power, unsigned int digit)
{
    int index;

    if (digit == 0)
        return;
    if (!power_is_held(power)) {
        number->inexact = true;
        return;
    }
    index = limb_of_power(power);
    if (number->begin == number->end) {
        number->begin = index;
        number->end = index + 1;
    }
    if (index < number->begin)
        number->begin = index;
    if (index >= number->end)
        number->end = index + 1;
    number->limb[index] += digit * weight_in_limb(power);
}
