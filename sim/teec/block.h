/* SPDX-License-Identifier: BSD-2-Clause */
/* A block of memory that can be shared with TA processes: a sealed memfd, and our mapping of it. */
#ifndef SIM_TEEC_BLOCK_H
#define SIM_TEEC_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block {
    void *base;
    size_t size; /* as mapped, above 0 */
    uint32_t id; /* never 0, never used twice by this process */
    int fd;
};

/* Makes a zeroed block of at least `size` bytes. False: no memory, no file descriptor, or a size that cannot be. */
bool block_create(struct block *block, size_t size);

/* Unmaps it here. TA processes keep their mapping until they are told to forget it. */
void block_destroy(struct block *block);

#endif
