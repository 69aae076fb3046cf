/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arithmetic modulo a prime of up to 384 bits, for checks of public values. It is small and easy to review, but not
 * fast. Its time depends on the numbers, which must not be secret.
 */
#ifndef LUATEE_CORE_KEY_FIELD_H
#define LUATEE_CORE_KEY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIELD_SIZE_MAX 48 /* bytes */
#define FIELD_WORDS_MAX (FIELD_SIZE_MAX / 4)

/* A number, its lowest 32 bits first. Words that the field does not need are 0. */
struct field_number {
    uint32_t word[FIELD_WORDS_MAX];
};

struct field {
    size_t size; /* of a number, in bytes: a multiple of 4 */
    struct field_number prime;
};

/* Reads a number from bytes, big-endian, of the field's size. Returns false when it is not below the prime; n is then
 * not reduced. */
bool field_read(const struct field *f, struct field_number *n, const uint8_t *bytes);

/* Writes a number as bytes, big-endian, of the field's size. */
void field_write(const struct field *f, const struct field_number *n, uint8_t *bytes);

/* Compute r from operands below the prime. In field_add() and field_subtract(), r may be one of the operands; in the
 * others it must not. */
void field_add(const struct field *f, struct field_number *r, const struct field_number *a,
               const struct field_number *b);
void field_subtract(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b);
void field_multiply(const struct field *f, struct field_number *r, const struct field_number *a,
                    const struct field_number *b);
void field_power(const struct field *f, struct field_number *r, const struct field_number *a,
                 const struct field_number *exponent);

/* Computes the inverse of a; the result for 0, which has no inverse, is 0. */
void field_invert(const struct field *f, struct field_number *r, const struct field_number *a);

/* Returns whether a is the square of a number. 0 is. */
bool field_is_square(const struct field *f, const struct field_number *a);

/* Returns whether two numbers are equal. */
bool field_equal(const struct field_number *a, const struct field_number *b);

#endif
