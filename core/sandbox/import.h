/* SPDX-License-Identifier: BSD-2-Clause */
/* The function that the host's tee.import runs: require, from outside. */
#ifndef LUATEE_CORE_SANDBOX_IMPORT_H
#define LUATEE_CORE_SANDBOX_IMPORT_H

#include "lua.h"

/* Pushes the function (name) that returns the module's value, the same value that require returns to scripts. */
void import_push(lua_State *L);

#endif
