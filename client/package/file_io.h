/* SPDX-License-Identifier: BSD-2-Clause */
/* What files.c and set.c share. */
#ifndef LUATEE_CLIENT_PACKAGE_FILE_IO_H
#define LUATEE_CLIENT_PACKAGE_FILE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "luatee/luatee.h"

/* "cannot VERB PATH: " and what errno says. Returns LUATEE_FAILED. */
luatee_status package_file_failed(luatee_error *error, const char *verb, const char *path);

/* Writes all of it, or returns false with errno. */
bool package_file_write(int file, const void *data, size_t size);

/* Makes a file of a new name, which replaces the XXXXXX at the end of path; its contents are on the disk afterwards. */
LUATEE_CHECKED luatee_status package_file_temporary(char *path, mode_t mode, const void *data, size_t size,
                                                    luatee_error *error);

#endif
