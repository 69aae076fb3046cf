/* SPDX-License-Identifier: BSD-2-Clause */
/* Trusted scripts through the compiler of the same Lua that runs in the TA. */
#ifndef LUATEE_CLI_COMPILE_H
#define LUATEE_CLI_COMPILE_H

#include <stdbool.h>

#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* Sees whether the source compiles; with `bytecode`, replaces it by stripped bytecode. name: of the file, for messages.
 * LUATEE_RAISED with Lua's message when it does not compile (it may be bytecode already), LUATEE_USAGE when the
 * bytecode is larger than a script may be, LUATEE_FAILED when memory is out. */
LUATEE_CHECKED luatee_status compile_script(struct luatee_buffer *source, const char *name, bool bytecode,
                                            luatee_error *error);

#endif
