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
    char what[8];
    unsigned long at;

    if (!fault || sscanf(fault, "%7s %lu", what, &at) != 2)
        return true;
    steps++;
    if (strcmp(what, "cut") == 0 && steps == at)
        (void)raise(SIGKILL);
    if (strcmp(what, "full") != 0 || steps < at)
        return true;
    errno = ENOSPC;
    return false;
}
