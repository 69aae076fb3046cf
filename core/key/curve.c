/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/key/curve.h"

/* NIST SP 800-186, sections 3.2.1.3 and 3.2.1.4. */
const struct curve curve_p256 = {
    .field = { 32,
               { { 0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001, 0xffffffff } } },
    .b = { { 0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8 } },
    .order = { 32,
               { { 0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad, 0xffffffff, 0xffffffff, 0x00000000, 0xffffffff } } },
};
const struct curve curve_p384 = {
    .field = { 48,
               { { 0xffffffff, 0x00000000, 0x00000000, 0xffffffff, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff,
                   0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } } },
    .b = { { 0xd3ec2aef, 0x2a85c8ed, 0x8a2ed19d, 0xc656398d, 0x5013875a, 0x0314088f, 0xfe814112, 0x181d9c6e, 0xe3f82d19,
             0x988e056b, 0xe23ee7e4, 0xb3312fa7 } },
    .order = { 48,
               { { 0xccc52973, 0xecec196a, 0x48b0a77a, 0x581a0db2, 0xf4372ddf, 0xc7634d81, 0xffffffff, 0xffffffff,
                   0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } } },
};

/* 2^255 - 19, RFC 7748, section 4.1. */
static const struct field field_25519 = {
    32, { { 0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff } }
};

bool curve_has_point(const struct curve *c, const uint8_t *x_bytes, const uint8_t *y_bytes)
{
    const struct field *f = &c->field;
    struct field_number x, y, left, right, square;
    if (!field_read(f, &x, x_bytes) || !field_read(f, &y, y_bytes))
        return false;
    /* y^2 + 3x = x^3 + b, which needs no subtraction. */
    field_multiply(f, &left, &y, &y);
    for (int i = 0; i < 3; i++)
        field_add(f, &left, &left, &x);
    field_multiply(f, &square, &x, &x);
    field_multiply(f, &right, &square, &x);
    field_add(f, &right, &right, &c->b);
    return field_equal(&left, &right);
}

bool curve_has_scalar(const struct curve *c, const uint8_t *bytes)
{
    uint8_t any = 0;
    unsigned borrow = 0;
    for (size_t i = 0; i < c->order.size; i++) {
        unsigned order = c->order.prime.word[i / 4] >> 8 * (i % 4) & 0xff;
        uint8_t byte = bytes[c->order.size - 1 - i];
        borrow = (byte - order - borrow) >> 31;
        any |= byte;
    }
    return any != 0 && borrow != 0;
}

/* The order of the base point of Ed25519, RFC 8032, section 5.1. */
static const struct field order_25519 = {
    32, { { 0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000 } }
};

/* Reads a little-endian number. mask: the bits of its highest byte that are part of it. Returns false when the number
 * is not below the prime. */
static bool read_25519(const struct field *f, struct field_number *n, const uint8_t bytes[CURVE_25519_SIZE],
                       uint8_t mask)
{
    uint8_t big[CURVE_25519_SIZE];
    for (size_t i = 0; i < sizeof(big); i++)
        big[i] = bytes[sizeof(big) - 1 - i];
    big[0] &= mask;
    return field_read(f, n, big);
}

/* Reads the u coordinate of a point, little-endian. The highest bit is ignored, and the number is reduced modulo the
 * prime (RFC 7748, section 5). */
static void read_u(struct field_number *u, const uint8_t bytes[CURVE_25519_SIZE])
{
    if (!read_25519(&field_25519, u, bytes, 0x7f))
        field_subtract(&field_25519, u, u, &field_25519.prime);
}

/*
 * Returns whether the order of the point divides 8. Such points have u = 0, u = 1 or u = -1, or doubling gives u = 1 or
 * u = -1: (u^2 - 1)^2 = +-4u(u^2 + Au + 1), A = 486662.
 */
static bool is_weak(const struct field_number *u)
{
    static const struct field_number zero, one = { { 1 } }, a = { { 486662 } };
    const struct field *f = &field_25519;
    struct field_number square, difference, left, inner, right;
    field_multiply(f, &square, u, u);
    field_subtract(f, &difference, &square, &one);
    field_multiply(f, &left, &difference, &difference);
    field_multiply(f, &inner, &a, u);
    field_add(f, &inner, &inner, &square);
    field_add(f, &inner, &inner, &one);
    field_multiply(f, &right, u, &inner);
    field_add(f, &right, &right, &right);
    field_add(f, &right, &right, &right);
    if (field_equal(u, &zero) || field_equal(&difference, &zero) || field_equal(&left, &right))
        return true;
    field_add(f, &left, &left, &right);
    return field_equal(&left, &zero);
}

bool curve_x25519_is_weak(const uint8_t bytes[CURVE_25519_SIZE])
{
    struct field_number u;
    read_u(&u, bytes);
    return is_weak(&u);
}

/* x^2 = (y^2 - 1)/(dy^2 + 1), which is a square when the product of the two is; and the point is u = (1 + y)/(1 - y) on
 * the curve of X25519 (RFC 7748, section 4.1). */
bool curve_ed25519_has_point(const uint8_t bytes[CURVE_25519_SIZE])
{
    static const struct field_number one = { { 1 } }, d = { { 0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d,
                                                              0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee } };
    const struct field *f = &field_25519;
    struct field_number y, square, above, below, product, inverse;
    if (!read_25519(f, &y, bytes, 0x7f))
        return false;
    field_multiply(f, &square, &y, &y);
    field_subtract(f, &above, &square, &one);
    field_multiply(f, &below, &square, &d);
    field_add(f, &below, &below, &one);
    field_multiply(f, &product, &above, &below);
    if (!field_is_square(f, &product))
        return false;
    field_add(f, &above, &one, &y);
    field_subtract(f, &below, &one, &y);
    field_invert(f, &inverse, &below);
    field_multiply(f, &product, &above, &inverse);
    return !is_weak(&product);
}

bool curve_ed25519_has_scalar(const uint8_t bytes[CURVE_25519_SIZE])
{
    struct field_number s;
    return read_25519(&order_25519, &s, bytes, 0xff);
}

/* RFC 7748, section 4.1: y = (u - 1)/(u + 1). */
void curve_ed25519_from_x25519(const uint8_t u_bytes[CURVE_25519_SIZE], uint8_t y_bytes[CURVE_25519_SIZE])
{
    static const struct field_number one = { { 1 } };
    const struct field *f = &field_25519;
    struct field_number u, below, above, inverse, y;
    uint8_t big[CURVE_25519_SIZE];
    read_u(&u, u_bytes);
    field_subtract(f, &above, &u, &one);
    field_add(f, &below, &u, &one);
    field_invert(f, &inverse, &below);
    field_multiply(f, &y, &above, &inverse);
    field_write(f, &y, big);
    for (size_t i = 0; i < sizeof(big); i++)
        y_bytes[i] = big[sizeof(big) - 1 - i];
}
