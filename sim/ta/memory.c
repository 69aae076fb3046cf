/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TA's heap: exactly TA_DATA_SIZE bytes, as on the device, so that a TA that needs more fails on the desktop first.
 *
 * Blocks lie side by side, each behind a header. A search takes the first block that fits, and merges free neighbours
 * that it passes. For the few blocks of such a heap that is fast enough, and it fragments little.
 */
#include "sim/ta/memory.h"

#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/ta/header.h"
#include "sim/ta/panic.h"

#define ALIGNMENT 16u

/* The result of a request for 0 bytes, as on OP-TEE: not NULL, and never to be dereferenced. */
#define NO_BYTES ((void *)1)

/* Marks in the header, by which a pointer that is not a block, or a block that is freed twice, is detected. */
#define MARK_USED 0x5553454475736564u
#define MARK_FREE 0x4652454566726565u

/* For functions that read headers, which AddressSanitizer sees as poisoned. */
#define BEHIND_ASAN __attribute__((no_sanitize("address")))

struct header {
    uint64_t mark;
    size_t size; /* of what follows, a multiple of ALIGNMENT */
};
_Static_assert(sizeof(struct header) == ALIGNMENT, "what follows a header is aligned");

static uint8_t *arena;
static size_t arena_size;

BEHIND_ASAN bool sim_memory_start(void)
{
    struct header *first;

    arena_size = sim_ta_heap_size - sim_ta_heap_size % ALIGNMENT;
    if (arena_size <= sizeof(*first))
        return false;
    arena = mmap(NULL, arena_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (arena == MAP_FAILED)
        return false;
    first = (struct header *)(void *)arena;
    *first = (struct header){.mark = MARK_FREE, .size = arena_size - sizeof(*first)};
    ASAN_POISON_MEMORY_REGION(arena, arena_size);
    return true;
}

BEHIND_ASAN static struct header *next_block(struct header *block)
{
    uint8_t *after = (uint8_t *)(block + 1) + block->size;

    return after < arena + arena_size ? (struct header *)(void *)after : NULL;
}

BEHIND_ASAN static void merge_free(struct header *block)
{
    struct header *next;

    while ((next = next_block(block)) && next->mark == MARK_FREE)
        block->size += sizeof(*next) + next->size;
}

/* Makes a free block of the bytes after the first `size`, if they suffice for one. */
BEHIND_ASAN static void split(struct header *block, size_t size)
{
    struct header *rest;

    if (block->size - size < sizeof(*rest) + ALIGNMENT)
        return;
    rest = (struct header *)(void *)((uint8_t *)(block + 1) + size);
    *rest = (struct header){.mark = MARK_FREE, .size = block->size - size - sizeof(*rest)};
    block->size = size;
}

static bool round_up(size_t size, size_t *rounded)
{
    if (__builtin_add_overflow(size, ALIGNMENT - 1, rounded))
        return false;
    *rounded -= *rounded % ALIGNMENT;
    return true;
}

BEHIND_ASAN static void *allocate(size_t size)
{
    struct header *block;
    size_t rounded;

    if (!round_up(size, &rounded))
        return NULL;
    for (block = (struct header *)(void *)arena; block; block = next_block(block)) {
        if (block->mark != MARK_FREE)
            continue;
        merge_free(block);
        if (block->size >= rounded)
            break;
    }
    if (!block)
        return NULL;
    split(block, rounded);
    block->mark = MARK_USED;
    ASAN_UNPOISON_MEMORY_REGION(block + 1, size);
    return block + 1;
}

BEHIND_ASAN static struct header *used_block(const void *pointer, const char *function)
{
    uintptr_t offset = (uintptr_t)pointer - (uintptr_t)arena;
    struct header *block;

    if ((uintptr_t)pointer < (uintptr_t)arena || offset >= arena_size || offset < sizeof(*block) || offset % ALIGNMENT)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the pointer is not a heap block");
    block = (struct header *)(void *)(arena + offset) - 1;
    if (block->mark != MARK_USED)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the pointer is not a heap block, or was freed");
    return block;
}

BEHIND_ASAN static void release_block(struct header *block)
{
    ASAN_POISON_MEMORY_REGION(block + 1, block->size);
    block->mark = MARK_FREE;
    merge_free(block);
}

BEHIND_ASAN enum sim_memory_location sim_memory_location(const void *buffer, size_t size)
{
    uintptr_t begin = (uintptr_t)buffer;
    uintptr_t end = begin + size;
    uintptr_t heap = (uintptr_t)arena;

    if (end <= heap || begin >= heap + arena_size)
        return SIM_MEMORY_OUTSIDE;
    for (struct header *block = (struct header *)(void *)arena; block; block = next_block(block)) {
        uintptr_t first = (uintptr_t)(block + 1);

        if (block->mark == MARK_USED && begin >= first && end <= first + block->size)
            return SIM_MEMORY_ALLOCATED;
    }
    return SIM_MEMORY_NOT_ALLOCATED;
}

void *TEE_Malloc(size_t size, uint32_t hint)
{
    void *block;

    /* TEE_MALLOC_NO_SHARE asks for a second heap, of TA_NO_SHARE_DATA_SIZE bytes, which our TAs do not declare. */
    if (hint != TEE_MALLOC_FILL_ZERO && hint != TEE_MALLOC_NO_FILL)
        return NULL;
    if (!size)
        return NO_BYTES;
    block = allocate(size);
    if (block && hint == TEE_MALLOC_FILL_ZERO)
        memset(block, 0, size);
    return block;
}

BEHIND_ASAN void *TEE_Realloc(void *buffer, size_t size)
{
    struct header *block;
    size_t rounded;
    void *moved;

    if (!size) {
        TEE_Free(buffer);
        return NO_BYTES;
    }
    if (!buffer || buffer == NO_BYTES)
        return TEE_Malloc(size, TEE_MALLOC_FILL_ZERO);
    if (!round_up(size, &rounded))
        return NULL;
    block = used_block(buffer, __func__);
    if (block->size < rounded)
        merge_free(block);
    if (block->size >= rounded) {
        split(block, rounded);
        ASAN_POISON_MEMORY_REGION(buffer, block->size);
        ASAN_UNPOISON_MEMORY_REGION(buffer, size);
        return buffer;
    }
    moved = allocate(size);
    if (!moved)
        return NULL;
    ASAN_UNPOISON_MEMORY_REGION(buffer, block->size);
    memcpy(moved, buffer, block->size);
    release_block(block);
    return moved;
}

void TEE_Free(void *buffer)
{
    if (buffer && buffer != NO_BYTES)
        release_block(used_block(buffer, __func__));
}

void TEE_MemMove(void *dest, const void *src, size_t size)
{
    if (size)
        memmove(dest, src, size);
}

/* Its run time depends on the size only, so that comparing secrets does not leak them. */
int32_t TEE_MemCompare(const void *buffer1, const void *buffer2, size_t size)
{
    const volatile uint8_t *left = buffer1;
    const volatile uint8_t *right = buffer2;
    int32_t result = 0;

    for (size_t i = size; i-- > 0;) {
        int32_t difference = left[i] - right[i];
        /* All ones where the bytes differ. */
        int32_t differ = -(int32_t)(((uint32_t)difference | -(uint32_t)difference) >> 31);

        result = (result & ~differ) | (difference & differ);
    }
    return result;
}

void TEE_MemFill(void *buffer, uint32_t x, size_t size)
{
    if (size)
        memset(buffer, (int)(x & 0xff), size);
}
