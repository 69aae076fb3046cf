/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app's monotonic counters. All are in one object, apart from the app's store: a first byte, then for each counter
 * its name (its size, then LUATEE_NAME_MAX bytes, zeros behind it) and its value (8 bytes, big-endian). A value is
 * written in one step before anybody is told it.
 *
 * Results besides those named: TEE_ERROR_CORRUPT_OBJECT: the object was damaged, and with it the counter lost;
 * TEE_ERROR_BAD_FORMAT: another version of luatee wrote it; and what the TEE's storage returns.
 */
#ifndef LUATEE_CORE_STORAGE_PERSISTENT_COUNTER_H
#define LUATEE_CORE_STORAGE_PERSISTENT_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* The first byte: a counter that is not there is 0; or it may have been lost. */
#define COUNTER_VERSION 1
#define COUNTER_VERSION_LOST 2

/* The value; 0 if it was never incremented. name: a valid one (abi/name.h). */
TEE_Result persistent_counter_read(const char *app, const char *name, int64_t *value) __attribute__((warn_unused_result));

/* Adds `by`, above 0. TEE_ERROR_OVERFLOW: there is no such value; TEE_ERROR_SHORT_BUFFER: LUATEE_COUNTERS_MAX counters
 * are there, and this one is not. */
TEE_Result persistent_counter_add(const char *app, const char *name, int64_t by, int64_t *value)
    __attribute__((warn_unused_result));

/* Gives a lost counter a value; TEE_ERROR_BAD_STATE: it is not lost. Otherwise as persistent_counter_add. */
TEE_Result persistent_counter_restart(const char *app, const char *name, int64_t value) __attribute__((warn_unused_result));

#endif
