/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/canceller.h"

#include <limits.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "client/engine/session.h"

/* The thread calls libteec and nothing else. */
#define STACK_SIZE ((size_t)128 * 1024)

/* A command that is about to begin ignores the request: the thread asks again after this time. */
#define AGAIN_NS (10l * 1000 * 1000)

static void pause_shortly(void)
{
    const struct timespec time = { .tv_nsec = AGAIN_NS };
    (void)nanosleep(&time, NULL);
}

/* Asks the TEE to end the command, while CANCEL is not sent yet. Returns whether to ask again. The caller holds the
 * lock, so that the operation stays valid. */
static bool ask(struct luatee_canceller *c)
{
    if (c->over || c->operation == NULL || atomic_load(c->running) != LUATEE_CANCELLED)
        return false;
    c->teec->request_cancellation(c->operation);
    c->asked = true;
    return true;
}

static void *run(void *context)
{
    struct luatee_canceller *c = context;
    bool over = false;
    while (!over) {
        while (sem_wait(&c->wanted) != 0)
            continue;
        bool again = true;
        while (again) {
            (void)pthread_mutex_lock(&c->mutex);
            again = ask(c);
            over = c->over;
            (void)pthread_mutex_unlock(&c->mutex);
            if (again)
                pause_shortly();
        }
    }
    return NULL;
}

void luatee_canceller_init(struct luatee_canceller *c, const struct luatee_teec *teec, atomic_int *running)
{
    *c = (struct luatee_canceller){ .teec = teec, .running = running };
    (void)sem_init(&c->wanted, 0, 0);
    (void)pthread_mutex_init(&c->mutex, NULL);
}

/* Blocks all signals in the thread: they are for the program's own threads. */
static int create(struct luatee_canceller *c, const pthread_attr_t *attributes)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&c->thread, attributes, run, c);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

void luatee_canceller_start(struct luatee_canceller *c)
{
    pthread_attr_t attributes;
    if (c->process != 0 || pthread_attr_init(&attributes) != 0)
        return;
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (create(c, &attributes) == 0)
        c->process = getpid();
    (void)pthread_attr_destroy(&attributes);
}

void luatee_canceller_end(struct luatee_canceller *c)
{
    if (c->process == getpid()) {
        (void)pthread_mutex_lock(&c->mutex);
        c->over = true;
        (void)pthread_mutex_unlock(&c->mutex);
        luatee_canceller_wake(c);
        (void)pthread_join(c->thread, NULL);
    }
    (void)pthread_mutex_destroy(&c->mutex);
    (void)sem_destroy(&c->wanted);
}

void luatee_canceller_enter(struct luatee_canceller *c, TEEC_Operation *operation)
{
    (void)pthread_mutex_lock(&c->mutex);
    c->operation = operation;
    (void)pthread_mutex_unlock(&c->mutex);
    /* luatee_cancel() came before the command: the thread found no operation then. */
    if (atomic_load(c->running) == LUATEE_CANCELLED)
        luatee_canceller_wake(c);
}

void luatee_canceller_leave(struct luatee_canceller *c)
{
    (void)pthread_mutex_lock(&c->mutex);
    c->operation = NULL;
    (void)pthread_mutex_unlock(&c->mutex);
}

void luatee_canceller_wake(struct luatee_canceller *c)
{
    (void)sem_post(&c->wanted);
}

bool luatee_canceller_asked(struct luatee_canceller *c)
{
    (void)pthread_mutex_lock(&c->mutex);
    bool asked = c->asked;
    c->asked = false;
    (void)pthread_mutex_unlock(&c->mutex);
    return asked;
}
