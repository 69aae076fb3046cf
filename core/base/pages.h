/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of pages for the allocator: regions of 32 pages from the port, each with a bitmap. A region that is empty goes
 * back to the port, but for one, so that a session at the edge of a region does not map and unmap it all the time.
 */
#ifndef LUATEE_CORE_BASE_PAGES_H
#define LUATEE_CORE_BASE_PAGES_H

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
    char *base;      /* NULL: not in use */
    uint32_t used;   /* a bit for each page */
    uint32_t use[2]; /* the two bits of each page's use */
};

struct pages {
    struct region regions[REGIONS_MAX];
    unsigned count; /* of regions that were ever in use: the first ones */
};

/* first_region: REGION_SIZE bytes of the port's, whose first `taken` pages are the caller's own, for good. */
void pages_init(struct pages *p, char *first_region, unsigned taken);
/* Gives all regions back but the first, which is the caller's to give back. */
void pages_clear(struct pages *p);

/* count: 1 to RUN_PAGES_MAX. align: 1, or a power of two of pages that the address is a multiple of. use: 1 to 3, what
 * pages_use returns for an address in these pages. Returns NULL when there are no more. Under ASan the pages are
 * poisoned. */
void *pages_take(struct pages *p, unsigned count, unsigned align, unsigned use);
/* run: as it came from pages_take, or any whole part of it. */
void pages_give(struct pages *p, void *run, unsigned count);

/* Returns the use of the page that address is in, or 0 when the page is in no region. Looks at every region. */
unsigned pages_use(const struct pages *p, const void *address);

#endif
