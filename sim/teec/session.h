/* SPDX-License-Identifier: BSD-2-Clause */
/* The sessions of this process, by the id that a TEEC_Session holds. */
#ifndef SIM_TEEC_SESSION_H
#define SIM_TEEC_SESSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/common/wire.h"
#include "sim/teec/block.h"
#include "sim/teec/process.h"

/* A memory that the TA process has mapped; stale once the client released it and the TA process was not told yet. */
struct known_memory {
    uint32_t id;
    bool stale;
};

struct session {
    struct session *next;
    uint32_t id;
    uint32_t references;
    int context;
    bool closed;

    pthread_mutex_t busy; /* held during an operation: one at a time, as on the device; guards what follows */
    struct ta_process process;
    bool dead;                         /* the TA panicked or its process ended; `process` is void */
    struct block scratch[WIRE_PARAMS]; /* for temporary memory references, kept from one operation to the next */

    struct known_memory *known; /* these three: under the table's lock */
    size_t known_count;
    size_t known_room;
};

/* Registers a session for a started process, with one reference for the caller. NULL: no memory. */
struct session *session_create(int context, const struct ta_process *process);

/* Finds an open session and takes a reference. NULL: there is none with this id. */
struct session *session_acquire(uint32_t id);

/* Any open session of a context, with a reference; NULL when there is none left. */
struct session *session_acquire_any(int context);

/* Gives a reference back. The last one of a closed session frees it. */
void session_release(struct session *session);

/* Takes it out of the table: nobody can acquire it any more. */
void session_close(struct session *session);

/* The TA process is gone or must go: ends it and remembers. Needs `busy`. */
void session_kill(struct session *session);

/* Does the TA process have this memory mapped? */
bool session_knows(struct session *session, uint32_t memory);

/* Remembers that it has from now on. False: no memory. */
bool session_learn(struct session *session, uint32_t memory);

/* The client released a memory: marks it stale in every session that knows it. */
void session_forget_everywhere(uint32_t memory);

/* Takes one stale memory off the list. Returns its id; 0 when there is none. */
uint32_t session_next_stale(struct session *session);

#endif
