/* SPDX-License-Identifier: BSD-2-Clause */
/* LUA_USER_H for Lua's sources on OP-TEE. The libc there, picolibc, does not convert numbers exactly. */
#ifndef LUATEE_PORT_OPTEE_LUATEE_USER_H
#define LUATEE_PORT_OPTEE_LUATEE_USER_H

#include "port/lua/luatee_user.h"
#include "port/lua/number.h"

#undef l_sprintf
#define l_sprintf(text, size, format, argument) number_format(text, size, format, argument)

#undef lua_str2number
#define lua_str2number(text, end) number_parse(text, end)

#if defined(lmathlib_c)
/* picolibc's macro log2 divides log(x) by log(2), which is wrong in the last bit for every third number. */
#undef log2
#endif

#endif
