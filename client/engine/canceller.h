/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call that cannot stop at the end of its slice does not hear of luatee_cancel() before it is done: the TEE has to be
 * told while the command runs. TEEC_RequestCancellation takes locks, which a signal handler must not; so a thread of
 * the session's own waits to do that. A session has it from its first call on.
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
    atomic_int *running; /* slice.c; the thread asks while it is LUATEE_CANCELLED */
    sem_t wanted;        /* wakes the thread */
    pthread_t thread;
    pid_t process;       /* where the thread is: not in a child of that process; 0: there is none */
    pthread_mutex_t mutex; /* guards what follows */
    TEEC_Operation *operation; /* of the command under way, or NULL */
    bool asked; /* for the end of a command, since luatee_canceller_asked() was called */
    bool over;
};

void luatee_canceller_init(struct luatee_canceller *c, const struct luatee_teec *teec, atomic_int *running);

/* Starts the thread, unless it runs. Without one, because there are too many, calls end with their slice or their
 * fuel. */
void luatee_canceller_start(struct luatee_canceller *c);

/* No command is under way. */
void luatee_canceller_end(struct luatee_canceller *c);

/* Around a command. Between the two the operation stays where it is. */
void luatee_canceller_enter(struct luatee_canceller *c, TEEC_Operation *operation);
void luatee_canceller_leave(struct luatee_canceller *c);

/* After *running was set to LUATEE_CANCELLED. For signal handlers, too. */
void luatee_canceller_wake(struct luatee_canceller *c);

/* Whether the TEE was asked to end a command since the last time. */
bool luatee_canceller_asked(struct luatee_canceller *c);

#endif
