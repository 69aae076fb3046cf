/* SPDX-License-Identifier: BSD-2-Clause */
/* Erases secrets from memory. */
#ifndef LUATEE_CORE_BASE_WIPE_H
#define LUATEE_CORE_BASE_WIPE_H

#include <stddef.h>
#include <string.h>

/* Overwrites `size` bytes with zeros. The compiler cannot remove this, even when nothing reads the memory afterwards. */
static inline void wipe(void *memory, size_t size)
{
    memset(memory, 0, size);
    __asm__ volatile("" : : "r"(memory) : "memory"); /* stands for a reader of the memory */
}

#endif
