/* SPDX-License-Identifier: BSD-2-Clause */
/* PEM (RFC 7468) around keys in DER. */
#ifndef LUATEE_CORE_LUALIB_KEY_PEM_H
#define LUATEE_CORE_LUALIB_KEY_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"

/* Does data begin with "-----BEGIN "? */
bool key_pem_begins(const uint8_t *data, size_t size);

/* Replaces the PEM text on the top of the stack by the DER in it, and returns NULL; or leaves it, and returns what is
 * wrong. */
const char *key_pem_decode(lua_State *L);

/* Replaces the DER on the top of the stack by PEM. */
void key_pem_encode(lua_State *L, bool secret);

#endif
