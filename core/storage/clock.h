/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Persistent time of an app (GP TEE Internal Core API, section 7.2.3). GP has one clock for a TA, which all apps would
 * share, so that one app could change the time of another. So the TA's clock only runs, and each app stores the offset
 * of its own time.
 *
 * The TA's clock is set once, and again after the TEE has lost it. Each time begins an epoch, which has a random number
 * in an object of its own. An offset from another epoch is invalid.
 */
#ifndef LUATEE_CORE_STORAGE_CLOCK_H
#define LUATEE_CORE_STORAGE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "tee_internal_api.h"

/*
 * Gets the app's time in milliseconds, on the scale that the app set it in. Errors: TEE_ERROR_TIME_NOT_SET, the app
 * never set its time; TEE_ERROR_TIME_NEEDS_RESET, the TEE has lost its clock since, or the stored offset or epoch is
 * damaged; errors of object_open() and object_read().
 */
TEE_Result clock_get(const char *app, uint64_t *millis) __attribute__((warn_unused_result));

/* Sets the app's time to `millis` milliseconds, below 2^52. Returns TEE_SUCCESS, or an error of the TEE's storage or
 * clock. */
TEE_Result clock_set(const char *app, uint64_t millis) __attribute__((warn_unused_result));

/* Returns whether the TEE has a persistent clock. */
bool clock_supported(void);

#endif
