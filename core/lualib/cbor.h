/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.cbor: general data as CBOR in its deterministic form (RFC 8949, section 4.2.1). cbor.c has the functions that
 * both directions share. */
#ifndef LUATEE_CORE_LUALIB_CBOR_H
#define LUATEE_CORE_LUALIB_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"

/* Names of metatables: of a string that is encoded as text, and of a table that is encoded as an array. */
#define CBOR_TEXT "tee.cbor.text"
#define CBOR_ARRAY "tee.cbor.array"

/* The lua_CFunctions tee.cbor.encode and tee.cbor.decode. */
int cbor_encode(lua_State *L);
int cbor_decode(lua_State *L);

/* Pushes the metatable CBOR_TEXT or CBOR_ARRAY. */
void cbor_push_metatable(lua_State *L, const char *name);

/* Returns whether the text is UTF-8, without surrogates and overlong forms (RFC 3629). Charges fuel, and raises an
 * error when there is no more. */
bool cbor_is_utf8(lua_State *L, const uint8_t *text, size_t size);

/* Converts a number to the shortest float with the same value. Returns its size, 2, 4 or 8 bytes, and its bits. NaN
 * becomes 0x7e00. */
size_t cbor_shortest_float(double value, uint64_t *bits);

/* Converts the bits of a float of 2, 4 or 8 bytes to a number. */
double cbor_float(uint64_t bits, size_t size);

#endif
