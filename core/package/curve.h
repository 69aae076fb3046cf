/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is this a point of the curve P-256 (NIST SP 800-186, section 3.2.1.3)? TEEs need not look before they multiply a
 * point from outside with a private key: OP-TEE 4.5 does not, and a point of another curve, one with small subgroups,
 * gives the private key away piece by piece.
 */
#ifndef LUATEE_CORE_PACKAGE_CURVE_H
#define LUATEE_CORE_PACKAGE_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/package.h"

/* x, y: big-endian. False, too, for a coordinate that is not below p. Takes time that depends on the point: it must not
 * be a secret. */
bool curve_has_point(const uint8_t x[PACKAGE_POINT_SIZE], const uint8_t y[PACKAGE_POINT_SIZE]);

#endif
