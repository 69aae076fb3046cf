/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by poison.h. Addresses are multiples of 16. Sizes are any number of bytes. */
#ifndef LUATEE_CORE_BASE_POISON_ASAN_H
#define LUATEE_CORE_BASE_POISON_ASAN_H

#include <sanitizer/asan_interface.h>
#include <stdbool.h>
#include <stddef.h>

/* A slab reuses freed blocks only when it has no others, the oldest first. So a use after free is reported for long. */
#define POISON_REUSE_LATE true

/* Marks a function of the allocator that may access poisoned bytes. */
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
