/* SPDX-License-Identifier: BSD-2-Clause */
/* Serves the one session of this TA instance: receives requests, calls the TA's entry points, sends replies. */
#include "sim/ta/serve.h"

#include <stdlib.h>
#include <string.h>
#include <tee_internal_api.h>

#include "sim/common/log.h"
#include "sim/common/wire.h"
#include "sim/ta/cancel.h"
#include "sim/ta/cleanup.h"
#include "sim/ta/header.h"
#include "sim/ta/panic.h"
#include "sim/ta/params.h"
#include "sim/ta/property.h"

struct instance {
    bool created;
    bool open;
    void *session;
};

/* Makes a reply with an error of the TEE itself, for which the TA is not called. */
static void tee_error(struct wire_reply *reply, TEE_Result result)
{
    reply->result = result;
    reply->origin = TEE_ORIGIN_TEE;
}

static TEE_Result open_session(struct instance *instance, const struct wire_request *request, TEE_Param *params)
{
    TEE_Result result = TA_CreateEntryPoint();

    if (result != TEE_SUCCESS)
        return result;
    instance->created = true;
    result = TA_OpenSessionEntryPoint(request->param_types, params, &instance->session);
    instance->open = result == TEE_SUCCESS;
    return result;
}

/* Calls the TA. The origin is always the TA: as in OP-TEE, also when TA_CreateEntryPoint returned the error. */
static void call(struct instance *instance, const struct wire_request *request, struct wire_reply *reply)
{
    TEE_Param params[TEE_NUM_PARAMS];

    if (!sim_params_begin(request, params)) {
        tee_error(reply, TEE_ERROR_BAD_PARAMETERS);
        return;
    }
    sim_cancel_begin(request->sequence, request->cancelled != 0);
    reply->origin = TEE_ORIGIN_TRUSTED_APP;
    if (request->kind == WIRE_OPEN)
        reply->result = open_session(instance, request, params);
    else
        reply->result = TA_InvokeCommandEntryPoint(instance->session, request->command, request->param_types, params);
    sim_params_end(params, reply);
}

static void close_instance(struct instance *instance)
{
    if (instance->open)
        TA_CloseSessionEntryPoint(instance->session);
    if (instance->created)
        TA_DestroyEntryPoint();
    instance->open = instance->created = false;
    sim_cleanup();
}

static bool is_this_ta(const struct wire_request *request)
{
    _Static_assert(sizeof(sim_ta_uuid) == sizeof(request->target), "wire_uuid is a TEE_UUID");
    return memcmp(&sim_ta_uuid, &request->target, sizeof(sim_ta_uuid)) == 0;
}

static void handle(struct instance *instance, const struct wire_request *request, struct wire_reply *reply)
{
    switch (request->kind) {
    case WIRE_OPEN:
        /* The file has the name of another TA. */
        if (instance->created || !is_this_ta(request)) {
            tee_error(reply, TEE_ERROR_SECURITY);
            return;
        }
        sim_property_set_client(request->login, &request->client);
        call(instance, request, reply);
        return;
    case WIRE_INVOKE:
        if (!instance->open) {
            tee_error(reply, TEE_ERROR_BAD_STATE);
            return;
        }
        call(instance, request, reply);
        return;
    case WIRE_CLOSE:
        reply->result = TEE_SUCCESS;
        reply->origin = TEE_ORIGIN_TEE;
        return;
    default:
        tee_error(reply, TEE_ERROR_BAD_PARAMETERS);
    }
}

/* Receives the next request that needs a reply, and maps its memories. Returns as wire_receive does. */
static int next_request(struct wire_request *request)
{
    int fds[WIRE_PARAMS];
    size_t fd_count;
    int got;

    do {
        fd_count = 0;
        got = wire_receive(WIRE_COMMAND_FD, request, sizeof(*request), fds, &fd_count);
        if (got != 1)
            return got;
        if (request->version != WIRE_VERSION || !sim_params_map(request, fds, fd_count))
            return -1;
        if (request->kind == WIRE_FORGET)
            sim_params_forget(request->forget);
    } while (request->kind == WIRE_FORGET);
    return 1;
}

int sim_serve(void)
{
    struct instance instance = {0};
    struct wire_request request;
    struct wire_reply reply;
    bool more;
    int got;

    do {
        got = next_request(&request);
        if (got != 1)
            break;
        memset(&reply, 0, sizeof(reply));
        reply.version = WIRE_VERSION;
        reply.sequence = request.sequence;
        handle(&instance, &request, &reply);
        more = instance.open && request.kind != WIRE_CLOSE;
        /* Closes before it replies: the client must not continue while the TA's close entry points run. */
        if (!more)
            close_instance(&instance);
        if (wire_send(WIRE_COMMAND_FD, &reply, sizeof(reply), NULL, 0) < 0)
            break;
    } while (more);
    close_instance(&instance);
    if (got < 0)
        sim_log("invalid request from libteec.so.2; rebuild it and this TA together");
    return got < 0 ? SIM_STATUS_BROKEN : EXIT_SUCCESS;
}
