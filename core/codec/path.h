/* SPDX-License-Identifier: BSD-2-Clause */
/* The path from an argument to a value inside it, for messages: "argument 2 .peers[3].self". */
#ifndef LUATEE_CORE_CODEC_PATH_H
#define LUATEE_CORE_CODEC_PATH_H

#include <stddef.h>

#include "lua.h"

/* One step of a path: the key of the next table. */
struct path_step {
    int key;           /* stack index of the key; 0: an element of a list */
    lua_Integer index; /* the index in the list, from 1 */
};

/* The value that a message is about. */
struct path {
    const char *role; /* "argument" or "result"; NULL: "error value", without a number */
    int number;       /* of the argument or result, from 1 */
    const struct path_step *steps;
    int count; /* of steps */
};

/*
 * Writes "ROLE NUMBER PATH: reason", or "error value PATH: reason", into `out`, `size` bytes, and ends it with a NUL.
 * When the path is too long, "..." stands for steps in its middle. reason: at most half of `size`.
 */
void path_message(char *out, size_t size, lua_State *L, const struct path *path, const char *reason);

#endif
