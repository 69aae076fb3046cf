/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/handle.h"

#include <stdint.h>
#include <stdlib.h>

#include "sim/ta/panic.h"

#define FIRST_ROOM 16u

/* A handle has the slot's generation in its high half, the index in its low half. Generations begin at 1, so that no
 * handle equals NULL or a TEE_PROPSET_*. */
#define GENERATION_SHIFT 32
_Static_assert(sizeof(void *) == sizeof(uint64_t), "a handle needs 64 bits");

struct slot {
    void *thing;
    enum sim_handle_kind kind;
    uint32_t generation;
};

static struct slot *slots;
static size_t slot_count;

static bool grow(void)
{
    size_t count = slot_count ? slot_count * 2 : FIRST_ROOM;
    struct slot *larger = realloc(slots, count * sizeof(*larger));

    if (!larger)
        return false;
    for (size_t i = slot_count; i < count; i++)
        larger[i] = (struct slot){.kind = SIM_HANDLE_FREE};
    slots = larger;
    slot_count = count;
    return true;
}

static void *handle_of(size_t index)
{
    return (void *)(uintptr_t)((uint64_t)slots[index].generation << GENERATION_SHIFT | index);
}

void *sim_handle_new(enum sim_handle_kind kind, void *thing)
{
    size_t index = 0;

    while (index < slot_count && slots[index].kind != SIM_HANDLE_FREE)
        index++;
    if (index == slot_count && !grow())
        return NULL;
    slots[index].thing = thing;
    slots[index].kind = kind;
    slots[index].generation++;
    return handle_of(index);
}

static struct slot *slot_of(const void *handle)
{
    uint64_t value = (uint64_t)(uintptr_t)handle;
    size_t index = (uint32_t)value;

    if (index >= slot_count || slots[index].kind == SIM_HANDLE_FREE ||
        slots[index].generation != value >> GENERATION_SHIFT)
        return NULL;
    return &slots[index];
}

void *sim_handle_get(enum sim_handle_kind kind, const void *handle, const char *function)
{
    struct slot *slot = slot_of(handle);

    if (!slot || slot->kind != kind)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the handle is invalid or was closed");
    return slot->thing;
}

void sim_handle_invalidate(const void *handle)
{
    struct slot *slot = slot_of(handle);

    slot->kind = SIM_HANDLE_FREE;
    slot->thing = NULL;
}

void *sim_handle_any(enum sim_handle_kind kind)
{
    for (size_t i = 0; i < slot_count; i++)
        if (slots[i].kind == kind)
            return handle_of(i);
    return NULL;
}

void sim_handle_finish(void)
{
    free(slots);
    slots = NULL;
    slot_count = 0;
}
