/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that files.c and set.c share. */
#ifndef LUATEE_CLIENT_PACKAGE_FILE_IO_H
#define LUATEE_CLIENT_PACKAGE_FILE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "luatee/luatee.h"

/* Sets the error "cannot VERB PATH: " with the text of errno. Returns LUATEE_FAILED. */
luatee_status package_file_failed(luatee_error *error, const char *verb, const char *path);

/* Writes all `size` bytes. Returns false, with errno, when that fails. */
bool package_file_write(int file, const void *data, size_t size);

/* Makes a file with a new name, which replaces the XXXXXX at the end of path, and flushes its contents to the disk.
 * Returns LUATEE_FAILED when the system fails; then there is no file. */
LUATEE_CHECKED luatee_status package_file_temporary(char *path, mode_t mode, const void *data, size_t size,
                                                    luatee_error *error);

#endif
