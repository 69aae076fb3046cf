/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of running operations. TEEC_RequestCancellation finds an operation there by its address. */
#ifndef SIM_TEEC_PENDING_H
#define SIM_TEEC_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "tee_client_api.h"

/* An entry of the list. It is on the stack of the thread that runs the operation. */
struct pending {
    struct pending *next;
    const TEEC_Operation *operation;
    uint32_t sequence;
    int control; /* socket to the TA process; -1 until the request is being sent */
    bool cancelled;
};

/* Adds an operation to the list and assigns a sequence number to it. A NULL operation cannot be cancelled. */
void pending_begin(struct pending *pending, const TEEC_Operation *operation);

/*
 * Announces that the request is sent next: from now on a cancellation goes to the TA process through `control`. Returns
 * true when the operation has been cancelled already; the request must then have `cancelled` set.
 */
bool pending_sending(struct pending *pending, int control);

/* Removes the operation from the list. A second call does nothing. */
void pending_end(struct pending *pending);

#endif
