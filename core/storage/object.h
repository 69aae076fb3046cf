/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects in the TA's secure storage (TEE_STORAGE_PRIVATE) that sessions share. object_id.h lists their identifiers.
 * All functions that return a TEE_Result also return errors of the TEE's storage.
 */
#ifndef LUATEE_CORE_STORAGE_OBJECT_H
#define LUATEE_CORE_STORAGE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/object_id.h"
#include "tee_internal_api.h"

/* Flags for object_open(): to read and write, while no other session has the object open; and to read together with
 * others. */
#define OBJECT_EXCLUSIVE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)
#define OBJECT_SHARED (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ)

/* Calls TEE_OpenPersistentObject. flags: TEE_DATA_FLAG_*. While another session has the object open in conflict with
 * the flags, waits, at most LUATEE_BUSY_WAIT milliseconds; then returns TEE_ERROR_ACCESS_CONFLICT. TEE_ERROR_CANCEL:
 * the call must end. The session of a killed client may also keep an object open for a while. */
TEE_Result object_open(const void *id, size_t id_size, uint32_t flags, TEE_ObjectHandle *object);

/* Opens an object as OBJECT_EXCLUSIVE; waits as object_open() does. If there is none, creates it with these data. Until
 * the session closes the object, no other session sees a part of its changes. */
TEE_Result object_open_exclusive(const void *id, size_t id_size, const void *data, size_t size,
                                 TEE_ObjectHandle *object);

/*
 * Closes an object that scripts open again and again, and sometimes pauses, so that other sessions can open it. A
 * session cannot know that others wait for an object, and one that opens it in a loop would hold it nearly all the
 * time. The pause is longer than the time between two tries of a waiting session. A session pauses after
 * LUATEE_BUSY_TURN of use, and, for a while after it had to wait itself, after each use. Ignores TEE_HANDLE_NULL.
 */
void object_close_and_yield(TEE_ObjectHandle object);

/*
 * Handles the result of a GP function for an open object, and returns that result. With TEE_ERROR_CORRUPT_OBJECT the
 * TEE has deleted the object and closed its handle, so *object becomes TEE_HANDLE_NULL, which TEE_CloseObject ignores.
 * (With TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT the handle would stay open. But then OP-TEE 4.5 keeps an object
 * that TEE_OpenPersistentObject found damaged in use until the session ends, so that no other can be created in its
 * place.)
 */
TEE_Result object_result(TEE_ObjectHandle *object, TEE_Result result);

/* Reads up to `size` bytes from position `at`. *count: the number of bytes read, 0 after an error. */
TEE_Result object_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size, size_t *count);

/* Writes `size` bytes at position `at`, atomically: after a loss of power, all or none of them are written. */
TEE_Result object_write(TEE_ObjectHandle *object, size_t at, const void *data, size_t size);

/* Replaces the data of an object that exists, as object_replace() does. TEE_ERROR_ITEM_NOT_FOUND: there is none.
 * TEE_ERROR_CORRUPT_OBJECT: it was damaged, and the TEE has deleted it. */
TEE_Result object_rewrite(const void *id, size_t id_size, const void *data, size_t size);

/* Creates an object with these data, or replaces those of the existing object, atomically: after a loss of power it has
 * the old or the new data. When the old data were longer, their end remains behind the new ones, so the data must
 * contain their own size. Waits as object_open() does. */
TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size);

#endif
