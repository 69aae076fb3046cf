/* SPDX-License-Identifier: BSD-2-Clause */
/* PEM (RFC 7468) of keys in DER. */
#ifndef LUATEE_CORE_LUALIB_KEY_PEM_H
#define LUATEE_CORE_LUALIB_KEY_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"

/* Returns whether the data begin with "-----BEGIN ". */
bool key_pem_begins(const uint8_t *data, size_t size);

/* Replaces the PEM text at the top of the stack by its DER, and returns NULL. On failure leaves the text, and returns a
 * message. */
const char *key_pem_decode(lua_State *L);

/* Replaces the DER at the top of the stack by PEM. secret: a PRIVATE KEY; otherwise a PUBLIC KEY. */
void key_pem_encode(lua_State *L, bool secret);

#endif
