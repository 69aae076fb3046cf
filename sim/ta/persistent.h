/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_PERSISTENT_H
#define SIM_TA_PERSISTENT_H

#include "sim/ta/object.h"

/*
 * Brings the content of an open persistent object up to date: another handle may have written it. Returns TEE_SUCCESS,
 * TEE_ERROR_STORAGE_NOT_AVAILABLE, TEE_ERROR_OUT_OF_MEMORY, or TEE_ERROR_CORRUPT_OBJECT: then the object has been
 * removed, and its handle closed unless the TA has TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT.
 */
TEE_Result sim_persistent_refresh(TEE_ObjectHandle handle, struct sim_object *object);

/* Writes a new content, takes it over on success, and frees it otherwise. Within sim_storage_enter(). */
TEE_Result sim_persistent_replace(const struct sim_storage *storage, struct sim_object *object,
                                  struct sim_bytes *content);

/* Takes over a content and the file that it was read from or written to. */
void sim_persistent_take(struct sim_object *object, const struct sim_bytes *content, int version);

/* Panics when this is no object identifier. */
void sim_persistent_check_id(const void *id, size_t size, const char *function);

/* The object of a handle, which must be a persistent one opened with this TEE_DATA_FLAG_ACCESS_*; panics otherwise. */
struct sim_object *sim_persistent_get(TEE_ObjectHandle handle, uint32_t access, const char *function);

/* This TA's storage for a handle that is open; panics when it cannot be had. */
const struct sim_storage *sim_persistent_storage(const char *function);

#endif
