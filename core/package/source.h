/* SPDX-License-Identifier: BSD-2-Clause */
/* What Lua files may begin with besides Lua: luaL_loadfilex skips the same, and luaL_loadbufferx does not. */
#ifndef LUATEE_CORE_PACKAGE_SOURCE_H
#define LUATEE_CORE_PACKAGE_SOURCE_H

#include <stddef.h>

/* Returns where the Lua text of a file of *size bytes begins, and sets *size to what is left there: after a byte order mark
 * in UTF-8, and then after a line that begins with '#', but before its newline, so that lines keep their numbers. */
const char *source_text(const void *file, size_t *size);

#endif
