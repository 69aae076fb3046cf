/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/teec/memory.h"

#include <string.h>

#include "sim/teec/export.h"
#include "sim/teec/session.h"

/* TEEC_SharedMemory.imp.flags */
#define KIND_ALLOCATED 0x616c6c6fu
#define KIND_REGISTERED 0x72656769u

#define ANY_DIRECTION ((uint32_t)(TEEC_MEM_INPUT | TEEC_MEM_OUTPUT))

static bool flags_valid(uint32_t flags)
{
    return flags && !(flags & ~ANY_DIRECTION);
}

static void remember(TEEC_SharedMemory *memory, const struct block *block, uint32_t kind)
{
    memory->imp.id = (int)block->id;
    memory->imp.alloced_size = block->size;
    memory->imp.registered_fd = block->fd;
    memory->imp.shadow_buffer = block->base;
    memory->imp.flags = kind;
}

bool memory_block(const TEEC_SharedMemory *memory, struct block *block)
{
    if (memory->imp.flags != KIND_ALLOCATED && memory->imp.flags != KIND_REGISTERED)
        return false;
    *block = (struct block){.base = memory->imp.shadow_buffer,
                            .size = memory->imp.alloced_size,
                            .id = (uint32_t)memory->imp.id,
                            .fd = memory->imp.registered_fd};
    return true;
}

void memory_to_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n)
{
    if (memory->imp.flags == KIND_REGISTERED && n)
        memcpy((uint8_t *)memory->imp.shadow_buffer + offset, (const uint8_t *)memory->buffer + offset, n);
}

void memory_from_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n)
{
    if (memory->imp.flags == KIND_REGISTERED && n)
        memcpy((uint8_t *)memory->buffer + offset, (const uint8_t *)memory->imp.shadow_buffer + offset, n);
}

TEEC_EXPORT TEEC_Result TEEC_AllocateSharedMemory(TEEC_Context *context, TEEC_SharedMemory *memory)
{
    struct block block;

    if (!context || !memory || !flags_valid(memory->flags))
        return TEEC_ERROR_BAD_PARAMETERS;
    if (!block_create(&block, memory->size))
        return TEEC_ERROR_OUT_OF_MEMORY;
    remember(memory, &block, KIND_ALLOCATED);
    memory->buffer = block.base;
    return TEEC_SUCCESS;
}

/* The client's pages cannot be mapped into another process, so the TA gets a shadow of them. */
TEEC_EXPORT TEEC_Result TEEC_RegisterSharedMemory(TEEC_Context *context, TEEC_SharedMemory *memory)
{
    struct block block;

    if (!context || !memory || !flags_valid(memory->flags) || (!memory->buffer && memory->size))
        return TEEC_ERROR_BAD_PARAMETERS;
    if (!block_create(&block, memory->size))
        return TEEC_ERROR_OUT_OF_MEMORY;
    remember(memory, &block, KIND_REGISTERED);
    return TEEC_SUCCESS;
}

TEEC_EXPORT void TEEC_ReleaseSharedMemory(TEEC_SharedMemory *memory)
{
    struct block block;

    if (!memory || !memory_block(memory, &block))
        return;
    session_mark_released(block.id);
    block_destroy(&block);
    if (memory->imp.flags == KIND_ALLOCATED) {
        memory->buffer = NULL;
        memory->size = 0;
    }
    memset(&memory->imp, 0, sizeof(memory->imp));
    memory->imp.registered_fd = -1;
}
