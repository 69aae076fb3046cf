/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks of what comes from outside to be multiplied. TEEs need not look: OP-TEE 4.5 multiplies any two numbers with a
 * private key, and points of another curve, one with small subgroups, give the key away piece by piece; and it panics
 * on a point of X25519 that agrees on nothing.
 */
#ifndef LUATEE_CORE_KEY_CURVE_H
#define LUATEE_CORE_KEY_CURVE_H

#include "core/key/field.h"

#define CURVE_25519_SIZE 32

/* y^2 = x^3 - 3x + b; its points are as many as the order, a prime. */
struct curve {
    struct field field;
    struct field_number b;
    struct field order;
};

extern const struct curve curve_p256, curve_p384;

/* x, y: big-endian, of the curve's size. False, too, for a coordinate that is not below the prime. Neither is a secret.
 */
bool curve_has_point(const struct curve *c, const uint8_t *x, const uint8_t *y);

/* Is it from 1 to the order less 1? A private number, or half a signature. Takes the same time for all. */
bool curve_has_scalar(const struct curve *c, const uint8_t *bytes);

/* Does this public value of X25519 agree with every private one on zeros (RFC 7748, section 6.1)? */
bool curve_x25519_is_weak(const uint8_t u[CURVE_25519_SIZE]);

/*
 * Is this a public key of Ed25519 (RFC 8032, section 5.1.3), and none of those, of small order, for which anybody can
 * sign? OP-TEE 4.5 panics when it verifies with one that is no point.
 */
bool curve_ed25519_has_point(const uint8_t bytes[CURVE_25519_SIZE]);

/* Is the second half of a signature of Ed25519 below the order, as RFC 8032, section 5.1.7, has it? OP-TEE 4.5 does not
 * look. */
bool curve_ed25519_has_scalar(const uint8_t bytes[CURVE_25519_SIZE]);

/* The y of the point of Ed25519 that is u on X25519's curve, little-endian, in the encoding of RFC 8032, section 5.1.2,
 * with x taken to be even. */
void curve_ed25519_from_x25519(const uint8_t u[CURVE_25519_SIZE], uint8_t y[CURVE_25519_SIZE]);

#endif
