/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a session, for the files of core/session alone. */
#ifndef LUATEE_CORE_SESSION_STATE_H
#define LUATEE_CORE_SESSION_STATE_H

#include "core/sandbox/sandbox.h"
#include "core/session/message_buffer.h"
#include "core/session/session.h"
#include "core/vm/call.h"

struct session {
    struct alloc *alloc; /* all memory of the session, this structure included */
    struct vm *vm;
    struct sandbox sandbox;
    struct message_buffer messages;
    uint64_t fuel_max, memory_max; /* the host's own limits: the lower of these and the manifest's apply */
    char app[LUATEE_NAME_MAX + 1];
};

/* Applies the lower of the manifest's and the host's limits, after either has changed. */
void session_apply_limits(struct session *s);

#endif
