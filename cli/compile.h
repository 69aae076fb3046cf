/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiles trusted scripts with the same release of Lua that runs in the TA. */
#ifndef LUATEE_CLI_COMPILE_H
#define LUATEE_CLI_COMPILE_H

#include <stdbool.h>

#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* Checks that the source compiles. With `bytecode`, replaces the source by stripped bytecode. name: of the file, for
 * messages. Returns LUATEE_RAISED with Lua's message when the source does not compile or already is bytecode,
 * LUATEE_USAGE when the bytecode is larger than LUATEE_SCRIPT_MAX, and LUATEE_FAILED when out of memory. */
LUATEE_CHECKED luatee_status compile_script(struct luatee_buffer *source, const char *name, bool bytecode,
                                            luatee_error *error);

#endif
