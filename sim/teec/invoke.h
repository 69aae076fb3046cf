/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TEEC_INVOKE_H
#define SIM_TEEC_INVOKE_H

#include "sim/teec/session.h"

/* Closes a session. Waits for the operation that is running, calls the TA's close entry points, and waits for the end
 * of its process. A dead session is only removed from the table. */
void invoke_close(struct session *session);

#endif
