/* SPDX-License-Identifier: BSD-2-Clause */
/* PEM (RFC 7468) around keys in DER. */
#ifndef LUATEE_CORE_LUALIB_KEY_PEM_H
#define LUATEE_CORE_LUALIB_KEY_PEM_H

#include <stdbool.h>

#include "lua.h"

/* Replaces the PEM text on the top of the stack by the DER in it, and returns NULL; or leaves it, and returns what is
 * wrong. */
const char *key_pem_decode(lua_State *L);

/* Replaces the DER on the top of the stack by PEM. */
void key_pem_encode(lua_State *L, bool secret);

#endif
