/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The allocator's own structures, for its files only: alloc.c (blocks of any size, and the paths that run for nearly
 * every block), alloc_slab.c (the choice of a slab), alloc_whole.c (whole pages) and alloc_quota.c (the quota, the
 * reserve and the figures).
 *
 * There are four kinds of blocks, by their size:
 *   small    up to SMALL_MAX, in slabs of one page, a class for every 16 bytes
 *   medium   up to MEDIUM_MAX, in slabs of four pages, in classes that divide such a slab
 *   run      whole pages, up to RUN_PAGES_MAX, from a region (pages.h)
 *   large    a mapping of its own, straight from the port
 * A slab holds blocks of one class, begins with its header, and lies at a multiple of its size, so a block's address
 * leads to its slab. When the last block of a slab is freed, its pages serve other classes. One empty slab of each
 * class is kept until the quota or the port has no other page. When no page is left at all, a block of a larger class
 * is used.
 *
 * A block that is resized and finds no memory stays where it is if the new size fits there. So a block that shrinks
 * never needs more pages than are held, and shrinking never fails. The size of such a block no longer says which class
 * it has: in a slab, the slab's class counts. A block of another kind than its size says is displaced. While there are
 * displaced blocks, the kind of every block is looked up by its address. A displaced run is always one page.
 */
#ifndef LUATEE_CORE_BASE_ALLOC_STATE_H
#define LUATEE_CORE_BASE_ALLOC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/alloc.h"
#include "core/base/pages.h"

#define GRAIN 16u
#define SMALL_MAX 496u
#define SMALL_CLASSES (SMALL_MAX / GRAIN)
#define SMALL_PAGES 1u
#define MEDIUM_PAGES 4u
#define MEDIUM_MAX 4080u
#define MEDIUM_CLASSES 13u
#define CLASSES (SMALL_CLASSES + MEDIUM_CLASSES)

/* KIND_LARGE is 0, which pages_use() returns for an address outside of all regions. The others are the use of a
 * region's pages. */
enum kind { KIND_LARGE, KIND_SMALL, KIND_MEDIUM, KIND_RUN };

/* For functions that run rarely: they are compiled small, and are not inlined into the frequent paths. */
#define COLD __attribute__((cold, noinline))

struct block {
    struct block *next;
};

struct slab {
    struct slab *next; /* in the list of the class's slabs that have free blocks */
    struct slab *prev;
    struct block *free; /* list of the freed blocks */
    uint16_t fresh;     /* offset of the first block that was never used */
    uint16_t used;      /* blocks in use */
    uint16_t class;
    uint16_t block_size; /* bytes of each block, by the class */
};

/* The header of a mapping that holds one large block. */
struct large {
    struct large *next;
    struct large **link; /* the pointer that points here */
    size_t size;         /* of the mapping */
    size_t unused;       /* makes the block after the header aligned to 16 bytes */
};

struct alloc {
    struct slab *slabs[CLASSES]; /* lists of the slabs that have free blocks */
    struct slab *kept[CLASSES];  /* the empty slab of the class, or NULL */
    uint8_t class_of[MEDIUM_MAX / GRAIN + 1]; /* by the block's size in grains, rounded up */
    struct pages pages;
    struct large *large;
    size_t displaced; /* number of blocks whose kind is not that of their size */
    size_t used;      /* bytes of all blocks, as large as they really are */
    size_t peak;      /* the highest value of used */
    size_t held;      /* bytes of slabs, runs and large mappings: what the quota limits */
    size_t held_peak; /* the highest value of held */
    size_t quota;
    size_t limit;  /* the quota, and ALLOC_RESERVE while the reserve is open */
    char *reserve; /* pages that are set aside for the reserve, or NULL */
    struct alloc_shortage shortage;
    void (*reclaim)(void *ctx);
    void *reclaim_ctx;
};

/* --- sizes -------------------------------------------------------------------------------------------------------- */

static inline unsigned kind_pages(enum kind slab)
{
    return slab == KIND_SMALL ? SMALL_PAGES : MEDIUM_PAGES;
}

static inline enum kind class_kind(unsigned class)
{
    return class < SMALL_CLASSES ? KIND_SMALL : KIND_MEDIUM;
}

/* Returns the bytes of a slab of this class. */
static inline unsigned slab_size(unsigned class)
{
    return kind_pages(class_kind(class)) * PAGE_SIZE;
}

static inline size_t page_count(size_t size)
{
    return (size + PAGE_SIZE - 1) / PAGE_SIZE;
}

static inline size_t large_size(size_t size)
{
    return page_count(size + sizeof(struct large)) * PAGE_SIZE;
}

static inline struct large *large_of(const void *block)
{
    return (struct large *)block - 1;
}

/* Returns the kind of a new block of this size. */
static inline enum kind kind_for(size_t size)
{
    if (size <= SMALL_MAX)
        return KIND_SMALL;
    if (size <= MEDIUM_MAX)
        return KIND_MEDIUM;
    return page_count(size) <= RUN_PAGES_MAX ? KIND_RUN : KIND_LARGE;
}

/* Returns the bytes that a block of `size` bytes, above MEDIUM_MAX, takes in whole pages. */
static inline size_t whole_size(size_t size)
{
    return kind_for(size) == KIND_RUN ? page_count(size) * PAGE_SIZE : large_size(size);
}

static inline void account(struct alloc *a, size_t size)
{
    a->used += size;
    if (a->used > a->peak)
        a->peak = a->used;
}

/* --- slabs -------------------------------------------------------------------------------------------------------- */

static inline void slab_list_add(struct alloc *a, unsigned class, struct slab *s)
{
    s->prev = NULL;
    s->next = a->slabs[class];
    if (s->next)
        s->next->prev = s;
    a->slabs[class] = s;
}

static inline void slab_list_remove(struct alloc *a, unsigned class, struct slab *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        a->slabs[class] = s->next;
    if (s->next)
        s->next->prev = s->prev;
}

/* alloc_slab.c: fills class_of. */
void alloc_init_classes(struct alloc *a);

/* alloc_slab.c: returns a slab with a free block for this class, or NULL when there is no memory. To be called when no
 * slab of the class has a free block; the slab may be of a larger class of the same kind. */
COLD struct slab *alloc_find_slab(struct alloc *a, unsigned class);

/* alloc_slab.c: releases the pages of an empty slab, which is in its class's list. */
COLD void alloc_release_slab(struct alloc *a, struct slab *s);

/* alloc_slab.c: releases the empty slabs that are kept. */
void alloc_release_kept_slabs(struct alloc *a);

/* --- whole pages, in alloc_whole.c -------------------------------------------------------------------------------- */

/* Allocates a block above MEDIUM_MAX bytes. Returns NULL when there is no memory, or no quota for it. */
COLD void *alloc_whole(struct alloc *a, size_t size);

/* Releases `pages` pages of a run: all, or a part of it. */
void alloc_release_run(struct alloc *a, void *run, size_t pages);

/* Unmaps a large block. */
COLD void alloc_release_large(struct alloc *a, struct large *l);

/* --- the quota, in alloc_quota.c ---------------------------------------------------------------------------------- */

/* Adds `size` bytes, at most LUATEE_TA_MEMORY_MAX, to what the session holds, and returns true. Returns false when that
 * would exceed the limit. */
bool alloc_hold(struct alloc *a, size_t size);

/* Allocates a run of pages, as pages_allocate() does. When the port has no more, releases the kept slabs and tries
 * again. Returns NULL when that fails, too. */
void *alloc_pages(struct alloc *a, unsigned count, unsigned align, enum kind kind);

#endif
