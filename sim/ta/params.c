/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/ta/params.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_ROOM 8u
#define NEEDED_SEALS (F_SEAL_SHRINK | F_SEAL_GROW)

struct mapping {
    uint8_t *base;
    uint64_t size;
    uint32_t id;
    uint32_t flags;
};

static struct mapping *mappings;
static size_t mapping_count;
static size_t mapping_room;

/* The current parameters as the TA received them: changing its own copy does not widen the TA's rights. */
static uint32_t current_types;
static TEE_Param current[TEE_NUM_PARAMS];

static struct mapping *find(uint32_t id)
{
    for (size_t i = 0; i < mapping_count; i++)
        if (mappings[i].id == id)
            return &mappings[i];
    return NULL;
}

/* Checks a received memory. Without the seals the client could shorten it and so kill the TA with SIGBUS. */
static bool is_valid(const struct wire_memory *memory, int fd)
{
    struct stat status;
    int seals = fcntl(fd, F_GET_SEALS);

    return seals >= 0 && (seals & NEEDED_SEALS) == NEEDED_SEALS && fstat(fd, &status) == 0 && memory->size > 0 &&
           memory->size <= SIZE_MAX && (uint64_t)status.st_size == memory->size && memory->id != WIRE_NO_MEMORY &&
           !find(memory->id);
}

static bool reserve(void)
{
    size_t room = mapping_room ? mapping_room * 2 : FIRST_ROOM;
    struct mapping *larger;

    if (mapping_count < mapping_room)
        return true;
    larger = realloc(mappings, room * sizeof(*larger));
    if (!larger)
        return false;
    mappings = larger;
    mapping_room = room;
    return true;
}

static bool map(const struct wire_memory *memory, int fd)
{
    int protection = memory->flags & WIRE_MEMORY_OUTPUT ? PROT_READ | PROT_WRITE : PROT_READ;
    void *base;

    if (!is_valid(memory, fd) || !reserve())
        return false;
    base = mmap(NULL, memory->size, protection, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return false;
    mappings[mapping_count++] =
        (struct mapping){.base = base, .size = memory->size, .id = memory->id, .flags = memory->flags};
    return true;
}

bool sim_params_map(const struct wire_request *request, const int *fds, size_t fd_count)
{
    bool ok = request->memory_count == fd_count && fd_count <= WIRE_PARAMS;

    for (size_t i = 0; i < fd_count; i++) {
        ok = ok && map(&request->memories[i], fds[i]);
        close(fds[i]);
    }
    return ok;
}

void sim_params_forget(uint32_t memory)
{
    struct mapping *mapping = find(memory);

    if (!mapping)
        return;
    munmap(mapping->base, mapping->size);
    *mapping = mappings[--mapping_count];
}

/* The low two bits of a memory reference's type are its direction, with the values of a memory's flags. */
static bool begin_memref(const struct wire_param *from, uint32_t type, TEE_Param *param)
{
    uint32_t direction = type & (WIRE_MEMORY_INPUT | WIRE_MEMORY_OUTPUT);
    struct mapping *mapping;
    uint64_t end;

    if (from->memory == WIRE_NO_MEMORY) {
        param->memref.buffer = NULL;
        param->memref.size = 0;
        return from->size == 0 && from->offset == 0;
    }
    mapping = find(from->memory);
    if (!mapping || (mapping->flags & direction) != direction)
        return false;
    if (__builtin_add_overflow(from->offset, from->size, &end) || end > mapping->size)
        return false;
    param->memref.buffer = mapping->base + from->offset;
    param->memref.size = from->size;
    return true;
}

bool sim_params_begin(const struct wire_request *request, TEE_Param params[TEE_NUM_PARAMS])
{
    current_types = TEE_PARAM_TYPES(0, 0, 0, 0);
    memset(params, 0, sizeof(TEE_Param) * TEE_NUM_PARAMS);
    for (int i = 0; i < TEE_NUM_PARAMS; i++) {
        uint32_t type = TEE_PARAM_TYPE_GET(request->param_types, i);

        switch (type) {
        case TEE_PARAM_TYPE_NONE:
        case TEE_PARAM_TYPE_VALUE_OUTPUT:
            break;
        case TEE_PARAM_TYPE_VALUE_INPUT:
        case TEE_PARAM_TYPE_VALUE_INOUT:
            params[i].value.a = request->params[i].a;
            params[i].value.b = request->params[i].b;
            break;
        case TEE_PARAM_TYPE_MEMREF_INPUT:
        case TEE_PARAM_TYPE_MEMREF_OUTPUT:
        case TEE_PARAM_TYPE_MEMREF_INOUT:
            if (!begin_memref(&request->params[i], type, &params[i]))
                return false;
            break;
        default:
            return false;
        }
    }
    current_types = request->param_types;
    memcpy(current, params, sizeof(current));
    return (request->param_types >> (4 * TEE_NUM_PARAMS)) == 0;
}

void sim_params_end(const TEE_Param params[TEE_NUM_PARAMS], struct wire_reply *reply)
{
    for (int i = 0; i < TEE_NUM_PARAMS; i++) {
        switch (TEE_PARAM_TYPE_GET(current_types, i)) {
        case TEE_PARAM_TYPE_VALUE_OUTPUT:
        case TEE_PARAM_TYPE_VALUE_INOUT:
            reply->params[i].a = params[i].value.a;
            reply->params[i].b = params[i].value.b;
            break;
        case TEE_PARAM_TYPE_MEMREF_OUTPUT:
        case TEE_PARAM_TYPE_MEMREF_INOUT:
            reply->params[i].size = params[i].memref.size;
            break;
        default:
            break;
        }
    }
    current_types = TEE_PARAM_TYPES(0, 0, 0, 0);
}

static bool overlap(const void *left, size_t left_size, const void *right, size_t right_size)
{
    uintptr_t a = (uintptr_t)left;
    uintptr_t b = (uintptr_t)right;

    return a < b + right_size && b < a + left_size;
}

/* Whether a client's buffer may be used: only with TEE_MEMORY_ACCESS_ANY_OWNER, and in the parameter's direction. */
static bool allows(uint32_t flags, uint32_t type)
{
    uint32_t direction = type & (WIRE_MEMORY_INPUT | WIRE_MEMORY_OUTPUT);

    if (!(flags & TEE_MEMORY_ACCESS_ANY_OWNER))
        return false;
    return !(flags & TEE_MEMORY_ACCESS_WRITE) || (direction & WIRE_MEMORY_OUTPUT);
}

bool sim_params_allow(uint32_t flags, const void *buffer, size_t size)
{
    for (int i = 0; i < TEE_NUM_PARAMS; i++) {
        uint32_t type = TEE_PARAM_TYPE_GET(current_types, i);

        if (type < TEE_PARAM_TYPE_MEMREF_INPUT ||
            !overlap(buffer, size, current[i].memref.buffer, current[i].memref.size))
            continue;
        if (!allows(flags, type))
            return false;
    }
    return true;
}
