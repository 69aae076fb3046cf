/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/teec/operation.h"

#include <string.h>

#include "sim/teec/memory.h"

/* A block for temporary references above this size, in bytes, is released after the operation. */
#define SCRATCH_KEEP_MAX ((size_t)1024 * 1024)

/* The low two bits of TEEC_MEMREF_{TEMP,PARTIAL}_* and of TEE_PARAM_TYPE_MEMREF_* are the direction. */
#define DIRECTION_MASK 3u
#define TEE_MEMREF 4u

static uint32_t direction(uint32_t type)
{
    return type & DIRECTION_MASK;
}

/* Sends a memory along with the request, unless the TA process has mapped it or it is on the list already. */
static void attach(struct session *session, const struct block *block, uint32_t flags, struct wire_request *request,
                   int fds[WIRE_PARAMS])
{
    for (uint32_t i = 0; i < request->memory_count; i++)
        if (request->memories[i].id == block->id)
            return;
    if (session_has_mapped(session, block->id))
        return;
    fds[request->memory_count] = block->fd;
    request->memories[request->memory_count++] =
        (struct wire_memory){.size = block->size, .id = block->id, .flags = flags};
}

static TEEC_Result prepare_temporary(struct session *session, int index, uint32_t type,
                                     const TEEC_TempMemoryReference *reference, struct wire_request *request,
                                     int fds[WIRE_PARAMS])
{
    struct block *scratch = &session->scratch[index];

    if (!reference->buffer)
        return reference->size ? TEEC_ERROR_BAD_PARAMETERS : TEEC_SUCCESS;
    if (scratch->base && scratch->size < reference->size) {
        session_mark_released(scratch->id);
        block_destroy(scratch);
    }
    if (!scratch->base && !block_create(scratch, reference->size))
        return TEEC_ERROR_OUT_OF_MEMORY;
    if ((direction(type) & TEEC_MEM_INPUT) && reference->size)
        memcpy(scratch->base, reference->buffer, reference->size);
    attach(session, scratch, TEEC_MEM_INPUT | TEEC_MEM_OUTPUT, request, fds);
    request->params[index].memory = scratch->id;
    request->params[index].size = reference->size;
    return TEEC_SUCCESS;
}

/* Prepares a whole or partial reference. `wanted` is its direction; offset and size are checked against the memory. */
static TEEC_Result prepare_registered(struct session *session, int index, const TEEC_SharedMemory *memory,
                                      uint32_t wanted, size_t offset, size_t size, struct wire_request *request,
                                      int fds[WIRE_PARAMS])
{
    struct block block;
    size_t end;

    if (!memory_block(memory, &block))
        return TEEC_ERROR_BAD_PARAMETERS;
    if (!wanted || (memory->flags & wanted) != wanted)
        return TEEC_ERROR_BAD_PARAMETERS;
    if (__builtin_add_overflow(offset, size, &end) || end > memory->size || end > block.size)
        return TEEC_ERROR_BAD_PARAMETERS;
    if (wanted & TEEC_MEM_INPUT)
        memory_to_shadow(memory, offset, size);
    attach(session, &block, memory->flags & DIRECTION_MASK, request, fds);
    request->params[index].memory = block.id;
    request->params[index].offset = offset;
    request->params[index].size = size;
    return TEEC_SUCCESS;
}

static TEEC_Result prepare_param(struct session *session, const TEEC_Operation *operation, int index,
                                 struct wire_request *request, int fds[WIRE_PARAMS])
{
    uint32_t type = TEEC_PARAM_TYPE_GET(operation->paramTypes, index);
    const TEEC_Parameter *param = &operation->params[index];
    const TEEC_RegisteredMemoryReference *memref = &param->memref;
    uint32_t tee_type = type;
    TEEC_Result result = TEEC_SUCCESS;

    switch (type) {
    case TEEC_NONE:
    case TEEC_VALUE_OUTPUT:
        break;
    case TEEC_VALUE_INPUT:
    case TEEC_VALUE_INOUT:
        request->params[index].a = param->value.a;
        request->params[index].b = param->value.b;
        break;
    case TEEC_MEMREF_TEMP_INPUT:
    case TEEC_MEMREF_TEMP_OUTPUT:
    case TEEC_MEMREF_TEMP_INOUT:
        result = prepare_temporary(session, index, type, &param->tmpref, request, fds);
        break;
    case TEEC_MEMREF_WHOLE:
        if (!memref->parent)
            return TEEC_ERROR_BAD_PARAMETERS;
        tee_type = TEE_MEMREF | direction(memref->parent->flags);
        result = prepare_registered(session, index, memref->parent, direction(memref->parent->flags), 0,
                                    memref->parent->size, request, fds);
        break;
    case TEEC_MEMREF_PARTIAL_INPUT:
    case TEEC_MEMREF_PARTIAL_OUTPUT:
    case TEEC_MEMREF_PARTIAL_INOUT:
        if (!memref->parent)
            return TEEC_ERROR_BAD_PARAMETERS;
        tee_type = TEE_MEMREF | direction(type);
        result = prepare_registered(session, index, memref->parent, direction(type), memref->offset, memref->size,
                                    request, fds);
        break;
    default:
        return TEEC_ERROR_BAD_PARAMETERS;
    }
    request->param_types |= tee_type << (4 * index);
    return result;
}

TEEC_Result operation_prepare(struct session *session, const TEEC_Operation *operation, struct wire_request *request,
                              int fds[WIRE_PARAMS])
{
    TEEC_Result result;

    for (int i = 0; operation && i < WIRE_PARAMS; i++) {
        result = prepare_param(session, operation, i, request, fds);
        if (result != TEEC_SUCCESS)
            return result;
    }
    return TEEC_SUCCESS;
}

/* A size above the buffer's means that the TA needs more room and wrote nothing. */
static void finish_temporary(struct session *session, int index, TEEC_TempMemoryReference *reference, uint64_t size)
{
    if (reference->buffer && size && size <= reference->size)
        memcpy(reference->buffer, session->scratch[index].base, size);
    reference->size = size;
}

static void finish_registered(TEEC_RegisteredMemoryReference *reference, size_t offset, size_t room, uint64_t size)
{
    if (size <= room)
        memory_from_shadow(reference->parent, offset, size);
    reference->size = size;
}

static void finish_param(struct session *session, TEEC_Operation *operation, int index, const struct wire_param *from)
{
    TEEC_Parameter *param = &operation->params[index];

    switch (TEEC_PARAM_TYPE_GET(operation->paramTypes, index)) {
    case TEEC_VALUE_OUTPUT:
    case TEEC_VALUE_INOUT:
        param->value.a = from->a;
        param->value.b = from->b;
        break;
    case TEEC_MEMREF_TEMP_OUTPUT:
    case TEEC_MEMREF_TEMP_INOUT:
        finish_temporary(session, index, &param->tmpref, from->size);
        break;
    case TEEC_MEMREF_WHOLE:
        if (param->memref.parent->flags & TEEC_MEM_OUTPUT)
            finish_registered(&param->memref, 0, param->memref.parent->size, from->size);
        break;
    case TEEC_MEMREF_PARTIAL_OUTPUT:
    case TEEC_MEMREF_PARTIAL_INOUT:
        finish_registered(&param->memref, param->memref.offset, param->memref.size, from->size);
        break;
    default:
        break;
    }
}

void operation_finish(struct session *session, TEEC_Operation *operation, const struct wire_reply *reply)
{
    for (int i = 0; operation && i < WIRE_PARAMS; i++)
        finish_param(session, operation, i, &reply->params[i]);
    for (int i = 0; i < WIRE_PARAMS; i++) {
        if (session->scratch[i].base && session->scratch[i].size > SCRATCH_KEEP_MAX) {
            session_mark_released(session->scratch[i].id);
            block_destroy(&session->scratch[i]);
        }
    }
}
