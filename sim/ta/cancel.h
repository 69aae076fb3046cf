/* SPDX-License-Identifier: BSD-2-Clause */
/* Cancellation of the operation under way. The TA's thread and the thread that watches the client meet here. */
#ifndef SIM_TA_CANCEL_H
#define SIM_TA_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

/* An operation begins: not cancelled unless it says so or has been asked to; effects masked, as for every GP task. */
void sim_cancel_begin(uint32_t sequence, bool cancelled);

/* The client asks to cancel this operation. It may not have begun yet, or have ended. */
void sim_cancel_request(uint32_t sequence);

/* The client has gone: whatever is under way, and comes after, is cancelled. */
void sim_cancel_everything(void);

#endif
