/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that are written as a whole or not at all. A function that returns luatee_status also sets the error. It
 * returns LUATEE_USAGE when the user can solve the problem by naming another file, and LUATEE_FAILED when the system
 * fails.
 */
#ifndef LUATEE_CLIENT_PACKAGE_FILES_H
#define LUATEE_CLIENT_PACKAGE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* Reads a regular file of at most max bytes into an empty buffer, which the caller frees after LUATEE_OK. Returns
 * LUATEE_USAGE when the file is missing, too large or not regular. */
LUATEE_CHECKED luatee_status package_file_read(const char *path, size_t max, struct luatee_buffer *out,
                                               luatee_error *error);

/* Returns LUATEE_OK when nothing has this path, and LUATEE_USAGE when something has. */
LUATEE_CHECKED luatee_status package_file_absent(const char *path, luatee_error *error);

/* Makes a new file with this mode and these contents. Returns LUATEE_USAGE when a file of this path exists; the file
 * stays unchanged. */
LUATEE_CHECKED luatee_status package_file_create(const char *path, mode_t mode, const void *data, size_t size,
                                                 luatee_error *error);

/*
 * A set of files that appear together, in folders below one root:
 *
 *     struct package_set *set;
 *     package_set_begin("out", &set, error)           makes the root, and locks it until package_set_end()
 *     package_set_add(set, "ta/one.luata", data, ...) adds one file, and makes its folder as needed
 *     package_set_commit(set, error)                  moves all files into place, over older ones
 *     package_set_end(set)                            removes files that were not committed
 *
 * Until the commit, older files stay unchanged. The commit renames one file after the other. When a rename fails, the
 * commit undoes the renames before it, if the file system can exchange two files, as all usual ones of Linux can. A
 * killed process leaves hidden files, PACKAGE_SET_TEMPORARY..., which the next process removes.
 */
#define PACKAGE_SET_TEMPORARY ".luatee-pack-"

struct package_set;

/* Makes the root unless it exists, and locks it: waits while another process has the lock. *set is NULL after an error;
 * otherwise the caller passes it to package_set_end(). Returns LUATEE_USAGE when the root is not a folder. */
LUATEE_CHECKED luatee_status package_set_begin(const char *root, struct package_set **set, luatee_error *error);
/* Adds a file. path: relative to the root, with at most one folder. Writes the data at once to a temporary file. */
LUATEE_CHECKED luatee_status package_set_add(struct package_set *set, const char *path, const void *data, size_t size,
                                             luatee_error *error);
/* Moves all files into place. Call this function at most once, after the last package_set_add(). */
LUATEE_CHECKED luatee_status package_set_commit(struct package_set *set, luatee_error *error);
/* Removes files that were not committed, unlocks the root, and frees the set. Accepts NULL. */
void package_set_end(struct package_set *set);

#endif
