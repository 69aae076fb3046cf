/* SPDX-License-Identifier: BSD-2-Clause */
/* Panic: the end of the TA process. The client sees TEEC_ERROR_TARGET_DEAD. */
#ifndef SIM_TA_PANIC_H
#define SIM_TA_PANIC_H

#include <tee_internal_api.h>

/* Exit statuses of a TA process. */
#define SIM_STATUS_NOT_STARTED_BY_LIBTEEC 2
#define SIM_STATUS_BROKEN 3
#define SIM_STATUS_PANIC 70
#define SIM_STATUS_CLIENT_GONE 71

/* Ends the TA process and logs `function` and `why`, for the person who looks for the mistake in the TA. */
_Noreturn void sim_panic(TEE_Result code, const char *function, const char *why);

/* Panic with TEE_ERROR_BAD_PARAMETERS or TEE_ERROR_BAD_STATE, in the name of the calling function, unless `ok`. */
#define sim_require(ok, why) \
    do { \
        if (!(ok)) \
            sim_panic(TEE_ERROR_BAD_PARAMETERS, __func__, why); \
    } while (0)
#define sim_require_state(ok, why) \
    do { \
        if (!(ok)) \
            sim_panic(TEE_ERROR_BAD_STATE, __func__, why); \
    } while (0)

#endif
