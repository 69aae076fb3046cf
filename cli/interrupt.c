/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static luatee_session *volatile watched;
/* Keeps the session open while the thread below uses it. The handler does without: it runs on the thread that
 * closes. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Whichever comes first: the signal handler, or the thread. */
static void interrupted(void)
{
    luatee_session *session = watched;
    if (session != NULL && luatee_cancel(session))
        return;
    (void)signal(SIGINT, SIG_DFL);
    (void)kill(getpid(), SIGINT); /* at once, or when the handler has returned */
}

static void handle(int number)
{
    (void)number;
    interrupted();
}

/*
 * While the TEE runs a command, Linux keeps signals for the thread that called from it. A signalfd gets them in its
 * place, with nothing blocked there: programs that the script starts would inherit that.
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

/* Without it, Ctrl-C waits for the end of the TEE's command. The thread lives as long as the program. */
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
    /* Who started us may have us ignore it, as nohup and `&` in scripts do. */
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
