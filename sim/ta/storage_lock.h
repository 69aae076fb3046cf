/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks between TA processes. They are byte-range locks on one file (F_OFD_SETLK): the kernel releases them when their
 * holder dies, and there are no lock files to clean up.
 */
#ifndef SIM_TA_STORAGE_LOCK_H
#define SIM_TA_STORAGE_LOCK_H

#include <stdbool.h>

#include "sim/ta/storage.h"

/* Waits until no other process has the TA's storage locked, locks it, and finishes or undoes a change that a dead
 * process left. Returns TEE_SUCCESS, or an error as sim_storage_recover(); the storage is then not locked. */
TEE_Result sim_storage_lock(const struct sim_storage *storage);

/* Unlocks the storage. */
void sim_storage_unlock(const struct sim_storage *storage);

/*
 * Locks an object for a new handle with the access and sharing of `flags` (TEE_DATA_FLAG_*). The caller holds
 * sim_storage_lock(). *lock is a descriptor, which the caller closes to release the object. Returns TEE_SUCCESS,
 * TEE_ERROR_ACCESS_CONFLICT if another handle, of this or another process, does not allow it, or an error as
 * sim_storage_error().
 */
TEE_Result sim_storage_acquire(const struct sim_storage *storage, const char *name, uint32_t flags, int *lock);

/* Whether any process has a handle of this object. */
bool sim_storage_is_open(const struct sim_storage *storage, const char *name);

#endif
