/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/ta/storage_fault.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sim_storage_step(void)
{
    static unsigned long steps;
    const char *fault = secure_getenv("LUATEE_SIM_STORAGE_FAULT");
    const char *space = fault ? strchr(fault, ' ') : NULL;
    unsigned long at;

    if (!space)
        return true;
    at = strtoul(space, NULL, 10);
    steps++;
    if (strncmp(fault, "cut ", 4) == 0 && steps == at)
        (void)raise(SIGKILL);
    if (strncmp(fault, "full ", 5) != 0 || steps < at)
        return true;
    errno = ENOSPC;
    return false;
}
