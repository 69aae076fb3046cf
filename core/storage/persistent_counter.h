/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app's monotonic counters. All are in one object, separate from the app's store: a first byte, then for each
 * counter its name (its size, then LUATEE_NAME_MAX bytes, padded with zeros) and its value (8 bytes, big-endian). A new
 * value is written atomically before it is returned.
 *
 * All functions also return TEE_ERROR_CORRUPT_OBJECT when the object was damaged, so that the counter is lost;
 * TEE_ERROR_BAD_FORMAT when another version of luatee wrote the object; and errors of sealed_open() and of the TEE's
 * storage. app and name are valid names (abi/name.h).
 */
#ifndef LUATEE_CORE_STORAGE_PERSISTENT_COUNTER_H
#define LUATEE_CORE_STORAGE_PERSISTENT_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* The first byte. After a loss it is COUNTER_VERSION_LOST: then a counter without an entry may be lost, otherwise such
 * a counter is 0. */
#define COUNTER_VERSION 1
#define COUNTER_VERSION_LOST 2

/* Reads the value, which is 0 for a counter that was never incremented. */
TEE_Result persistent_counter_read(const char *app, const char *name, int64_t *value)
    __attribute__((warn_unused_result));

/* Adds `by`, above 0, and returns the new value in *value. TEE_ERROR_OVERFLOW: the sum is above 2^63 - 1.
 * TEE_ERROR_SHORT_BUFFER: the app already has LUATEE_COUNTERS_MAX other counters. */
TEE_Result persistent_counter_add(const char *app, const char *name, int64_t by, int64_t *value)
    __attribute__((warn_unused_result));

/* Sets a lost counter to a value. TEE_ERROR_BAD_STATE: the counter is not lost. TEE_ERROR_SHORT_BUFFER: as above. */
TEE_Result persistent_counter_restart(const char *app, const char *name, int64_t value)
    __attribute__((warn_unused_result));

#endif
