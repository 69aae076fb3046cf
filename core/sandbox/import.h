/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host's tee.import runs: require, from outside. */
#ifndef LUATEE_CORE_SANDBOX_IMPORT_H
#define LUATEE_CORE_SANDBOX_IMPORT_H

#include "lua.h"

/* Pushes the function (name) that returns what the module returned, the same that require gives scripts. */
void import_push(lua_State *L);

#endif
