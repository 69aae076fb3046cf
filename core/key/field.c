/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/key/field.h"

/* Computes r = a - b. Returns true when the difference is below 0; r is then the difference plus 2^384. */
static bool subtract(struct field_number *r, const struct field_number *a, const struct field_number *b)
{
    uint64_t difference = 0;
    for (size_t i = 0; i < FIELD_WORDS_MAX; i++) {
        difference = (uint64_t)a->word[i] - b->word[i] - (difference >> 63);
        r->word[i] = (uint32_t)difference;
    }
    return difference >> 63;
}

/* Computes r = a + b modulo 2^384. Returns true when there is a carry. */
static bool add(struct field_number *r, const struct field_number *a, const struct field_number *b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < FIELD_WORDS_MAX; i++) {
        sum = (sum >> 32) + a->word[i] + b->word[i];
        r->word[i] = (uint32_t)sum;
    }
    return sum >> 32;
}

static bool bit(const struct field_number *n, size_t i)
{
    return n->word[i / 32] >> i % 32 & 1;
}

bool field_read(const struct field *f, struct field_number *n, const uint8_t *bytes)
{
    struct field_number rest;
    *n = (struct field_number) { { 0 } };
    for (size_t i = 0; i < f->size; i++)
        n->word[i / 4] |= (uint32_t)bytes[f->size - 1 - i] << 8 * (i % 4);
    return subtract(&rest, n, &f->prime);
}

void field_write(const struct field *f, const struct field_number *n, uint8_t *bytes)
{
    for (size_t i = 0; i < f->size; i++)
        bytes[f->size - 1 - i] = (uint8_t)(n->word[i / 4] >> 8 * (i % 4));
}

void field_add(const struct field *f, struct field_number *r, const struct field_number *a,
               const struct field_number *b)
{
    struct field_number reduced;
    bool carry = add(r, a, b);
    if (!subtract(&reduced, r, &f->prime) || carry)
        *r = reduced;
}

void field_subtract(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b)
{
    if (subtract(r, a, b))
        (void)add(r, r, &f->prime);
}

void field_multiply(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b)
{
    *r = (struct field_number) { { 0 } };
    for (size_t i = 8 * f->size; i-- > 0;) {
        field_add(f, r, r, r);
        if (bit(b, i))
            field_add(f, r, r, a);
    }
}

void field_power(const struct field *f, struct field_number *r, const struct field_number *a,
                 const struct field_number *exponent)
{
    struct field_number square;
    *r = (struct field_number) { { 1 } };
    for (size_t i = 8 * f->size; i-- > 0;) {
        field_multiply(f, &square, r, r);
        if (bit(exponent, i))
            field_multiply(f, r, &square, a);
        else
            *r = square;
    }
}

/* Fermat: the inverse is a to the power of the prime minus 2. */
void field_invert(const struct field *f, struct field_number *r, const struct field_number *a)
{
    const struct field_number two = { { 2 } };
    struct field_number exponent;
    (void)subtract(&exponent, &f->prime, &two);
    field_power(f, r, a, &exponent);
}

/* Euler: a to the power of half the prime minus 1 is 1 for a square, and -1 for other numbers. */
bool field_is_square(const struct field *f, const struct field_number *a)
{
    const struct field_number zero = { { 0 } }, one = { { 1 } };
    struct field_number half, power;
    for (size_t i = 0; i < FIELD_WORDS_MAX; i++)
        half.word[i] = f->prime.word[i] >> 1 | (i + 1 < FIELD_WORDS_MAX ? f->prime.word[i + 1] << 31 : 0);
    field_power(f, &power, a, &half);
    return field_equal(&power, &one) || field_equal(&power, &zero);
}

bool field_equal(const struct field_number *a, const struct field_number *b)
{
    uint32_t different = 0;
    for (size_t i = 0; i < FIELD_WORDS_MAX; i++)
        different |= a->word[i] ^ b->word[i];
    return different == 0;
}
