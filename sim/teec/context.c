/* SPDX-License-Identifier: BSD-2-Clause */
/* TEEC_Context. A context has a number; TEEC_FinalizeContext closes the sessions that carry this number. */
#include <stdatomic.h>
#include <string.h>

#include "sim/teec/context.h"
#include "sim/teec/export.h"
#include "sim/teec/invoke.h"
#include "sim/teec/session.h"

static _Atomic int last_context;

TEEC_EXPORT TEEC_Result TEEC_InitializeContext(const char *name, TEEC_Context *context)
{
    if (!context)
        return TEEC_ERROR_BAD_PARAMETERS;
    if (name && strcmp(name, SIM_TEE_NAME) != 0)
        return TEEC_ERROR_ITEM_NOT_FOUND;
    memset(context, 0, sizeof(*context));
    context->imp.fd = ++last_context;
    context->imp.memref_null = true;
    return TEEC_SUCCESS;
}

/* Closes the sessions that the client left open, as the kernel does when /dev/tee0 is closed. */
TEEC_EXPORT void TEEC_FinalizeContext(TEEC_Context *context)
{
    struct session *session;

    if (!context || !context->imp.fd)
        return;
    while ((session = session_acquire_any(context->imp.fd))) {
        invoke_close(session);
        session_release(session);
    }
    memset(context, 0, sizeof(*context));
}
