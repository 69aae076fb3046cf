/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of the storage. A file is sealed and is always replaced as a whole.
 *
 *   magic and format (8) | salt (32) | ciphertext | tag (16)
 *
 * The cipher is AES-256-GCM. Its key is derived from the TA's file key and the salt, which is fresh for each write, so
 * the nonce can be 0. Magic, salt, the TA's UUID and the file's name, which is made from the object's identifier, are
 * authenticated too.
 *
 * A file is written as `new`, synced, and renamed over the old one, so that either the old or the new version exists at
 * any moment. A move to another name takes two steps. `journal` holds both names meanwhile; the next sim_storage_lock()
 * finishes an interrupted move by it.
 */
#ifndef SIM_TA_STORAGE_FILE_H
#define SIM_TA_STORAGE_FILE_H

#include <stdbool.h>

#include "sim/ta/storage.h"

/* Largest plaintext of a file, in bytes. */
#define SIM_STORAGE_FILE_MAX (64u * 1024u * 1024u)

/* Bytes in malloc'ed memory. */
struct sim_bytes {
    uint8_t *data;
    size_t size;
};

/* Wipes and frees the bytes. */
void sim_bytes_free(struct sim_bytes *bytes);

/*
 * Reads and unseals a file. *version is a descriptor of the file that was read. The caller frees *plain and closes
 * *version. Returns TEE_SUCCESS, or
 *   TEE_ERROR_ITEM_NOT_FOUND   there is no such file
 *   TEE_ERROR_CORRUPT_OBJECT   the file is not what this TA wrote under this name
 *   TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE
 */
TEE_Result sim_storage_read(const struct sim_storage *storage, const char *name, struct sim_bytes *plain, int *version);

/* Whether the file is still the one that `version` is a descriptor of. While that is open, its inode is not reused. */
bool sim_storage_is_current(const struct sim_storage *storage, const char *name, int version);

/* Whether there is a file of this name. Does not read it. */
bool sim_storage_exists(const struct sim_storage *storage, const char *name);

/* The caller of the next four holds sim_storage_lock(). They return TEE_SUCCESS, TEE_ERROR_STORAGE_NO_SPACE (and change
 * nothing), TEE_ERROR_OUT_OF_MEMORY or TEE_ERROR_STORAGE_NOT_AVAILABLE. */

/* Creates or replaces the file. *version is a descriptor of the new file, which the caller closes. */
TEE_Result sim_storage_replace(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                               int *version);

/* Writes `plain` under the new name, as sim_storage_replace does, and removes the old name, in one atomic step. */
TEE_Result sim_storage_move(const struct sim_storage *storage, const char *old_name, const char *new_name,
                            const struct sim_bytes *plain, int *version);

/* Removes the file. It is not an error if there is none. */
TEE_Result sim_storage_remove(const struct sim_storage *storage, const char *name);

/* Finishes or undoes the change that a process was making when it died. */
TEE_Result sim_storage_recover(const struct sim_storage *storage);

#endif
