/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's persistent state: a state directory with a random device key and a folder for each TA. The state
 * directory is $LUATEE_SIM_STATE, or else $XDG_STATE_HOME/luatee/sim, or else $HOME/.local/state/luatee/sim.
 *
 *   device.key                   32 random bytes, made once
 *   lock                         locked while device.key is made
 *   <UUID of a TA>/
 *     o.<HMAC of an id>          an object, sealed (storage_file.h)
 *     t.<HMAC>                   the TA's persistent time, sealed
 *     new, journal, journal.new  a change that is not finished (storage_file.h)
 *     locks                      never read or written, only locked (storage_lock.h)
 *
 * The directory is opened at the first use, so that a TA that stores nothing leaves no files. Not thread-safe: only the
 * TA's thread uses it.
 */
#ifndef SIM_TA_STORAGE_H
#define SIM_TA_STORAGE_H

#include <tee_internal_api.h>

#define SIM_STORAGE_KEY_SIZE 32u

/* A file's name: a letter for the kind and a dot, the HMAC in hexadecimal, NUL. */
#define SIM_STORAGE_NAME_SIZE (2u + 2u * SIM_STORAGE_KEY_SIZE + 1u)

enum sim_storage_kind {
    SIM_STORAGE_OBJECT = 'o',
    SIM_STORAGE_TIME = 't',
};

struct sim_storage {
    int directory; /* descriptor of this TA's folder */
    int locks;     /* descriptor of its file `locks`, for the mutex of storage_lock.h */
    uint8_t file_key[SIM_STORAGE_KEY_SIZE];
    uint8_t name_key[SIM_STORAGE_KEY_SIZE];
};

/*
 * Opens this TA's storage, or returns the one that is open. It stays the simulator's. Returns NULL on an error, logs
 * the reason, and sets *result as sim_storage_error() does. Leaves *result alone on success.
 */
const struct sim_storage *sim_storage_open(TEE_Result *result);

/* Makes the name of the file for an object, or for the persistent time, with this identifier. Returns TEE_SUCCESS or
 * TEE_ERROR_OUT_OF_MEMORY. */
TEE_Result sim_storage_name(const struct sim_storage *storage, enum sim_storage_kind kind, const void *id,
                            size_t id_size, char name[SIM_STORAGE_NAME_SIZE]);

/* Writes the UUID of this simulated device, derived from its device key; nil when there is no storage. */
void sim_storage_device_id(TEE_UUID *uuid);

/* Closes the storage and wipes its keys. */
void sim_storage_close(void);

/* Logs that `what` failed with errno. Returns TEE_ERROR_STORAGE_NO_SPACE for a full disk or quota,
 * TEE_ERROR_OUT_OF_MEMORY for ENOMEM, otherwise TEE_ERROR_STORAGE_NOT_AVAILABLE. */
TEE_Result sim_storage_error(const char *what);

#endif
