/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA's heap, seen from the rest of the simulator. */
#ifndef SIM_TA_MEMORY_H
#define SIM_TA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Sets up the heap. Returns false when there is no memory, or when TA_DATA_SIZE is too small for a block. */
bool sim_memory_start(void);

enum sim_memory_location {
    SIM_MEMORY_OUTSIDE,     /* not in the heap */
    SIM_MEMORY_ALLOCATED,     /* within one block that is in use */
    SIM_MEMORY_NOT_ALLOCATED, /* in the heap, but not within such a block */
};

/* Finds where `size` bytes at `buffer` lie. buffer + size must not overflow. */
enum sim_memory_location sim_memory_location(const void *buffer, size_t size);

#endif
