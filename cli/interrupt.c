/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static luatee_session *volatile watched;

static void handle(int number)
{
    luatee_session *session = watched;
    if (session != NULL && luatee_cancel(session))
        return;
    (void)signal(number, SIG_DFL);
    (void)raise(number); /* it is blocked until we return */
}

void interrupt_watch(luatee_session *session)
{
    struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
    struct sigaction before;
    (void)sigemptyset(&action.sa_mask);
    watched = session;
    /* Who started us may have us ignore it, as nohup and `&` in scripts do. */
    if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(SIGINT, &action, NULL);
}

void interrupt_forget(void)
{
    watched = NULL;
}
