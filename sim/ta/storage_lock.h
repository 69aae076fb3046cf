/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks between TA processes. All are locks on byte ranges of one file (F_OFD_SETLK): they vanish with their holder,
 * however it dies, and there are no lock files to clean up.
 */
#ifndef SIM_TA_STORAGE_LOCK_H
#define SIM_TA_STORAGE_LOCK_H

#include <stdbool.h>

#include "sim/ta/storage.h"

/* The TA's storage is the caller's until it leaves. A change that another process died in is finished or undone. */
TEE_Result sim_storage_enter(const struct sim_storage *storage);
void sim_storage_leave(const struct sim_storage *storage);

/*
 * A handle on an object: takes the object with the access and sharing of flags (TEE_DATA_FLAG_*), or finds that the
 * handles of others, or other handles of our own, do not allow it. Needs sim_storage_enter. Returns
 * TEE_SUCCESS with a descriptor in *lock that holds it until it is closed; TEE_ERROR_ACCESS_CONFLICT; or why not.
 */
TEE_Result sim_storage_share(const struct sim_storage *storage, const char *name, uint32_t flags, int *lock);

/* Does anybody have a handle on this object? */
bool sim_storage_is_shared(const struct sim_storage *storage, const char *name);

#endif
