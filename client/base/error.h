/* SPDX-License-Identifier: BSD-2-Clause */
/* The error object: what luatee.h does not show. */
#ifndef LUATEE_CLIENT_BASE_ERROR_H
#define LUATEE_CLIENT_BASE_ERROR_H

#include <stddef.h>

#include "abi/limits.h"
#include "luatee/luatee.h"

/* Size of a message with its NUL. Longer messages are cut. Two paths of usual length fit. */
#define LUATEE_ERROR_SIZE 1024

struct luatee_error {
    luatee_status status;
    char message[LUATEE_ERROR_SIZE];
    char traceback[LUATEE_TRACEBACK_MAX + 1];
};

/* Initializes an error object on the stack: no error. */
void luatee_error_init(luatee_error *error);

/* Sets status and message, and an empty traceback. error: may be NULL. Returns the status. */
luatee_status luatee_error_set(luatee_error *error, luatee_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets a message of Lua about a file. Puts the path in front, unless the message begins with a position in the file,
 * which is missing when Lua runs out of C stack or memory. Returns the status. */
luatee_status luatee_error_in_file(luatee_error *error, luatee_status status, const char *path, const char *message);

/* Sets "out of memory". Returns LUATEE_FAILED. */
luatee_status luatee_error_memory(luatee_error *error);

/* Sets the message and the traceback of an error that a trusted script raised. They are not NUL-terminated. Returns
 * LUATEE_RAISED. */
luatee_status luatee_error_raised(luatee_error *error, const char *message, size_t message_size, const void *traceback,
                                  size_t traceback_size);

#endif
