/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/panic.h"

#include <unistd.h>

#include "sim/common/log.h"

_Noreturn void sim_panic(TEE_Result code, const char *function, const char *why)
{
    sim_log("panic 0x%08x in %s: %s", code, function, why);
    _exit(SIM_STATUS_PANIC);
}

void TEE_Panic(TEE_Result code)
{
    sim_log("the TA called TEE_Panic(0x%08x)", code);
    _exit(SIM_STATUS_PANIC);
}
