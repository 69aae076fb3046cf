/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static luatee_session *volatile watched;
/* Keeps the session open while receive() uses it. handle() needs no lock: it runs on the thread that closes the
 * session. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Handles one SIGINT: handle() or receive() calls this function, whichever gets the signal. */
static void interrupted(void)
{
    luatee_session *session = watched;
    if (session != NULL && luatee_cancel(session))
        return;
    (void)signal(SIGINT, SIG_DFL);
    (void)kill(getpid(), SIGINT); /* ends the program at once, or when the handler has returned */
}

static void handle(int number)
{
    (void)number;
    interrupted();
}

/*
 * While the TEE runs a command, Linux does not deliver signals to the calling thread. This thread reads them from a
 * signalfd instead. SIGINT stays unblocked in the calling thread: programs that the script starts inherit its mask.
 */
static void *receive(void *context)
{
    const int *descriptor = context;
    struct signalfd_siginfo received;
    while (read(*descriptor, &received, sizeof(received)) == (ssize_t)sizeof(received)) {
        (void)pthread_mutex_lock(&mutex);
        interrupted();
        (void)pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

/* Starts receive() on a thread that lives as long as the program. Without the thread, Ctrl-C takes effect only at the
 * end of the TEE's command. */
static void start_receiving(void)
{
    static int descriptor;
    pthread_t thread;
    sigset_t one, all, before;
    (void)sigemptyset(&one);
    (void)sigaddset(&one, SIGINT);
    descriptor = signalfd(-1, &one, SFD_CLOEXEC);
    if (descriptor < 0)
        return;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, receive, &descriptor) == 0)
        (void)pthread_detach(thread);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void interrupt_watch(luatee_session *session)
{
    struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
    struct sigaction before;
    (void)sigemptyset(&action.sa_mask);
    watched = session;
    /* nohup, and `&` in scripts, start programs with SIGINT ignored: it stays ignored. */
    if (sigaction(SIGINT, NULL, &before) != 0 || before.sa_handler == SIG_IGN)
        return;
    (void)sigaction(SIGINT, &action, NULL);
    start_receiving();
}

void interrupt_forget(void)
{
    (void)pthread_mutex_lock(&mutex);
    watched = NULL;
    (void)pthread_mutex_unlock(&mutex);
}
