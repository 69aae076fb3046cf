/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rest of the library sees of a TEEC_SharedMemory. */
#ifndef SIM_TEEC_MEMORY_H
#define SIM_TEEC_MEMORY_H

#include <stdbool.h>

#include "sim/teec/block.h"
#include "tee_client_api.h"

/*
 * The block behind a shared memory: the memory itself when libteec allocated it, the shadow of the client's memory when
 * it was registered. False: it is neither (never made, or released).
 */
bool memory_block(const TEEC_SharedMemory *memory, struct block *block);

/* Registered memory: copy n bytes at offset from the client's memory to the shadow, and back. Else nothing to do. */
void memory_to_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n);
void memory_from_shadow(const TEEC_SharedMemory *memory, size_t offset, size_t n);

#endif
