/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/alloc.h"

#include <stdint.h>
#include <string.h>

#include "core/vm/pages.h"
#include "port/port.h"

/*
 * Three kinds of blocks, told apart by their size:
 *   up to SMALL_MAX    in slabs of one page, a class for every 16 bytes
 *   up to MEDIUM_MAX   in slabs of four pages, in classes that divide such a slab
 *   above              whole pages: up to RUN_PAGES_MAX from a region, more straight from the port
 * A slab holds blocks of one class, begins with its header, and lies at a multiple of its size, so that a block's
 * address leads to it. When its last block is freed, its pages serve other classes: but for one slab of each class,
 * which is kept until there is no other page. When there is none at all, a block of the next larger class does.
 */
#define GRAIN 16u
#define SMALL_MAX 496u
#define SMALL_CLASSES (SMALL_MAX / GRAIN)
#define SMALL_PAGES 1u
#define MEDIUM_PAGES 4u
#define MEDIUM_MAX 4080u

/* Sizes of the medium classes: what 31, 25, 21, 18, ... 4 blocks in a slab leave each of them. */
static const uint16_t medium_sizes[] = { 512, 640, 768, 896, 1088, 1248, 1472, 1808, 2032, 2336, 2720, 3264, 4080 };
#define MEDIUM_CLASSES (sizeof(medium_sizes) / sizeof(medium_sizes[0]))
#define CLASSES (SMALL_CLASSES + MEDIUM_CLASSES)

/* Up to this much in pages, blocks also come from slabs of larger classes. */
#define LITTLE (512u * 1024u)

struct block {
    struct block *next;
};

struct slab {
    struct slab *next; /* among the slabs of its class that have free blocks */
    struct slab *prev;
    struct block *free; /* freed blocks */
    uint16_t fresh;     /* offset of the first block that was never used */
    uint16_t used;      /* blocks in use */
    uint32_t class;
};

/* In front of a block of its own mapping. */
struct large {
    struct large *next;
    struct large **link; /* what points here */
    size_t size;
    size_t unused;
};

struct alloc {
    struct slab *slabs[CLASSES]; /* with free blocks */
    struct slab *kept[CLASSES];  /* the one that is empty, or NULL */
    uint8_t class_of[MEDIUM_MAX / GRAIN + 1]; /* by the size in grains */
    struct pages pages;
    struct large *large;
    size_t used;
    size_t peak;
    size_t held;  /* by slabs and whole pages: what the quota limits */
    size_t held_peak;
    size_t quota;
    size_t limit; /* the quota, or what is allowed above it just now */
    struct alloc_shortage shortage;
    void (*reclaim)(void *ctx);
    void *reclaim_ctx;
};

static unsigned class_of(const struct alloc *a, size_t size)
{
    return a->class_of[(size + GRAIN - 1) / GRAIN];
}

static unsigned class_size(unsigned class)
{
    return class < SMALL_CLASSES ? (class + 1) * GRAIN : medium_sizes[class - SMALL_CLASSES];
}

static unsigned slab_pages(unsigned class)
{
    return class < SMALL_CLASSES ? SMALL_PAGES : MEDIUM_PAGES;
}

static unsigned slab_size(unsigned class)
{
    return slab_pages(class) * PAGE_SIZE;
}

static void account(struct alloc *a, size_t size)
{
    a->used += size;
    if (a->used > a->peak)
        a->peak = a->used;
}

/* --- slabs -------------------------------------------------------------------------------------------------------- */

static void list_add(struct alloc *a, unsigned class, struct slab *s)
{
    s->prev = NULL;
    s->next = a->slabs[class];
    if (s->next)
        s->next->prev = s;
    a->slabs[class] = s;
}

static void list_remove(struct alloc *a, unsigned class, struct slab *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        a->slabs[class] = s->next;
    if (s->next)
        s->next->prev = s->prev;
}

static bool is_full(const struct slab *s, unsigned class)
{
    return !s->free && s->fresh + class_size(class) > slab_size(class);
}

static void slab_release(struct alloc *a, struct slab *s)
{
    list_remove(a, s->class, s);
    a->held -= slab_size(s->class);
    pages_give(&a->pages, s, slab_pages(s->class));
}

/* Gives back the slabs that are kept. */
static void trim(struct alloc *a)
{
    for (unsigned class = 0; class < CLASSES; class++) {
        if (a->kept[class])
            slab_release(a, a->kept[class]);
        a->kept[class] = NULL;
    }
}

/* Within the quota? More than that can be held already, when it was lowered. size: at most LUATEE_TA_MEMORY_MAX. */
static bool hold(struct alloc *a, size_t size)
{
    if (a->held + size > a->limit)
        trim(a);
    if (a->held + size > a->limit)
        return false;
    a->held += size;
    if (a->held > a->held_peak)
        a->held_peak = a->held;
    return true;
}

/* A run of pages; what is kept of slabs gives way. */
static void *take_pages(struct alloc *a, unsigned count, unsigned align)
{
    void *run = pages_take(&a->pages, count, align);
    if (run)
        return run;
    trim(a);
    return pages_take(&a->pages, count, align);
}

static struct slab *new_slab(struct alloc *a, unsigned class)
{
    if (!hold(a, slab_size(class)))
        return NULL;
    struct slab *s = take_pages(a, slab_pages(class), slab_pages(class));
    if (!s) {
        a->held -= slab_size(class);
        return NULL;
    }
    *s = (struct slab){ .fresh = sizeof(*s), .class = class };
    list_add(a, class, s);
    return s;
}

/* One with a free block of a larger class, of size_max at most, in a slab of the same size: slab_give knows no more
 * than the block's size. */
static struct slab *larger_slab(const struct alloc *a, unsigned class, unsigned size_max)
{
    unsigned end = class < SMALL_CLASSES ? SMALL_CLASSES : CLASSES;
    while (++class < end && class_size(class) <= size_max)
        if (a->slabs[class])
            return a->slabs[class];
    return NULL;
}

/* Where the next block comes from. While little is held there is no new slab for what another one has room for: a small
 * session would end with some pages for a block or two of each class. In a large one that would be a collection for
 * each such block. */
static struct slab *find_slab(struct alloc *a, unsigned class)
{
    struct slab *s = a->slabs[class];
    bool little = a->held <= LITTLE;
    if (!s && little)
        s = larger_slab(a, class, 2 * class_size(class));
    if (!s)
        s = new_slab(a, class);
    return s || !little ? s : larger_slab(a, class, MEDIUM_MAX);
}

static void *slab_take(struct alloc *a, unsigned class)
{
    struct slab *s = find_slab(a, class);
    if (!s)
        return NULL;
    class = s->class;
    struct block *b = s->free;
    if (b) {
        s->free = b->next;
    } else {
        b = (struct block *)((char *)s + s->fresh);
        s->fresh = (uint16_t)(s->fresh + class_size(class));
    }
    if (s->used++ == 0)
        a->kept[class] = NULL;
    if (is_full(s, class))
        list_remove(a, class, s);
    account(a, class_size(class));
    return b;
}

static void slab_give(struct alloc *a, unsigned class, void *block)
{
    struct slab *s = (struct slab *)((uintptr_t)block & ~(uintptr_t)(slab_size(class) - 1));
    class = s->class; /* or a larger one than asked for */
    if (is_full(s, class))
        list_add(a, class, s);
    struct block *b = block;
    b->next = s->free;
    s->free = b;
    s->used--;
    a->used -= class_size(class);
    /* The last slab of a class stays: its next block is likely to be wanted soon. */
    if (s->used > 0)
        return;
    if (s->next || s->prev)
        slab_release(a, s);
    else
        a->kept[class] = s;
}

/* --- whole pages -------------------------------------------------------------------------------------------------- */

static size_t page_count(size_t size)
{
    return (size + PAGE_SIZE - 1) / PAGE_SIZE;
}

static size_t large_size(size_t size)
{
    return page_count(size + sizeof(struct large)) * PAGE_SIZE;
}

/* What a block above MEDIUM_MAX really takes. */
static size_t real_size(size_t size)
{
    return page_count(size) <= RUN_PAGES_MAX ? page_count(size) * PAGE_SIZE : large_size(size);
}

static void *large_take(struct alloc *a, size_t size)
{
    struct large *l = port_map(large_size(size));
    if (!l)
        return NULL;
    l->size = large_size(size);
    l->next = a->large;
    l->link = &a->large;
    if (l->next)
        l->next->link = &l->next;
    a->large = l;
    return l + 1;
}

static void large_give(void *block)
{
    struct large *l = (struct large *)block - 1;
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    port_unmap(l, l->size);
}

static void *run_take(struct alloc *a, size_t size)
{
    if (size > LUATEE_TA_MEMORY_MAX || !hold(a, real_size(size)))
        return NULL;
    void *block = page_count(size) <= RUN_PAGES_MAX ?
                      take_pages(a, (unsigned)page_count(size), 1) :
                      large_take(a, size);
    if (block)
        account(a, real_size(size));
    else
        a->held -= real_size(size);
    return block;
}

static void run_give(struct alloc *a, void *block, size_t size)
{
    a->used -= real_size(size);
    a->held -= real_size(size);
    if (page_count(size) <= RUN_PAGES_MAX)
        pages_give(&a->pages, block, (unsigned)page_count(size));
    else
        large_give(block);
}

/* --- blocks of any size ------------------------------------------------------------------------------------------- */

static void *take(struct alloc *a, size_t size)
{
    return size <= MEDIUM_MAX ? slab_take(a, class_of(a, size)) : run_take(a, size);
}

static void give(struct alloc *a, void *block, size_t size)
{
    if (size <= MEDIUM_MAX)
        slab_give(a, class_of(a, size), block);
    else
        run_give(a, block, size);
}

void *alloc_block(struct alloc *a, size_t size)
{
    void *block = take(a, size);
    if (block || !a->reclaim)
        return block;
    a->reclaim(a->reclaim_ctx);
    return take(a, size);
}

void alloc_free(struct alloc *a, void *block, size_t size)
{
    if (block)
        give(a, block, size);
}

void alloc_free_wiped(struct alloc *a, void *block, size_t size)
{
    if (!block)
        return;
    memset(block, 0, size);
    __asm__ volatile("" : : "r"(block) : "memory"); /* the memset is not dead */
    give(a, block, size);
}

/* Is a block for old_size bytes just the one that would be chosen for new_size bytes? Then it stays where it is. */
static bool stays(const struct alloc *a, size_t old_size, size_t new_size)
{
    if (old_size <= MEDIUM_MAX && new_size <= MEDIUM_MAX)
        return class_of(a, old_size) == class_of(a, new_size);
    return old_size > MEDIUM_MAX && new_size > MEDIUM_MAX && real_size(old_size) == real_size(new_size) &&
           (page_count(old_size) <= RUN_PAGES_MAX) == (page_count(new_size) <= RUN_PAGES_MAX);
}

/* What a script asks for. had: what it gives back afterwards, so that less is given in any case. */
static void *take_noted(struct alloc *a, size_t size, size_t had)
{
    size_t limit = a->limit;
    if (size < had)
        a->limit = LUATEE_TA_MEMORY_MAX;
    void *block = take(a, size);
    a->limit = limit;
    if (!block)
        a->shortage = (struct alloc_shortage){ .needed = size > had ? size - had : 0, .used = a->held };
    return block;
}

void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct alloc *a = ud;
    if (!block) /* old_size is the kind of object then */
        return new_size ? take_noted(a, new_size, 0) : NULL;
    if (new_size == 0) {
        give(a, block, old_size);
        return NULL;
    }
    if (stays(a, old_size, new_size))
        return block;
    void *moved = take_noted(a, new_size, old_size);
    if (!moved)
        return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    give(a, block, old_size);
    return moved;
}

size_t alloc_used(const struct alloc *a)
{
    return a->used;
}

size_t alloc_peak(const struct alloc *a)
{
    return a->peak;
}

size_t alloc_held(const struct alloc *a)
{
    return a->held;
}

size_t alloc_held_peak(const struct alloc *a)
{
    return a->held_peak;
}

void alloc_limit(struct alloc *a, size_t quota)
{
    a->quota = quota;
    a->limit = quota;
}

size_t alloc_quota(const struct alloc *a)
{
    return a->quota;
}

struct alloc_shortage alloc_shortage(const struct alloc *a)
{
    return a->shortage;
}

void alloc_reserve(struct alloc *a, bool open)
{
    a->limit = a->quota + (open ? ALLOC_RESERVE : 0);
}

void alloc_on_shortage(struct alloc *a, void (*reclaim)(void *ctx), void *ctx)
{
    a->reclaim = reclaim;
    a->reclaim_ctx = ctx;
}

struct alloc *alloc_new(void)
{
    /* The first pages of the first region hold the allocator itself. */
    struct alloc *a = port_map(REGION_SIZE);
    if (!a)
        return NULL;
    pages_init(&a->pages, (char *)a, (unsigned)page_count(sizeof(*a)));
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
    unsigned class = 0;
    for (unsigned grains = 1; grains <= MEDIUM_MAX / GRAIN; grains++) {
        if (grains * GRAIN > class_size(class))
            class++;
        a->class_of[grains] = (uint8_t)class;
    }
    return a;
}

void alloc_delete(struct alloc *a)
{
    if (!a)
        return;
    while (a->large) {
        struct large *l = a->large;
        a->large = l->next;
        port_unmap(l, l->size);
    }
    pages_clear(&a->pages); /* all but the one that holds a */
    port_unmap(a, REGION_SIZE);
}
