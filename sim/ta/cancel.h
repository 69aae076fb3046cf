/* SPDX-License-Identifier: BSD-2-Clause */
/* Cancellation of the running operation. Both the TA's thread and the thread that watches the client call this. */
#ifndef SIM_TA_CANCEL_H
#define SIM_TA_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

/* Begins an operation. It is cancelled already if `cancelled` is set or its sequence number was requested before.
 * Cancellation is masked at first, as GP says for every task. */
void sim_cancel_begin(uint32_t sequence, bool cancelled);

/* Cancels this operation. It may not have begun yet, or may have ended. */
void sim_cancel_request(uint32_t sequence);

/* Cancels the running operation and all later ones, because the client is gone. */
void sim_cancel_all(void);

#endif
