/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA's entry points (GP TEE Internal Core API, section 4.3). They check the parameter types and call
 * core/session. */
#include "abi/commands.h"
#include "core/session/session.h"
#include "tee_internal_api.h"

#define OPEN_TYPES                                                                                                     \
    TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INOUT, TEE_PARAM_TYPE_MEMREF_INPUT, TEE_PARAM_TYPE_NONE, TEE_PARAM_TYPE_NONE)
#define COMMAND_TYPES                                                                                                  \
    TEE_PARAM_TYPES(TEE_PARAM_TYPE_MEMREF_INPUT, TEE_PARAM_TYPE_MEMREF_OUTPUT, TEE_PARAM_TYPE_VALUE_INOUT,             \
                    TEE_PARAM_TYPE_NONE)

/* GP allows a NULL memory reference with any size. Such a reference is rejected unless its size is 0. */
static bool is_memory(const TEE_Param *param)
{
    return param->memref.buffer != NULL || param->memref.size == 0;
}

TEE_Result TA_CreateEntryPoint(void)
{
    return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS], void **context)
{
    if (types != OPEN_TYPES || params[0].value.b != 0 || !is_memory(&params[1]))
        return TEE_ERROR_BAD_PARAMETERS;
    uint32_t version = params[0].value.a;
    params[0].value.a = LUATEE_PROTOCOL_VERSION;
    if (version != LUATEE_PROTOCOL_VERSION)
        return TEE_ERROR_NOT_SUPPORTED;
    struct session *session;
    TEE_Result result = session_open(params[1].memref.buffer, params[1].memref.size, &session);
    if (result == TEE_SUCCESS)
        *context = session;
    return result;
}

void TA_CloseSessionEntryPoint(void *context)
{
    session_close(context);
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    if (types != COMMAND_TYPES || !is_memory(&params[0]) || !is_memory(&params[1]))
        return TEE_ERROR_BAD_PARAMETERS;
    struct session_io io = {
        .in = params[0].memref.buffer,
        .in_size = params[0].memref.size,
        .out = params[1].memref.buffer,
        .out_room = params[1].memref.size,
        .a = params[2].value.a,
        .b = params[2].value.b,
    };
    TEE_Result result = session_command(context, command, &io);
    params[1].memref.size = io.out_size;
    params[2].value.a = io.a;
    params[2].value.b = io.b;
    return result;
}
