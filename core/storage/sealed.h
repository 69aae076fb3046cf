/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The persistent objects of an app's data: one for its store, one for its counters. Each change is one GP function, and
 * so atomic (TEE Internal Core API 1.3.1, section 5.1: it completes, or nothing is written).
 *
 * A TEE deletes an object that it finds damaged (section 5.7), and a missing object counts as empty. So an attacker who
 * damages a file could reset a store. To prevent that, a damaged object is replaced by one that is marked as lost,
 * until a script decides what to do. If power is lost before the mark is written, the object's existence marker
 * (existence_marker.h) shows the loss.
 */
#ifndef LUATEE_CORE_STORAGE_SEALED_H
#define LUATEE_CORE_STORAGE_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/object_id.h"
#include "tee_internal_api.h"

/* The first byte of every object's data is the version of what follows, or SEALED_LOST. */
#define SEALED_LOST 0xff
#define SEALED_LOST_SIZE 1u /* bytes of an object that is marked as lost; a sound object is empty or larger */

/*
 * Opens the object of an app, and returns the size of its data. exclusive: opens it to read and write; if it does not
 * exist, creates it without data. Otherwise opens it to read, together with other sessions; if it does not exist,
 * returns TEE_ERROR_ITEM_NOT_FOUND. Waits as object_open() does. TEE_ERROR_CORRUPT_OBJECT: the object was damaged, and
 * the TEE has deleted it. Also returns errors of the TEE's storage. After an error *object is TEE_HANDLE_NULL.
 */
TEE_Result sealed_open(enum object_kind kind, const char *app, bool exclusive, TEE_ObjectHandle *object, size_t *size);

/* Reads exactly `size` bytes at position `at`, as object_read() does. TEE_ERROR_CORRUPT_OBJECT: also when the object
 * has fewer. */
TEE_Result sealed_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size);

/* Replaces a damaged object, which must not be open, with one that is marked as lost. Returns TEE_SUCCESS, or an error
 * of object_replace(), object_open() or TEE_TruncateObjectData. */
TEE_Result sealed_mark_lost(enum object_kind kind, const char *app);

/* Deletes the object and its existence marker. Works on damaged objects, and returns TEE_SUCCESS also when there is no
 * object. Errors: those of object_open() and of the TEE's storage. */
TEE_Result sealed_delete(enum object_kind kind, const char *app);

#endif
