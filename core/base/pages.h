/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of pages for the allocator, from regions of 32 pages, each with a bitmap. The port maps the regions. An empty
 * region is unmapped when there is another empty one. One is kept, so that a session at the edge of a region does not
 * map and unmap it all the time.
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

/* The longest run. Longer blocks are mappings of their own (alloc_whole.c). */
#define RUN_PAGES_MAX (REGION_PAGES / 2)

struct region {
    char *base;      /* NULL: not in use */
    uint32_t used;   /* a bit for each page, set while it is allocated */
    uint32_t use[2]; /* the two bits of each page's use */
};

struct pages {
    struct region regions[REGIONS_MAX];
    unsigned count; /* regions[0] to regions[count - 1] are or were in use */
};

/* Starts with one region, of REGION_SIZE bytes from port_map(), zeroed like *p. The caller keeps its first `reserved`
 * pages for itself, and unmaps the region in the end. */
void pages_init(struct pages *p, char *first_region, unsigned reserved);

/* Unmaps all regions except the first. */
void pages_clear(struct pages *p);

/* Allocates `count` pages in a row, 1 to RUN_PAGES_MAX. align: 1 or a power of two; the address is a multiple of that
 * many pages. use: 1 to 3; pages_use() returns it for an address in these pages. Returns NULL when the port has no
 * more. Under AddressSanitizer the pages are poisoned. */
void *pages_allocate(struct pages *p, unsigned count, unsigned align, unsigned use);

/* Releases `count` pages: a run that pages_allocate() returned, or a part of one. */
void pages_release(struct pages *p, void *run, unsigned count);

/* Returns the use of the page that contains the address, or 0 when the page is in no region. Takes a time that grows
 * with the number of regions. */
unsigned pages_use(const struct pages *p, const void *address);

#endif
