/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.host and tee.release: what trusted scripts see of the host's functions. */
#ifndef LUATEE_CORE_LUALIB_HOST_H
#define LUATEE_CORE_LUALIB_HOST_H

#include "lua.h"

/* Puts them into the table `tee` at idx. Once per state; raises memory errors. */
void host_bind(lua_State *L, int idx);

#endif
