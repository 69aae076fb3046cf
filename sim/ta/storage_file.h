/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file of the storage: sealed, and replaced as a whole.
 *
 *   magic and format (8) | salt (32) | ciphertext | tag (16)
 *
 * AES-256-GCM under a key that is derived from the TA's file key and the salt, fresh for each writing, so the nonce is
 * nought. Authenticated with it: magic, salt, the TA's UUID and the file's name, which is made of the object's
 * identifier.
 *
 * A file is written as `new`, synced, and renamed over the old one: there is an old or a new version at any moment.
 * Moving to another name takes two steps; `journal` holds both names from before the first to after the second, and
 * whoever enters the storage next finishes what it says.
 */
#ifndef SIM_TA_STORAGE_FILE_H
#define SIM_TA_STORAGE_FILE_H

#include <stdbool.h>

#include "sim/ta/storage.h"

/* The most that one file may hold. */
#define SIM_STORAGE_FILE_MAX (64u * 1024u * 1024u)

/* Bytes in memory of libc's; wiped when freed. */
struct sim_bytes {
    uint8_t *data;
    size_t size;
};

void sim_bytes_free(struct sim_bytes *bytes);

/*
 * Reads and unseals a file. The caller frees *plain and closes *version, which stays open on what was read. Returns
 *   TEE_SUCCESS
 *   TEE_ERROR_ITEM_NOT_FOUND   there is no such file
 *   TEE_ERROR_CORRUPT_OBJECT   it is not what this TA wrote under this name
 *   TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE
 */
TEE_Result sim_storage_read(const struct sim_storage *storage, const char *name, struct sim_bytes *plain, int *version);

/* Is the file still what `version` was opened on? A version that is held open cannot be mistaken for a later one. */
bool sim_storage_is_current(const struct sim_storage *storage, const char *name, int version);

bool sim_storage_exists(const struct sim_storage *storage, const char *name);

/* The next four need sim_storage_enter(), and return TEE_SUCCESS, TEE_ERROR_STORAGE_NO_SPACE (nothing has changed), or
 * TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE. */

/* Makes the file, or replaces it, and opens the new version. */
TEE_Result sim_storage_replace(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                               int *version);

/* As sim_storage_replace under the new name, and the old name is gone, in one step. */
TEE_Result sim_storage_move(const struct sim_storage *storage, const char *old_name, const char *new_name,
                            const struct sim_bytes *plain, int *version);

TEE_Result sim_storage_remove(const struct sim_storage *storage, const char *name);

/* Finishes or undoes what a process that died has begun. */
TEE_Result sim_storage_recover(const struct sim_storage *storage);

#endif
