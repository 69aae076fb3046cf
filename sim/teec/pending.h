/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations under way, for TEEC_RequestCancellation: it knows an operation only by its address. */
#ifndef SIM_TEEC_PENDING_H
#define SIM_TEEC_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "tee_client_api.h"

/* Lives on the stack of the thread that runs the operation. */
struct pending {
    struct pending *next;
    const TEEC_Operation *operation;
    uint32_t sequence;
    int control; /* socket to the TA process; -1 until the request is being sent */
    bool cancelled;
};

/* Puts an operation (or NULL, which cannot be cancelled) on the list and gives it a sequence number. */
void pending_begin(struct pending *pending, const TEEC_Operation *operation);

/*
 * The request is about to be sent: from now on a cancellation goes to the TA process through `control`. Returns true
 * when it has been cancelled already; the request must carry that.
 */
bool pending_sending(struct pending *pending, int control);

/* Takes it off the list. Doing so twice is fine. */
void pending_end(struct pending *pending);

#endif
