/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arithmetic modulo a prime of up to 384 bits, for checks of public values. Made to be small and easy to check, not
 * fast, and it takes time that depends on the numbers: none of them may be a secret.
 */
#ifndef LUATEE_CORE_KEY_FIELD_H
#define LUATEE_CORE_KEY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIELD_SIZE_MAX 48 /* bytes */
#define FIELD_WORDS_MAX (FIELD_SIZE_MAX / 4)

/* The lowest 32 bits first; words that the field does not need are 0. */
struct field_number {
    uint32_t word[FIELD_WORDS_MAX];
};

struct field {
    size_t size; /* of a number, in bytes: a multiple of 4 */
    struct field_number prime;
};

/* bytes: big-endian, of the field's size. False when the number is not below the prime; n is then the number itself. */
bool field_read(const struct field *f, struct field_number *n, const uint8_t *bytes);
void field_write(const struct field *f, const struct field_number *n, uint8_t *bytes);

/* Operands are below the prime. r may be one of them, but not of field_multiply, field_power and
 * field_invert. */
void field_add(const struct field *f, struct field_number *r, const struct field_number *a,
               const struct field_number *b);
void field_subtract(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b);
void field_multiply(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b);
void field_power(const struct field *f, struct field_number *r, const struct field_number *a,
                 const struct field_number *exponent);
/* 0 has no inverse: r is 0. */
void field_invert(const struct field *f, struct field_number *r, const struct field_number *a);
/* Is it the square of a number? 0 is. */
bool field_is_square(const struct field *f, const struct field_number *a);

bool field_equal(const struct field_number *a, const struct field_number *b);

#endif
