/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

luatee_error *luatee_error_new(void)
{
    luatee_error *error = malloc(sizeof(*error));
    if (error != NULL)
        luatee_error_init(error);
    return error;
}

void luatee_error_free(luatee_error *error)
{
    free(error);
}

luatee_status luatee_error_status(const luatee_error *error)
{
    return error == NULL ? LUATEE_OK : error->status;
}

const char *luatee_error_message(const luatee_error *error)
{
    return error == NULL ? "" : error->message;
}

const char *luatee_error_traceback(const luatee_error *error)
{
    return error == NULL ? "" : error->traceback;
}

void luatee_error_init(luatee_error *error)
{
    error->status = LUATEE_OK;
    error->message[0] = '\0';
    error->traceback[0] = '\0';
}

luatee_status luatee_error_set(luatee_error *error, luatee_status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    error->status = status;
    error->traceback[0] = '\0';
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    return status;
}

luatee_status luatee_error_in_file(luatee_error *error, luatee_status status, const char *path, const char *message)
{
    /* Lua shortens a long path to dots and its end. */
    bool placed = strncmp(message, path, strlen(path)) == 0 || strncmp(message, "...", 3) == 0;
    return luatee_error_set(error, status, "%s%s%s", placed ? "" : path, placed ? "" : ": ", message);
}

luatee_status luatee_error_memory(luatee_error *error)
{
    return luatee_error_set(error, LUATEE_FAILED, "out of memory");
}

/* Copies the bytes that fit. A NUL among them ends the text. */
static void copy_text(char *out, size_t room, const void *data, size_t size)
{
    if (size > room - 1)
        size = room - 1;
    if (size > 0)
        memcpy(out, data, size);
    out[size] = '\0';
}

luatee_status luatee_error_raised(luatee_error *error, const char *message, size_t message_size, const void *traceback,
                                  size_t traceback_size)
{
    if (error == NULL)
        return LUATEE_RAISED;
    error->status = LUATEE_RAISED;
    copy_text(error->message, sizeof(error->message), message, message_size);
    copy_text(error->traceback, sizeof(error->traceback), traceback, traceback_size);
    return LUATEE_RAISED;
}
