/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/curve.h"

/* Numbers of 256 bits, the lowest 32 first. Made to be small and easy to check, not fast: two multiplications that add
 * bit by bit cost little beside one multiplication of a point. */
#define WORDS 8
#define BITS 256

struct number {
    uint32_t word[WORDS];
};

/* y^2 = x^3 - 3x + b, modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1. */
static const struct number p = { { 0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001,
                                   0xffffffff } };
static const struct number b = { { 0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7,
                                   0x5ac635d8 } };

/* r = a - c, which may be the same; true when that is below 0 (and r is 2^256 too large). */
static bool subtract(struct number *r, const struct number *a, const struct number *c)
{
    uint64_t difference = 0;
    for (int i = 0; i < WORDS; i++) {
        difference = (uint64_t)a->word[i] - c->word[i] - (difference >> 63);
        r->word[i] = (uint32_t)difference;
    }
    return difference >> 63;
}

/* r = a + c modulo p. */
static void add(struct number *r, const struct number *a, const struct number *c)
{
    struct number reduced;
    uint64_t sum = 0;
    for (int i = 0; i < WORDS; i++) {
        sum = (sum >> 32) + a->word[i] + c->word[i];
        r->word[i] = (uint32_t)sum;
    }
    if (!subtract(&reduced, r, &p) || sum >> 32)
        *r = reduced;
}

/* r = a * c modulo p. r is none of them. */
static void multiply(struct number *r, const struct number *a, const struct number *c)
{
    *r = (struct number) { 0 };
    for (int i = BITS - 1; i >= 0; i--) {
        add(r, r, r);
        if (c->word[i / 32] >> i % 32 & 1)
            add(r, r, a);
    }
}

/* False when it is not below p. */
static bool read(struct number *n, const uint8_t *bytes)
{
    struct number rest;
    for (int i = 0; i < WORDS; i++) {
        const uint8_t *word = bytes + 4 * (WORDS - 1 - i);
        n->word[i] = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
    }
    return subtract(&rest, n, &p);
}

static bool equal(const struct number *a, const struct number *c)
{
    uint32_t different = 0;
    for (int i = 0; i < WORDS; i++)
        different |= a->word[i] ^ c->word[i];
    return different == 0;
}

bool curve_has_point(const uint8_t x_bytes[PACKAGE_POINT_SIZE], const uint8_t y_bytes[PACKAGE_POINT_SIZE])
{
    struct number x, y, left, right, square;
    if (!read(&x, x_bytes) || !read(&y, y_bytes))
        return false;
    /* y^2 + 3x = x^3 + b: nothing to subtract. */
    multiply(&left, &y, &y);
    for (int i = 0; i < 3; i++)
        add(&left, &left, &x);
    multiply(&square, &x, &x);
    multiply(&right, &square, &x);
    add(&right, &right, &b);
    return equal(&left, &right);
}
