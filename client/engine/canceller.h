/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cancels the command that runs. A call that cannot stop at the end of its slice ends early only if the TEE is asked
 * while the command runs. TEEC_RequestCancellation takes locks, which a signal handler must not do. So each session has
 * a thread that calls it, from the session's first call on.
 */
#ifndef LUATEE_CLIENT_ENGINE_CANCELLER_H
#define LUATEE_CLIENT_ENGINE_CANCELLER_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "client/engine/teec.h"

struct luatee_canceller {
    const struct luatee_teec *teec;
    atomic_int *running; /* of the session; the thread asks while it is LUATEE_CANCELLED */
    sem_t wanted;        /* wakes the thread */
    pthread_t thread;
    pid_t process;             /* that the thread runs in; a child of it has no thread. 0: not started */
    pthread_mutex_t mutex;     /* guards the fields below */
    TEEC_Operation *operation; /* of the command that runs, or NULL */
    bool asked;                /* TEEC_RequestCancellation was called since the last luatee_canceller_asked() */
    bool over;
};

/* Initializes *c, without a thread. */
void luatee_canceller_init(struct luatee_canceller *c, const struct luatee_teec *teec, atomic_int *running);

/* Starts the thread, unless it was started. If the system has no more threads, cancelled calls end with their slice or
 * their fuel. */
void luatee_canceller_start(struct luatee_canceller *c);

/* Ends the thread, and frees everything. No command may run. */
void luatee_canceller_end(struct luatee_canceller *c);

/* Before and after a command. Between the two the operation must stay valid. */
void luatee_canceller_enter(struct luatee_canceller *c, TEEC_Operation *operation);
void luatee_canceller_leave(struct luatee_canceller *c);

/* Wakes the thread, after *running was set to LUATEE_CANCELLED. A signal handler may call it. */
void luatee_canceller_wake(struct luatee_canceller *c);

/* Returns whether the TEE was asked to end a command since the last call of this function. */
bool luatee_canceller_asked(struct luatee_canceller *c);

#endif
