/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Long work asks here whether its result is still wanted: between two steps of a wait, two objects of a list, two parts
 * of a package or of a long string. Whoever runs a call sets the hook, so that lower layers need not know what a call
 * is. A TA instance runs one command at a time, so there is one hook.
 */
#ifndef LUATEE_CORE_BASE_PROGRESS_H
#define LUATEE_CORE_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Charges the call for `milliseconds` of waiting. Returns false when the call must end. */
typedef bool (*progress_hook)(void *context, uint32_t milliseconds);

/* Sets the hook that the functions below call; NULL, as in the beginning: all work is wanted. */
void progress_set_hook(progress_hook hook, void *context);

/* Each returns whether the result is still wanted. */

/* Charges nothing. */
bool progress_wanted(void);

/* One step of many is done: an object of a list was opened, or a part of a package was decrypted. Charges as much as
 * for a wait of 400 milliseconds. */
bool progress_step(void);

/* The work waited for `milliseconds`. */
bool progress_waited(uint32_t milliseconds);

#endif
