/* SPDX-License-Identifier: BSD-2-Clause */
/* The way from an argument to a value inside it, for messages: "argument 2 .peers[3].self". */
#ifndef LUATEE_CORE_CODEC_PATH_H
#define LUATEE_CORE_CODEC_PATH_H

#include <stddef.h>

#include "lua.h"

/* One step: the key under which the next table lies. */
struct path_step {
    int key;           /* stack index of the key; 0: an element of a list */
    lua_Integer index; /* its place in the list, from 1 */
};

/*
 * Writes "ROLE NUMBER PATH: reason" (role NULL: "error value PATH: reason") into out, NUL-terminated. When the path is
 * too long for out, steps in the middle give way to "...".
 */
void path_message(char *out, size_t size, lua_State *L, const char *role, int number, const struct path_step *steps,
                  int count, const char *reason);

#endif
