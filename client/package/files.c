/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "client/package/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/package/file_io.h"

luatee_status package_file_failed(luatee_error *error, const char *verb, const char *path)
{
    return luatee_error_set(error, LUATEE_FAILED, "cannot %s %s: %s", verb, path, strerror(errno));
}

static luatee_status open_regular(const char *path, int *file, luatee_error *error)
{
    struct stat status;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return luatee_error_set(error, LUATEE_USAGE, "there is no %s", path);
    if (*file < 0)
        return package_file_failed(error, "read", path);
    if (fstat(*file, &status) == 0 && S_ISREG(status.st_mode))
        return LUATEE_OK;
    (void)close(*file);
    return luatee_error_set(error, LUATEE_USAGE, "%s is not a regular file", path);
}

/* Reads the file to its end. Reading one byte more than `max` shows that the file is too large. */
static luatee_status read_all(int file, const char *path, size_t max, struct luatee_buffer *out, luatee_error *error)
{
    while (out->size <= max) {
        if (out->size == out->capacity && !luatee_buffer_reserve(out, 2 * out->capacity + BUFSIZ))
            return luatee_error_memory(error);
        ssize_t n = read(file, out->data + out->size, out->capacity - out->size);
        if (n == 0)
            return LUATEE_OK;
        if (n < 0 && errno != EINTR)
            return package_file_failed(error, "read", path);
        if (n > 0)
            out->size += (size_t)n;
    }
    return luatee_error_set(error, LUATEE_USAGE, "%s is too large: at most %zu bytes", path, max);
}

luatee_status package_file_read(const char *path, size_t max, struct luatee_buffer *out, luatee_error *error)
{
    int file;
    luatee_status status = open_regular(path, &file, error);
    if (status != LUATEE_OK)
        return status;
    status = read_all(file, path, max, out, error);
    (void)close(file);
    if (status != LUATEE_OK)
        luatee_buffer_free(out);
    return status;
}

luatee_status package_file_absent(const char *path, luatee_error *error)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return luatee_error_set(error, LUATEE_USAGE, "%s already exists and is not overwritten", path);
    if (errno == ENOENT)
        return LUATEE_OK;
    return package_file_failed(error, "read", path);
}

bool package_file_write(int file, const void *data, size_t size)
{
    const char *next = data;
    while (size > 0) {
        ssize_t n = write(file, next, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            next += n;
            size -= (size_t)n;
        }
    }
    return true;
}

luatee_status package_file_temporary(char *path, mode_t mode, const void *data, size_t size, luatee_error *error)
{
    int file = mkostemp(path, O_CLOEXEC);
    if (file < 0)
        return package_file_failed(error, "write", path);
    bool fine = fchmod(file, mode) == 0 && package_file_write(file, data, size) && fsync(file) == 0;
    int why = errno;
    fine = close(file) == 0 && fine;
    if (fine)
        return LUATEE_OK;
    (void)unlink(path);
    errno = why;
    return package_file_failed(error, "write", path);
}

/* Uses link(2), because rename(2) would replace a file that another process made meanwhile. */
luatee_status package_file_create(const char *path, mode_t mode, const void *data, size_t size, luatee_error *error)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", path);
    luatee_status status = package_file_temporary(temporary, mode, data, size, error);
    if (status != LUATEE_OK)
        return status;
    if (link(temporary, path) != 0)
        status = errno == EEXIST
                     ? luatee_error_set(error, LUATEE_USAGE, "%s already exists and is not overwritten", path)
                     : package_file_failed(error, "write", path);
    (void)unlink(temporary);
    return status;
}
