/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects in the TA's secure storage (TEE_STORAGE_PRIVATE) that sessions share. object_id.h lists their identifiers. */
#ifndef LUATEE_CORE_STORAGE_OBJECT_H
#define LUATEE_CORE_STORAGE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/object_id.h"
#include "tee_internal_api.h"

/* TEE_OpenPersistentObject. While another session holds the object (or what a killed client left behind does), it
 * waits, at most LUATEE_BUSY_WAIT; then TEE_ERROR_ACCESS_CONFLICT. TEE_ERROR_CANCEL: not wanted any more. flags:
 * TEE_DATA_FLAG_*. */
TEE_Result object_open(const void *id, size_t id_size, uint32_t flags, TEE_ObjectHandle *object);

/* Opens an object alone, for reading and writing, and waits for that likewise; one that is not there is made, of these
 * data. What is read and written before it is closed is one step for all sessions. */
TEE_Result object_open_alone(const void *id, size_t id_size, const void *data, size_t size, TEE_ObjectHandle *object);

/*
 * Closes an object that scripts open again and again, and lets others have their turn. A session
 * does not see who waits for an object, and one that opens it in a loop would hold it nearly all the time. So a session
 * rests for longer than others wait between two tries: after LUATEE_BUSY_TURN, and for a while after each use when it
 * had to wait itself. Takes TEE_HANDLE_NULL.
 */
void object_leave(TEE_ObjectHandle object);

/*
 * What a GP function returned for an open object. With TEE_ERROR_CORRUPT_OBJECT the TEE has removed the object and
 * closed its handle, and so *object becomes TEE_HANDLE_NULL, which TEE_CloseObject ignores. (It would stay open with
 * TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT. But with that OP-TEE 4.5 keeps what TEE_OpenPersistentObject found
 * damaged in use until the session ends, so that nothing can be made in its place.)
 */
TEE_Result object_result(TEE_ObjectHandle *object, TEE_Result result);

/* Reads up to `size` bytes, from `at` on; *count: how many there were. */
TEE_Result object_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size, size_t *count);

/* In one step. */
TEE_Result object_write(TEE_ObjectHandle *object, size_t at, const void *data, size_t size);

/* Replaces the data of the object there is, in one step, as object_replace() does. TEE_ERROR_ITEM_NOT_FOUND,
 * TEE_ERROR_CORRUPT_OBJECT: there is none, or no more. */
TEE_Result object_rewrite(const void *id, size_t id_size, const void *data, size_t size);

/* Makes an object of these data, or replaces those of the one there is, in one step: after a loss of power it has
 * either. Behind the new data lies what is left of longer old ones: they must tell their own size. Waits likewise. */
TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size);

#endif
