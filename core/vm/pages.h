/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of pages for the allocator: regions of 32 pages from the port, each with a bitmap. A region that is empty goes
 * back to the port, but for one, so that a session at the edge of a region does not map and unmap it all the time.
 */
#ifndef LUATEE_CORE_VM_PAGES_H
#define LUATEE_CORE_VM_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"

#define PAGE_SIZE 4096u
#define REGION_PAGES 32u
#define REGION_SIZE (REGION_PAGES * PAGE_SIZE)
#define REGIONS_MAX (LUATEE_TA_MEMORY_MAX / REGION_SIZE)

/* Longer runs are regions of their own. */
#define RUN_PAGES_MAX (REGION_PAGES / 2)

struct region {
    char *base;    /* NULL: not in use */
    uint32_t used; /* a bit for each page */
};

struct pages {
    struct region regions[REGIONS_MAX];
    unsigned count; /* of regions that were ever in use: the first ones */
};

/* first_region: REGION_SIZE bytes of the port's, whose first `taken` pages are the caller's own, for good. */
void pages_init(struct pages *p, char *first_region, unsigned taken);
/* Gives all regions back but the first, which is the caller's to give back. */
void pages_clear(struct pages *p);

/* count: 1 to RUN_PAGES_MAX. align: 1, or a power of two of pages that the address is a multiple of. NULL: no more. */
void *pages_take(struct pages *p, unsigned count, unsigned align);
void pages_give(struct pages *p, void *run, unsigned count);

#endif
