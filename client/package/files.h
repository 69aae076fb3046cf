/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that are there whole or not at all. A function that returns luatee_status sets the error, too: LUATEE_USAGE for
 * what the person who named the file can mend, LUATEE_FAILED when the system fails.
 */
#ifndef LUATEE_CLIENT_PACKAGE_FILES_H
#define LUATEE_CLIENT_PACKAGE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* Reads a regular file of at most max bytes into an empty buffer, which the caller frees after LUATEE_OK. */
LUATEE_CHECKED luatee_status package_file_read(const char *path, size_t max, struct luatee_buffer *out,
                                               luatee_error *error);

/* LUATEE_OK when nothing of this name is there. */
LUATEE_CHECKED luatee_status package_file_absent(const char *path, luatee_error *error);

/* Makes a new file with this mode and these contents. LUATEE_USAGE when there is one: it stays as it is. */
LUATEE_CHECKED luatee_status package_file_create(const char *path, mode_t mode, const void *data, size_t size,
                                                 luatee_error *error);

/*
 * A set of files that appear together, in folders below one root:
 *
 *     struct package_set *set;
 *     package_set_begin("out", &set, error)           makes the root, and locks it until package_set_end()
 *     package_set_add(set, "ta/one.luata", data, ...) once a file; folders are made as needed
 *     package_set_commit(set, error)                  moves all into place, over older ones
 *     package_set_end(set)                            removes what was not committed
 *
 * Until the commit nothing of what was there changes. It renames one file after the other; when one cannot be renamed
 * those before it are taken back (where the file system can exchange two files, as all usual ones of Linux can). What a
 * killed process leaves are hidden files, PACKAGE_SET_TEMPORARY..., which the next one removes.
 */
#define PACKAGE_SET_TEMPORARY ".luatee-pack-"

struct package_set;

LUATEE_CHECKED luatee_status package_set_begin(const char *root, struct package_set **set, luatee_error *error);
/* path: relative to the root, with at most one folder. The data are written at once and not needed afterwards. */
LUATEE_CHECKED luatee_status package_set_add(struct package_set *set, const char *path, const void *data, size_t size,
                                             luatee_error *error);
LUATEE_CHECKED luatee_status package_set_commit(struct package_set *set, luatee_error *error);
/* NULL is fine. */
void package_set_end(struct package_set *set);

#endif
