/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks whether the result of long work is still wanted. Lower layers ask between two steps of a wait, two objects of a
 * list, and two parts of a package or of a long string. The layer that runs calls sets a hook, so that lower layers
 * need not know what a call is. A TA instance runs one command at a time, so there is one hook.
 */
#ifndef LUATEE_CORE_BASE_PROGRESS_H
#define LUATEE_CORE_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Charges the call for `milliseconds` of waiting. Returns false when the call must end. */
typedef bool (*progress_hook)(void *context, uint32_t milliseconds);

/* Sets the hook that the functions below call, and its first argument. NULL, as at first: all work is wanted. */
void progress_set_hook(progress_hook hook, void *context);

/* Returns whether the result is still wanted. Charges nothing. */
bool progress_wanted(void);

/* To be called after a step of work: an object of a list was opened, or a part of a package was decrypted. Charges as
 * much as for a wait of 400 milliseconds. Returns whether the result is still wanted. */
bool progress_step(void);

/* To be called after a wait. Charges for `milliseconds`. Returns whether the result is still wanted. */
bool progress_waited(uint32_t milliseconds);

#endif
