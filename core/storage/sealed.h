/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The persistent objects of an app's data: one for its store, one for its counters. Each of these changes is one
 * function of GP, and so atomic (TEE Internal Core API 1.3.1, section 5.1: it completes, or nothing is written).
 *
 * A TEE deletes an object that it finds damaged (section 5.7), and what is not there is empty: who can damage a file
 * could set a store back to its beginning. So a damaged object is replaced by one that says so, and stays until a
 * script decides. The object's witness (core/storage/existence_marker.h) tells when there was no time for that.
 */
#ifndef LUATEE_CORE_STORAGE_SEALED_H
#define LUATEE_CORE_STORAGE_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/object_id.h"
#include "tee_internal_api.h"

/* The first byte of every object's data: the version of what follows, or this. */
#define SEALED_LOST 0xff
#define SEALED_LOST_SIZE 1u /* of an object that says nothing else; sound ones are empty or larger */

/*
 * Opens the object and tells its size. alone: for reading and writing, and when there is none, one is made without
 * data; otherwise for reading together with others, and TEE_ERROR_ITEM_NOT_FOUND when there is none. Waits for others
 * as object_open() does. TEE_ERROR_CORRUPT_OBJECT: it was damaged, and is gone. After an error *object is
 * TEE_HANDLE_NULL.
 */
TEE_Result sealed_open(enum object_kind kind, const char *app, bool alone, TEE_ObjectHandle *object, size_t *size);

/* Reads exactly these bytes, as object_read does; TEE_ERROR_CORRUPT_OBJECT also when they are not there. */
TEE_Result sealed_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size);

/* The object, which nobody has open, was found damaged: remembers that. */
TEE_Result sealed_mark_lost(enum object_kind kind, const char *app);

/* Deletes the object, damaged or not, and that there was one; TEE_SUCCESS also when there is none. */
TEE_Result sealed_delete(enum object_kind kind, const char *app);

#endif
