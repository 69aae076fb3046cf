/* SPDX-License-Identifier: BSD-2-Clause */
/* Wipes secrets from memory. */
#ifndef LUATEE_CORE_BASE_WIPE_H
#define LUATEE_CORE_BASE_WIPE_H

#include <stddef.h>
#include <string.h>

/* Overwrites `size` bytes with zeros. The compiler cannot optimise this away, even when nothing reads the memory
 * later. */
static inline void wipe(void *memory, size_t size)
{
    memset(memory, 0, size);
    __asm__ volatile("" : : "r"(memory) : "memory"); /* to the compiler, this reads the memory */
}

#endif
