/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by poison.h. Sizes are in bytes; a size need not be a multiple of anything, an address is one of 16. */
#ifndef LUATEE_CORE_BASE_POISON_ASAN_H
#define LUATEE_CORE_BASE_POISON_ASAN_H

#include <sanitizer/asan_interface.h>
#include <stdbool.h>
#include <stddef.h>

/* A slab's freed blocks are its last choice, and the oldest comes first: what uses a block after its end is seen. */
#define POISON_REUSE_LATE true

/* For a function of the allocator that reads or writes poisoned bytes. */
#define POISON_IGNORED __attribute__((no_sanitize_address))

static inline void poison_memory(const void *memory, size_t size)
{
    __asan_poison_memory_region(memory, size);
}

static inline void unpoison_memory(const void *memory, size_t size)
{
    __asan_unpoison_memory_region(memory, size);
}

#endif
