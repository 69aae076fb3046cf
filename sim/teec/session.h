/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of this process's sessions. A TEEC_Session holds the id of its entry. */
#ifndef SIM_TEEC_SESSION_H
#define SIM_TEEC_SESSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/common/wire.h"
#include "sim/teec/block.h"
#include "sim/teec/process.h"

/* A memory that the TA process has mapped. `released`: the client has released it, and WIRE_FORGET is not sent yet. */
struct mapped_memory {
    uint32_t id;
    bool released;
};

struct session {
    struct session *next;
    uint32_t id;
    uint32_t references;
    int context;
    bool closed;

    pthread_mutex_t busy; /* held during an operation: one at a time, as on the device; guards the next three */
    struct ta_process process;
    bool dead;                         /* the TA panicked or its process ended: `process` must not be used */
    struct block scratch[WIRE_PARAMS]; /* for temporary memory references, kept between operations */

    struct mapped_memory *mapped; /* these three are guarded by the table's lock */
    size_t mapped_count;
    size_t mapped_room;
};

/* Adds a session for a started process to the table, and takes one reference for the caller. Returns NULL when there is
 * no memory; the process then stays the caller's. */
struct session *session_create(int context, const struct ta_process *process);

/* Finds an open session and takes a reference. Returns NULL when no open session has this id. */
struct session *session_acquire(uint32_t id);

/* Returns any open session of a context and takes a reference; NULL when none is left. */
struct session *session_acquire_any(int context);

/* Drops a reference. The last one of a closed session frees it. */
void session_release(struct session *session);

/* Removes the session from the table, so that it cannot be acquired again. */
void session_close(struct session *session);

/* Kills the TA process and marks the session as dead. Does nothing to a dead one. The caller holds `busy`. */
void session_kill(struct session *session);

/* Whether the TA process has mapped this memory. */
bool session_has_mapped(struct session *session, uint32_t memory);

/* Records that the TA process has mapped this memory. Returns false when there is no memory. */
bool session_add_mapped(struct session *session, uint32_t memory);

/* Marks a memory as released in every session whose TA process has mapped it. */
void session_mark_released(uint32_t memory);

/* Removes one released memory from the list. Returns its id, or 0 when there is none. */
uint32_t session_next_released(struct session *session);

#endif
