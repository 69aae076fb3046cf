/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether the host still wants the running call. At the end of a slice it is asked; where the call cannot stop for that
 * (see fuel.h), the TEE looks by itself: for a cancellation of the command (GP TEE Internal Core API, section 4.10),
 * and for the end of the time that the host gave with the command.
 */
#ifndef LUATEE_CORE_VM_CANCEL_H
#define LUATEE_CORE_VM_CANCEL_H

#include <stdint.h>

#include "core/vm/fuel.h"

struct cancel {
    uint64_t ends_at; /* milliseconds of the TEE's system time; 0: never */
};

/* A command that runs scripts begins. milliseconds: until its call is late; 0: that is never. */
void cancel_begin(struct cancel *c, uint32_t milliseconds);

/* Why the call must end, or FUEL_GOES_ON. Takes some calls of the TEE: for each part of a slice, not for each
 * instruction. */
enum fuel_end cancel_look(const struct cancel *c);

#endif
