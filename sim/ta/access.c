/* SPDX-License-Identifier: BSD-2-Clause */
/* TEE_CheckMemoryAccessRights, and the instance data. */
#include <inttypes.h>
#include <stdio.h>
#include <tee_internal_api.h>

#include "sim/ta/memory.h"
#include "sim/ta/params.h"

static const void *instance_data;

void TEE_SetInstanceData(const void *data)
{
    instance_data = data;
}

const void *TEE_GetInstanceData(void)
{
    return instance_data;
}

/* Reads from the kernel what is mapped. The lines of /proc/self/maps are in the order of their addresses. */
static bool is_mapped(uint32_t flags, uintptr_t begin, uintptr_t end)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    uintptr_t first, after;
    char line[512];
    char rights[5];

    if (!maps)
        return false;
    while (begin < end && fgets(line, sizeof(line), maps)) {
        /* NOLINTNEXTLINE(cert-err34-c): the kernel writes addresses that fit. */
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &first, &after, rights) != 3)
            continue;
        if (after <= begin)
            continue;
        if (first > begin)
            break;
        if ((flags & TEE_MEMORY_ACCESS_READ) && rights[0] != 'r')
            break;
        if ((flags & TEE_MEMORY_ACCESS_WRITE) && rights[1] != 'w')
            break;
        begin = after;
    }
    fclose(maps);
    return begin >= end;
}

TEE_Result TEE_CheckMemoryAccessRights(uint32_t flags, void *buffer, size_t size)
{
    uintptr_t end;

    if (!size)
        return TEE_SUCCESS;
    if (__builtin_add_overflow((uintptr_t)buffer, size, &end))
        return TEE_ERROR_ACCESS_DENIED;
    if (!is_mapped(flags, (uintptr_t)buffer, end))
        return TEE_ERROR_ACCESS_DENIED;
    if (!sim_params_allow(flags, buffer, size))
        return TEE_ERROR_ACCESS_DENIED;
    if (sim_memory_location(buffer, size) == SIM_MEMORY_NOT_ALLOCATED)
        return TEE_ERROR_ACCESS_DENIED;
    return TEE_SUCCESS;
}
