/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TEEC_INVOKE_H
#define SIM_TEEC_INVOKE_H

#include "sim/teec/session.h"

/* Closes a session: waits for an operation under way, lets the TA close, and waits for the end of its process. */
void invoke_close(struct session *session);

#endif
