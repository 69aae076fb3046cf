/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA's heap, seen from the rest of the simulator. */
#ifndef SIM_TA_MEMORY_H
#define SIM_TA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Sets up the heap. False: no memory, or TA_DATA_SIZE too small to hold anything. */
bool sim_memory_start(void);

enum sim_memory_place {
    SIM_MEMORY_ELSEWHERE,     /* not in the heap */
    SIM_MEMORY_ALLOCATED,     /* within one block that is in use */
    SIM_MEMORY_NOT_ALLOCATED, /* in the heap, but not within such a block */
};

/* Where size bytes at buffer lie. Their end must not overflow. */
enum sim_memory_place sim_memory_place(const void *buffer, size_t size);

#endif
