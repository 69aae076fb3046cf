/* SPDX-License-Identifier: BSD-2-Clause */
/* A block of memory that can be shared with TA processes: a sealed memfd, and this process's mapping of it. */
#ifndef SIM_TEEC_BLOCK_H
#define SIM_TEEC_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block {
    void *base;
    size_t size; /* as mapped, above 0 */
    uint32_t id; /* never 0, and unique in this process */
    int fd;
};

/* Makes a zeroed block of at least `size` bytes. Returns false when memory or file descriptors run out, or when no
 * mapping can be that large. The caller releases the block with block_destroy. */
bool block_create(struct block *block, size_t size);

/* Unmaps the block in this process and closes its memfd. TA processes keep their mapping until WIRE_FORGET. */
void block_destroy(struct block *block);

#endif
