/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Existence markers: they show that an object existed once. A TEE deletes a damaged object when the object is opened or
 * read (TEE Internal Core API 1.3.1, section 5.7). OP-TEE 4.5 also does so when another object with the same identifier
 * is created, and the new object then has wrong data. If power is lost at that moment, an object that was damaged and
 * one that never existed look the same. So each important object has a marker beside it, an object without data. The
 * functions below check for a marker without opening it, so the TEE does not delete it, even when its file was damaged.
 *
 * The TA's directory (directory.h) lists all markers, so that a check need not enumerate all objects. Without a sound
 * directory it does, and still finds the marker.
 *
 * id: of the object, not of its marker; the first byte is a letter (object_id.h). All functions return TEE_SUCCESS,
 * TEE_ERROR_CANCEL when the call must end, or errors of the TEE's storage.
 */
#ifndef LUATEE_CORE_STORAGE_EXISTENCE_MARKER_H
#define LUATEE_CORE_STORAGE_EXISTENCE_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

/* Creates the marker if it does not exist. To be called when the object exists and has no data yet. */
TEE_Result marker_create(const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* Sets *exists when the marker exists, or the TA's directory lists it. To be called when the object does not exist. */
TEE_Result marker_exists(const uint8_t *id, size_t id_size, bool *exists) __attribute__((warn_unused_result));

/* Deletes the marker and its entry in the TA's directory. To be called after the object was deleted on purpose, or was
 * emptied to be deleted. */
TEE_Result marker_delete(const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

#endif
