/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks of points and numbers from outside. A TEE need not check them. OP-TEE 4.5 multiplies a private key with any
 * two coordinates, and points of another curve with small subgroups reveal the key bit by bit. OP-TEE 4.5 also panics
 * on a point of X25519 whose shared secret is zero.
 */
#ifndef LUATEE_CORE_KEY_CURVE_H
#define LUATEE_CORE_KEY_CURVE_H

#include "core/key/field.h"

#define CURVE_25519_SIZE 32

/* The curve y^2 = x^3 - 3x + b. The number of its points is a prime, the order. */
struct curve {
    struct field field;
    struct field_number b;
    struct field order;
};

extern const struct curve curve_p256, curve_p384;

/* Returns whether the point is on the curve. x, y: big-endian, of the curve's size. A coordinate that is not below the
 * prime is not valid. The time depends on the numbers, which must not be secret. */
bool curve_has_point(const struct curve *c, const uint8_t *x, const uint8_t *y);

/* Returns whether a number is from 1 to the order minus 1. bytes: a private key or half a signature, big-endian, of the
 * curve's size. Takes the same time for all numbers. */
bool curve_has_scalar(const struct curve *c, const uint8_t *bytes);

/* Returns whether the shared secret of this public key of X25519 is zero with every private key (RFC 7748, section
 * 6.1). */
bool curve_x25519_is_weak(const uint8_t u[CURVE_25519_SIZE]);

/* Returns whether this is a public key of Ed25519 (RFC 8032, section 5.1.3) whose order is not small: with a key of
 * small order, anybody can sign. OP-TEE 4.5 panics when it verifies with a key that is not a point. */
bool curve_ed25519_has_point(const uint8_t bytes[CURVE_25519_SIZE]);

/* Returns whether the second half of a signature of Ed25519 is below the order (RFC 8032, section 5.1.7). OP-TEE 4.5
 * does not check it. */
bool curve_ed25519_has_scalar(const uint8_t bytes[CURVE_25519_SIZE]);

/* Converts the u coordinate of a point of X25519's curve to the y coordinate of the point of Ed25519. Both are
 * little-endian; y is in the encoding of RFC 8032, section 5.1.2, for an even x. */
void curve_ed25519_from_x25519(const uint8_t u[CURVE_25519_SIZE], uint8_t y[CURVE_25519_SIZE]);

#endif
