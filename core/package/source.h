/* SPDX-License-Identifier: BSD-2-Clause */
/* Skips what a Lua file may have before its Lua text: luaL_loadfilex skips the same, and luaL_loadbufferx does not. */
#ifndef LUATEE_CORE_PACKAGE_SOURCE_H
#define LUATEE_CORE_PACKAGE_SOURCE_H

#include <stddef.h>

/* Returns the beginning of the Lua text in a file of *size bytes, and sets *size to the size of the text. Skips a byte
 * order mark in UTF-8, and then a line that begins with '#' up to its newline, so that line numbers stay the same. */
const char *source_text(const void *file, size_t *size);

#endif
