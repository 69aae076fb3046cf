/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Persistent time of an app (GP TEE Internal Core API, section 7.2.3). GP gives a TA one clock, which all apps would
 * share, so that one could turn it under the feet of another. Here the TA's clock only runs, and each app keeps in
 * secure storage by how much its own differs.
 *
 * The TA's clock is set when the TEE has lost it, or never had it. That begins an epoch, a random number in an object
 * of its own: what an app noted in another epoch means nothing in this one.
 */
#ifndef LUATEE_CORE_STORAGE_CLOCK_H
#define LUATEE_CORE_STORAGE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "tee_internal_api.h"

/*
 * Milliseconds since whatever the app takes for the beginning of time. Errors: TEE_ERROR_TIME_NOT_SET, the app never
 * set it; TEE_ERROR_TIME_NEEDS_RESET, it did, and the TEE has lost its clock since, or what the app noted is damaged;
 * what the TEE's storage returns.
 */
TEE_Result clock_get(const char *app, uint64_t *millis) __attribute__((warn_unused_result));

/* From now on it is `millis` (below 2^52), and goes on from there. Errors: what the TEE's storage or its clock
 * returns. */
TEE_Result clock_set(const char *app, uint64_t millis) __attribute__((warn_unused_result));

/* Whether the TEE has such a clock at all. */
bool clock_supported(void);

#endif
