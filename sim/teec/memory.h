/* SPDX-License-Identifier: BSD-2-Clause */
/* The implementation of a TEEC_SharedMemory, for the rest of the library. */
#ifndef SIM_TEEC_MEMORY_H
#define SIM_TEEC_MEMORY_H

#include <stdbool.h>

#include "sim/teec/block.h"
#include "tee_client_api.h"

/*
 * Finds the block of a shared memory: the memory itself if libteec allocated it, the shadow of the client's memory if
 * it was registered. The block stays the memory's. Returns false if the memory was never made or has been released.
 */
bool memory_block(const TEEC_SharedMemory *memory, struct block *block);

/* Copy n bytes at offset from the client's memory to its shadow, and back. They do nothing for memory that libteec
 * allocated. The range must lie within the memory. */
void memory_to_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n);
void memory_from_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n);

#endif
