/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_PERSISTENT_H
#define SIM_TA_PERSISTENT_H

#include "sim/ta/object.h"

/*
 * Reads the content of an open persistent object anew if another handle has written it. Returns TEE_SUCCESS,
 * TEE_ERROR_STORAGE_NOT_AVAILABLE, TEE_ERROR_OUT_OF_MEMORY or TEE_ERROR_CORRUPT_OBJECT. In the last case the object is
 * deleted, and its handle is closed unless the TA has TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT.
 */
TEE_Result sim_persistent_refresh(TEE_ObjectHandle handle, struct sim_object *object);

/* Writes the object's file with a new content. The object owns the content then; on an error the content is freed. The
 * caller holds sim_storage_lock(). Returns as sim_storage_replace(). */
TEE_Result sim_persistent_replace(const struct sim_storage *storage, struct sim_object *object,
                                  struct sim_bytes *content);

/* Replaces the object's content, and the descriptor of its file, both of which the object owns from then on. */
void sim_persistent_set_content(struct sim_object *object, const struct sim_bytes *content, int version);

/* Panics unless this is an object identifier: 1 to TEE_OBJECT_ID_MAX_LEN bytes. */
void sim_persistent_require_id(const void *id, size_t size, const char *function);

/* Returns the object of a handle. Panics unless it is persistent and was opened with this TEE_DATA_FLAG_ACCESS_*. */
struct sim_object *sim_persistent_get(TEE_ObjectHandle handle, uint32_t access, const char *function);

/* Returns this TA's storage, for a handle that is open. Panics when it is not available. */
const struct sim_storage *sim_persistent_storage(const char *function);

#endif
