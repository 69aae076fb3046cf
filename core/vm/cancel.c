/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/cancel.h"

#include <stdbool.h>

#include "tee_internal_api.h"

static uint64_t now(void)
{
    TEE_Time time;
    TEE_GetSystemTime(&time);
    return (uint64_t)time.seconds * 1000 + time.millis;
}

void cancel_begin(struct cancel *c, uint32_t milliseconds)
{
    c->ends_at = milliseconds > 0 ? now() + milliseconds : 0;
}

enum fuel_end cancel_check(const struct cancel *c)
{
    /* Cancellation is masked elsewhere, so that it does not interrupt other waits of the TA (TEE_Wait). A masked
     * cancellation is not lost. */
    (void)TEE_UnmaskCancellation();
    bool cancelled = TEE_GetCancellationFlag();
    (void)TEE_MaskCancellation();
    if (cancelled)
        return FUEL_CANCELLED;
    return c->ends_at > 0 && now() >= c->ends_at ? FUEL_LATE : FUEL_GOES_ON;
}
