/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/progress.h"

#include <stddef.h>

#define STEP_MILLISECONDS 400 /* the charge for a step of work, as a wait of that time costs */

static struct {
    progress_hook hook;
    void *context;
} caller;

void progress_set_hook(progress_hook hook, void *context)
{
    caller.hook = hook;
    caller.context = context;
}

bool progress_waited(uint32_t milliseconds)
{
    return !caller.hook || caller.hook(caller.context, milliseconds);
}

bool progress_wanted(void)
{
    return progress_waited(0);
}

bool progress_step(void)
{
    return progress_waited(STEP_MILLISECONDS);
}
