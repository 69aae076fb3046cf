/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects in the TA's secure storage (TEE_STORAGE_PRIVATE) that sessions share. The first byte of an identifier says
 * what kind of object it is, so that none takes the place of another: here those of the TA itself; those of
 * apps are in store.h, core/key/store.c and core/store/sealed.h.
 */
#ifndef LUATEE_CORE_PACKAGE_OBJECT_H
#define LUATEE_CORE_PACKAGE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

enum object_kind {
    OBJECT_DIRECTORY = 'A', /* directory.h */
    OBJECT_DEVICE_KEY = 'D',
    OBJECT_HIGHEST = 'H', /* sequence of an app */
    OBJECT_REVOKED = 'R',
    OBJECT_TIME = 'T', /* core/clock/clock.c */
};

/* In the first byte of those that belong to another object: its witness, and what witness.c needs to look for that. */
enum object_part { OBJECT_WITNESS = 0x80, OBJECT_SCRATCH = 0xa0 };

/*
 * Who waits for an object. wanted: called after each step of a wait, with the milliseconds to be paid for; false:
 * nobody wants the result any more. NULL, as in the beginning: waits are only bounded. A TA instance runs one thing at a time:
 * this is for all that is opened until it is called again.
 */
void object_wait_as(bool (*wanted)(void *context, uint32_t milliseconds), void *context);

/* Whether the result is still wanted: between steps that nobody pays for. */
bool object_look(void);

/* One step of many is done: one of many objects was opened, or a part of a package was decrypted. The call pays for it
 * as for 400 milliseconds of a wait. False: not wanted any more. */
bool object_step(void);

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
