/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks whether the host still wants the running call. The host decides at the end of each slice. Where the call
 * cannot stop for that (see fuel.h), the TEE checks two things itself: whether the command was cancelled (GP TEE
 * Internal Core API, section 4.10), and whether the deadline that the host sent with the command is over.
 */
#ifndef LUATEE_CORE_VM_CANCEL_H
#define LUATEE_CORE_VM_CANCEL_H

#include <stdint.h>

#include "core/vm/fuel.h"

struct cancel {
    uint64_t ends_at; /* milliseconds of the TEE's system time; 0: never */
};

/* Starts the deadline of a command that runs scripts. milliseconds: from now on; 0: no deadline. */
void cancel_begin(struct cancel *c, uint32_t milliseconds);

/* Returns the reason why the call must end, or FUEL_GOES_ON. Makes several calls of the TEE: suitable for each part of
 * a slice, too slow for each instruction. */
enum fuel_end cancel_check(const struct cancel *c);

#endif
