/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the simulator keeps what must last: a state directory with a random device key, and in it one folder a TA.
 *
 *   LUATEE_SIM_STATE, else $XDG_STATE_HOME/luatee/sim, else $HOME/.local/state/luatee/sim
 *     device.key                 32 random bytes, made once
 *     lock                       held while device.key is made
 *     <UUID of a TA>/
 *       o.<HMAC of an id>        an object, sealed (storage_file.h); `t.` in front: the TA's persistent time
 *       new, journal, journal.new  a change under way (storage_file.h)
 *       locks                    never read or written, only locked (storage_lock.h)
 *
 * Everything is opened at the first use, so a TA that stores nothing leaves no trace. One thread uses it.
 */
#ifndef SIM_TA_STORAGE_H
#define SIM_TA_STORAGE_H

#include <tee_internal_api.h>

#define SIM_STORAGE_KEY_SIZE 32u

/* A file's name: two bytes of kind, the HMAC in hexadecimal, NUL. */
#define SIM_STORAGE_NAME_SIZE (2u + 2u * SIM_STORAGE_KEY_SIZE + 1u)

enum sim_storage_kind {
    SIM_STORAGE_OBJECT = 'o',
    SIM_STORAGE_TIME = 't',
};

struct sim_storage {
    int directory; /* of this TA */
    int locks;     /* for the mutex of storage_lock.h */
    uint8_t file_key[SIM_STORAGE_KEY_SIZE];
    uint8_t name_key[SIM_STORAGE_KEY_SIZE];
};

/*
 * This TA's storage. NULL when there is none, with the reason in *result and in the log:
 * TEE_ERROR_STORAGE_NOT_AVAILABLE, or TEE_ERROR_STORAGE_NO_SPACE when the disk has no room for the first files.
 */
const struct sim_storage *sim_storage_open(TEE_Result *result);

/* The name of the file that holds an object, or another thing, of this identifier. */
TEE_Result sim_storage_name(const struct sim_storage *storage, enum sim_storage_kind kind, const void *id,
                            size_t id_size, char name[SIM_STORAGE_NAME_SIZE]);

/* A UUID of this simulated device; nil when there is no storage. */
void sim_storage_device_id(TEE_UUID *uuid);

/* Closes the storage and wipes its keys. */
void sim_storage_close(void);

/* TEE_ERROR_STORAGE_NO_SPACE, or TEE_ERROR_STORAGE_NOT_AVAILABLE for any other errno; `what` failed, for the log. */
TEE_Result sim_storage_error(const char *what);

#endif
