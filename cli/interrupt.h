/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C: the first cancels the trusted call that runs; the next, or when none runs, ends the program as usual. */
#ifndef LUATEE_CLI_INTERRUPT_H
#define LUATEE_CLI_INTERRUPT_H

#include "luatee/luatee.h"

/* From here on, for this session. */
void interrupt_watch(luatee_session *session);
/* Before the session is closed. */
void interrupt_forget(void);

#endif
