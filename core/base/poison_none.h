/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by poison.h, without AddressSanitizer. poison_asan.h describes each name. */
#ifndef LUATEE_CORE_BASE_POISON_NONE_H
#define LUATEE_CORE_BASE_POISON_NONE_H

#include <stdbool.h>
#include <stddef.h>

#define POISON_REUSE_LATE false
#define POISON_IGNORED

static inline void poison_memory(const void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

static inline void unpoison_memory(const void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

#endif
