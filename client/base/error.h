/* SPDX-License-Identifier: BSD-2-Clause */
/* The error object from inside. */
#ifndef LUATEE_CLIENT_BASE_ERROR_H
#define LUATEE_CLIENT_BASE_ERROR_H

#include <stddef.h>

#include "abi/limits.h"
#include "luatee/luatee.h"

/* Room for a message with its NUL; longer ones are cut. Enough for two paths of usual length. */
#define LUATEE_ERROR_SIZE 1024

struct luatee_error {
    luatee_status status;
    char message[LUATEE_ERROR_SIZE];
    char traceback[LUATEE_TRACEBACK_MAX + 1];
};

/* An error object on the stack starts like this; its texts need no zeroing. */
void luatee_error_init(luatee_error *error);

/* Sets status and message, without traceback, and returns the status. error: may be NULL. */
luatee_status luatee_error_set(luatee_error *error, luatee_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets a message of Lua about a file: with the path in front, unless it begins with a position in it. Lua gives none
 * where it runs out of C stack or memory. */
luatee_status luatee_error_in_file(luatee_error *error, luatee_status status, const char *path, const char *message);

/* The usual one. */
luatee_status luatee_error_memory(luatee_error *error);

/* Sets what a trusted script raised, from bytes that are not NUL-terminated. Returns LUATEE_RAISED. */
luatee_status luatee_error_raised(luatee_error *error, const char *message, size_t message_size, const void *traceback,
                                  size_t traceback_size);

#endif
