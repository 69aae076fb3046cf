/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.host and tee.release: the access of trusted scripts to functions of the host. */
#ifndef LUATEE_CORE_LUALIB_HOST_H
#define LUATEE_CORE_LUALIB_HOST_H

#include "lua.h"

/* Adds both to the table `tee` at idx. To be called once for each Lua state. Raises memory errors. */
void host_bind(lua_State *L, int idx);

#endif
