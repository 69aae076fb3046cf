/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens a session, invokes a command, closes: each is one request to the TA process and one reply. */
#include "sim/teec/invoke.h"

#include <string.h>

#include "sim/common/log.h"
#include "sim/teec/export.h"
#include "sim/teec/identity.h"
#include "sim/teec/operation.h"
#include "sim/teec/pending.h"

/* Reports an error of the API itself: no request was sent. */
static TEEC_Result api_error(TEEC_Result result, uint32_t *origin)
{
    *origin = TEEC_ORIGIN_API;
    return result;
}

static TEEC_Result target_dead(uint32_t *origin)
{
    *origin = TEEC_ORIGIN_TEE;
    return TEEC_ERROR_TARGET_DEAD;
}

/* Asks the TA process to unmap the memories that the client has released. */
static bool send_released(struct session *session)
{
    struct wire_request request = {.version = WIRE_VERSION, .kind = WIRE_FORGET};

    while ((request.forget = session_next_released(session)))
        if (wire_send(session->process.command, &request, sizeof(request), NULL, 0) < 0)
            return false;
    return true;
}

static bool send_request(struct session *session, struct pending *pending, struct wire_request *request, const int *fds)
{
    if (!send_released(session))
        return false;
    request->version = WIRE_VERSION;
    request->sequence = pending->sequence;
    request->cancelled = pending_sending(pending, session->process.control);
    if (wire_send(session->process.command, request, sizeof(*request), fds, request->memory_count) < 0)
        return false;
    for (uint32_t i = 0; i < request->memory_count; i++)
        if (!session_add_mapped(session, request->memories[i].id))
            return false;
    return true;
}

/* Sends the request and waits for its reply. The caller holds session->busy. */
static TEEC_Result transact(struct session *session, struct pending *pending, struct wire_request *request,
                            const int *fds, struct wire_reply *reply, uint32_t *origin)
{
    int got = -1;

    if (session->dead)
        return target_dead(origin);
    if (send_request(session, pending, request, fds))
        got = wire_receive(session->process.command, reply, sizeof(*reply), NULL, NULL);
    /* TEEC_RequestCancellation uses the control socket of a listed operation, so delist before it can be closed. */
    pending_end(pending);
    if (got == 1 && reply->version == WIRE_VERSION && reply->sequence == pending->sequence) {
        *origin = reply->origin;
        return reply->result;
    }
    /* The process ended or sent a wrong reply: neither can serve another request. */
    session_kill(session);
    if (got != 1)
        return target_dead(origin);
    sim_log("session %u: the TA process sent a reply of another protocol version; rebuild the TA and libteec.so.2 "
            "together",
            session->id);
    *origin = TEEC_ORIGIN_COMMS;
    return TEEC_ERROR_COMMUNICATION;
}

/* Runs one operation for TEEC_OpenSession and TEEC_InvokeCommand. Copies the reply's outputs to the client even when
 * the result is an error. */
static TEEC_Result run(struct session *session, struct wire_request *request, TEEC_Operation *operation,
                       uint32_t *origin)
{
    int fds[WIRE_PARAMS];
    struct pending pending;
    struct wire_reply reply;
    TEEC_Result result;

    pending_begin(&pending, operation);
    pthread_mutex_lock(&session->busy);
    if (session->closed) {
        *origin = TEEC_ORIGIN_COMMS;
        result = TEEC_ERROR_BAD_PARAMETERS;
        goto out;
    }
    result = operation_prepare(session, operation, request, fds);
    if (result != TEEC_SUCCESS) {
        *origin = TEEC_ORIGIN_API;
        goto out;
    }
    result = transact(session, &pending, request, fds, &reply, origin);
    if (!session->dead)
        operation_finish(session, operation, &reply);
out:
    pending_end(&pending);
    pthread_mutex_unlock(&session->busy);
    return result;
}

/* Drops a session that could not be opened. A TA that rejected it ends by itself after its reply. */
static void abandon(struct session *session)
{
    pthread_mutex_lock(&session->busy);
    if (!session->dead)
        ta_process_stop(&session->process, false);
    session->dead = true;
    session_close(session);
    pthread_mutex_unlock(&session->busy);
}

TEEC_EXPORT TEEC_Result TEEC_OpenSession(TEEC_Context *context, TEEC_Session *session, const TEEC_UUID *destination,
                                         uint32_t login, const void *login_data, TEEC_Operation *operation,
                                         uint32_t *return_origin)
{
    struct wire_request request = {.kind = WIRE_OPEN, .login = login};
    uint32_t unwanted;
    uint32_t *origin = return_origin ? return_origin : &unwanted;
    struct ta_process process;
    struct session *opened;
    TEEC_Result result;

    if (!context || !context->imp.fd || !session || !destination)
        return api_error(TEEC_ERROR_BAD_PARAMETERS, origin);
    memset(&session->imp, 0, sizeof(session->imp));
    result = identity_from_login(login, login_data, &request.client);
    if (result != TEEC_SUCCESS)
        return api_error(result, origin);
    memcpy(&request.target, destination, sizeof(request.target));
    result = ta_process_start(&process, destination);
    if (result != TEEC_SUCCESS) {
        *origin = TEEC_ORIGIN_TEE;
        return result;
    }
    opened = session_create(context->imp.fd, &process);
    if (!opened) {
        ta_process_stop(&process, true);
        return api_error(TEEC_ERROR_OUT_OF_MEMORY, origin);
    }
    result = run(opened, &request, operation, origin);
    if (result != TEEC_SUCCESS) {
        abandon(opened);
    } else {
        session->imp.ctx = context;
        session->imp.session_id = opened->id;
    }
    session_release(opened);
    return result;
}

TEEC_EXPORT TEEC_Result TEEC_InvokeCommand(TEEC_Session *session, uint32_t command, TEEC_Operation *operation,
                                           uint32_t *return_origin)
{
    struct wire_request request = {.kind = WIRE_INVOKE, .command = command};
    uint32_t unwanted;
    uint32_t *origin = return_origin ? return_origin : &unwanted;
    struct session *open;
    TEEC_Result result;

    if (!session)
        return api_error(TEEC_ERROR_BAD_PARAMETERS, origin);
    open = session_acquire(session->imp.session_id);
    if (!open) {
        *origin = TEEC_ORIGIN_COMMS;
        return TEEC_ERROR_BAD_PARAMETERS;
    }
    result = run(open, &request, operation, origin);
    session_release(open);
    return result;
}

void invoke_close(struct session *session)
{
    struct wire_request request = {.kind = WIRE_CLOSE};
    struct wire_reply reply;
    struct pending pending;
    uint32_t origin;

    pending_begin(&pending, NULL);
    pthread_mutex_lock(&session->busy);
    if (!session->dead && !session->closed) {
        (void)transact(session, &pending, &request, NULL, &reply, &origin);
        if (!session->dead)
            ta_process_stop(&session->process, false);
        session->dead = true;
    }
    session_close(session);
    pending_end(&pending);
    pthread_mutex_unlock(&session->busy);
}

TEEC_EXPORT void TEEC_CloseSession(TEEC_Session *session)
{
    struct session *open;

    if (!session)
        return;
    open = session_acquire(session->imp.session_id);
    if (!open)
        return;
    invoke_close(open);
    session_release(open);
    memset(&session->imp, 0, sizeof(session->imp));
}
