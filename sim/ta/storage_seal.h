/* SPDX-License-Identifier: BSD-2-Clause */
/* Encryption and authentication of a file's contents; the format is described in storage_file.h. */
#ifndef SIM_TA_STORAGE_SEAL_H
#define SIM_TA_STORAGE_SEAL_H

#include "sim/ta/storage_file.h"

#define SIM_SEAL_MAGIC_SIZE 8u
#define SIM_SEAL_SALT_SIZE 32u
#define SIM_SEAL_TAG_SIZE 16u
#define SIM_SEAL_OVERHEAD (SIM_SEAL_MAGIC_SIZE + SIM_SEAL_SALT_SIZE + SIM_SEAL_TAG_SIZE)

/* Seals `plain` for the file `name`. The caller frees *sealed. Returns TEE_SUCCESS or TEE_ERROR_OUT_OF_MEMORY. */
TEE_Result sim_seal(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                    struct sim_bytes *sealed);

/* Verifies and decrypts. The caller frees *plain. Returns TEE_SUCCESS, TEE_ERROR_OUT_OF_MEMORY, or
 * TEE_ERROR_CORRUPT_OBJECT if the bytes were not sealed on this device, for this TA and this name, in this format. */
TEE_Result sim_unseal(const struct sim_storage *storage, const char *name, const struct sim_bytes *sealed,
                      struct sim_bytes *plain);

#endif
