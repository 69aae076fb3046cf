/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/teec/pending.h"

#include <pthread.h>

#include "sim/common/wire.h"
#include "sim/teec/export.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pending *list;
static uint32_t last_sequence;

void pending_begin(struct pending *pending, const TEEC_Operation *operation)
{
    pthread_mutex_lock(&lock);
    *pending = (struct pending){.next = list, .operation = operation, .sequence = ++last_sequence, .control = -1};
    list = pending;
    pthread_mutex_unlock(&lock);
}

bool pending_sending(struct pending *pending, int control)
{
    bool cancelled;

    pthread_mutex_lock(&lock);
    pending->control = control;
    cancelled = pending->cancelled;
    pthread_mutex_unlock(&lock);
    return cancelled;
}

void pending_end(struct pending *pending)
{
    pthread_mutex_lock(&lock);
    for (struct pending **at = &list; *at; at = &(*at)->next) {
        if (*at == pending) {
            *at = pending->next;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
}

TEEC_EXPORT void TEEC_RequestCancellation(TEEC_Operation *operation)
{
    struct wire_cancel cancel = {.version = WIRE_VERSION};

    pthread_mutex_lock(&lock);
    for (struct pending *pending = list; operation && pending; pending = pending->next) {
        if (pending->operation != operation || pending->cancelled)
            continue;
        pending->cancelled = true;
        if (pending->control < 0)
            continue;
        cancel.sequence = pending->sequence;
        /* If this fails the TA process is gone, and the operation ends by itself. */
        (void)wire_send(pending->control, &cancel, sizeof(cancel), NULL, 0);
    }
    pthread_mutex_unlock(&lock);
}
