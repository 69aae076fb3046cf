/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C. The first SIGINT cancels the running trusted call. The next one, or one while no call runs, ends the program
 * as usual. */
#ifndef LUATEE_CLI_INTERRUPT_H
#define LUATEE_CLI_INTERRUPT_H

#include "luatee/luatee.h"

/* Installs the handler. From here on, SIGINT cancels calls of this session, unless the program ignores SIGINT. */
void interrupt_watch(luatee_session *session);
/* Stops using the session. Call this function before the session is closed. */
void interrupt_forget(void);

#endif
