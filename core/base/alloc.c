/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/alloc.h"

#include <stdint.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/base/poison.h"
#include "core/base/wipe.h"
#include "port/port.h"

/*
 * Four kinds of blocks, by their size:
 *   small    up to SMALL_MAX, in slabs of one page, a class for every 16 bytes
 *   medium   up to MEDIUM_MAX, in slabs of four pages, in classes that divide such a slab
 *   run      whole pages, up to RUN_PAGES_MAX, from a region
 *   large    a mapping of its own, straight from the port
 * A slab holds blocks of one class, begins with its header, and lies at a multiple of its size, so that a block's
 * address leads to it. When its last block is freed, its pages serve other classes: but for one slab of each class,
 * which is kept until there is no other page. When there is none at all, a block of the next larger class does.
 *
 * A block that gets another size and finds no memory stays where it is if it fits there: so one that shrinks never
 * needs more pages than are held, and never fails. Its size then says too little. In a slab the slab's class counts,
 * not the size. A block of another kind than its size says is displaced: while there are such blocks, the kind of every
 * block comes from its address, and a displaced run is always one page.
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

enum kind { KIND_LARGE, KIND_SMALL, KIND_MEDIUM, KIND_RUN }; /* a region's pages: their use (pages.h) */

#define RESERVE_PAGES (ALLOC_RESERVE / PAGE_SIZE)
#define WORDS_CLASS (256u / GRAIN - 1) /* a line of a traceback */

/* Out of the way of the quick paths, and small. */
#define COLD __attribute__((cold, noinline))

struct block {
    struct block *next;
};

struct slab {
    struct slab *next; /* among the slabs of its class that have free blocks */
    struct slab *prev;
    struct block *free; /* freed blocks */
    uint16_t fresh;     /* offset of the first block that was never used */
    uint16_t used;      /* blocks in use */
    uint16_t class;
    uint16_t block_size; /* class_size(class) */
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
    size_t displaced; /* blocks whose kind is not that of their size */
    size_t used;
    size_t peak;
    size_t held;  /* by slabs and whole pages: what the quota limits */
    size_t held_peak;
    size_t quota;
    size_t limit; /* the quota, or what is allowed above it just now */
    char *reserve; /* RESERVE_PAGES that nothing has; NULL: none yet, or handed out */
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

static unsigned kind_pages(enum kind slab)
{
    return slab == KIND_SMALL ? SMALL_PAGES : MEDIUM_PAGES;
}

static enum kind class_kind(unsigned class)
{
    return class < SMALL_CLASSES ? KIND_SMALL : KIND_MEDIUM;
}

static unsigned slab_size(unsigned class)
{
    return kind_pages(class_kind(class)) * PAGE_SIZE;
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

static bool has_fresh(const struct slab *s, unsigned class)
{
    return s->fresh + s->block_size <= slab_size(class);
}

static bool is_full(const struct slab *s, unsigned class)
{
    return !s->free && !has_fresh(s, class);
}

COLD static void slab_release(struct alloc *a, struct slab *s)
{
    list_remove(a, s->class, s);
    a->held -= slab_size(s->class);
    pages_give(&a->pages, s, kind_pages(class_kind(s->class)));
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

static bool is_reserve_open(const struct alloc *a)
{
    return a->limit > a->quota;
}

/* The port can run out of pages below the quota: then the words for that need pages that are there already. A session
 * in a single region has none to spare, and is far from its quota. */
static void fill_reserve(struct alloc *a)
{
    if (!a->reserve && !is_reserve_open(a) && a->held > REGION_SIZE)
        a->reserve = pages_take(&a->pages, RESERVE_PAGES, MEDIUM_PAGES, KIND_RUN);
}

/* A run of pages; what is kept of slabs gives way. */
static void *take_pages(struct alloc *a, unsigned count, unsigned align, enum kind kind)
{
    fill_reserve(a);
    void *run = pages_take(&a->pages, count, align, kind);
    if (run)
        return run;
    trim(a);
    return pages_take(&a->pages, count, align, kind);
}

static struct slab *new_slab(struct alloc *a, unsigned class)
{
    if (!hold(a, slab_size(class)))
        return NULL;
    unsigned pages = kind_pages(class_kind(class));
    struct slab *s = take_pages(a, pages, pages, class_kind(class));
    if (!s) {
        a->held -= slab_size(class);
        return NULL;
    }
    unpoison_memory(s, sizeof(*s));
    *s = (struct slab){ .fresh = sizeof(*s), .class = (uint16_t)class, .block_size = (uint16_t)class_size(class) };
    list_add(a, class, s);
    return s;
}

/* One with a free block of a larger class, of size_max at most, and of the same kind: a block of another kind would be
 * displaced. */
static struct slab *larger_slab(const struct alloc *a, unsigned class, unsigned size_max)
{
    unsigned end = class < SMALL_CLASSES ? SMALL_CLASSES : CLASSES;
    while (++class < end && class_size(class) <= size_max)
        if (a->slabs[class])
            return a->slabs[class];
    return NULL;
}

/* While the reserve is open: its few pages serve blocks of all sizes, in slabs of three classes. */
static struct slab *find_reserved_slab(struct alloc *a, unsigned class)
{
    struct slab *s = larger_slab(a, class, MEDIUM_MAX);
    if (s)
        return s;
    if (class >= SMALL_CLASSES)
        return new_slab(a, CLASSES - 1);
    return new_slab(a, class <= WORDS_CLASS ? WORDS_CLASS : SMALL_CLASSES - 1);
}

/* The class of the slab that a medium block of this class shares with other medium blocks, while a session has few of
 * them: a slab of four pages for one block would be most of what a fresh session takes. */
static unsigned shared_class(unsigned class)
{
    unsigned shared = class;
    while (class >= SMALL_CLASSES && shared + 1 < CLASSES && class_size(shared + 1) <= 2 * class_size(class))
        shared++;
    return shared;
}

/* Finds a slab when none of the class has a free block. While a session holds little, blocks of one class also use the
 * slabs of larger classes: otherwise it would end with some pages for a block or two of each class. A session that holds
 * much does not: near its quota, each such block would cost a collection. */
COLD static struct slab *find_other_slab(struct alloc *a, unsigned class)
{
    if (is_reserve_open(a))
        return find_reserved_slab(a, class);
    bool little = a->held <= LITTLE;
    struct slab *s = little ? larger_slab(a, class, 2 * class_size(class)) : NULL;
    if (!s)
        s = new_slab(a, a->held <= REGION_SIZE / 2 ? shared_class(class) : class);
    return s || !little ? s : larger_slab(a, class, MEDIUM_MAX);
}

POISON_IGNORED static void *pop_block(struct slab *s, unsigned class)
{
    struct block *b = s->free;
    if (b && !(POISON_REUSE_LATE && has_fresh(s, class))) {
        s->free = b->next;
        return b;
    }
    b = (struct block *)((char *)s + s->fresh);
    s->fresh = (uint16_t)(s->fresh + s->block_size);
    return b;
}

POISON_IGNORED static void push_block(struct slab *s, struct block *b)
{
    struct block **at = &s->free;
    while (POISON_REUSE_LATE && *at)
        at = &(*at)->next;
    b->next = *at;
    *at = b;
}

static void *slab_take(struct alloc *a, unsigned class)
{
    struct slab *s = a->slabs[class];
    if (!s && !(s = find_other_slab(a, class)))
        return NULL;
    class = s->class;
    void *b = pop_block(s, class);
    if (s->used++ == 0)
        a->kept[class] = NULL;
    if (is_full(s, class))
        list_remove(a, class, s);
    account(a, s->block_size);
    return b;
}

static struct slab *slab_of(enum kind kind, const void *block)
{
    return (struct slab *)((uintptr_t)block & ~(uintptr_t)(kind_pages(kind) * PAGE_SIZE - 1));
}

static void slab_give(struct alloc *a, enum kind kind, void *block)
{
    struct slab *s = slab_of(kind, block);
    unsigned class = s->class; /* or a larger one than asked for */
    if (is_full(s, class))
        list_add(a, class, s);
    push_block(s, block);
    s->used--;
    a->used -= s->block_size;
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

static enum kind kind_for(size_t size)
{
    if (size <= SMALL_MAX)
        return KIND_SMALL;
    if (size <= MEDIUM_MAX)
        return KIND_MEDIUM;
    return page_count(size) <= RUN_PAGES_MAX ? KIND_RUN : KIND_LARGE;
}

/* What a block above MEDIUM_MAX takes. */
static size_t whole_size(size_t size)
{
    return kind_for(size) == KIND_RUN ? page_count(size) * PAGE_SIZE : large_size(size);
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
    poison_memory(l + 1, l->size - sizeof(*l));
    return l + 1;
}

static struct large *large_of(const void *block)
{
    return (struct large *)block - 1;
}

COLD static void large_give(struct alloc *a, struct large *l)
{
    a->used -= l->size;
    a->held -= l->size;
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    unpoison_memory(l, l->size);
    port_unmap(l, l->size);
}

COLD static void *whole_take(struct alloc *a, size_t size)
{
    if (size > LUATEE_TA_MEMORY_MAX || !hold(a, whole_size(size)))
        return NULL;
    void *block = kind_for(size) == KIND_RUN ? take_pages(a, (unsigned)page_count(size), 1, KIND_RUN) :
                                               large_take(a, size);
    if (block)
        account(a, whole_size(size));
    else
        a->held -= whole_size(size);
    return block;
}

static void run_give(struct alloc *a, void *run, size_t pages)
{
    a->used -= pages * PAGE_SIZE;
    a->held -= pages * PAGE_SIZE;
    pages_give(&a->pages, run, (unsigned)pages);
}

/* --- blocks of any size ------------------------------------------------------------------------------------------- */

static enum kind kind_of(const struct alloc *a, const void *block, size_t size)
{
    return a->displaced ? (enum kind)pages_use(&a->pages, block) : kind_for(size);
}

static void *take(struct alloc *a, size_t size)
{
    void *block = size <= MEDIUM_MAX ? slab_take(a, class_of(a, size)) : whole_take(a, size);
    if (block)
        unpoison_memory(block, size);
    return block;
}

static void give(struct alloc *a, void *block, size_t size)
{
    enum kind kind = kind_of(a, block, size);
    if (kind != kind_for(size))
        a->displaced--;
    poison_memory(block, size);
    if (kind == KIND_RUN)
        run_give(a, block, page_count(size));
    else if (kind == KIND_LARGE)
        large_give(a, large_of(block));
    else
        slab_give(a, kind, block);
}

/* The most that a block could be without other memory than it has. */
static size_t room(enum kind kind, const void *block, size_t size)
{
    if (kind == KIND_RUN)
        return page_count(size) * PAGE_SIZE;
    if (kind == KIND_LARGE)
        return large_of(block)->size - sizeof(struct large);
    return class_size(slab_of(kind, block)->class);
}

/* Gives a block, where it is, another size: at most its room. A run gives back the pages that it does not need. */
static void resize(struct alloc *a, enum kind kind, void *block, size_t old_size, size_t new_size)
{
    poison_memory(block, old_size);
    unpoison_memory(block, new_size);
    if (kind == KIND_RUN && page_count(new_size) < page_count(old_size))
        run_give(a, (char *)block + page_count(new_size) * PAGE_SIZE, page_count(old_size) - page_count(new_size));
    a->displaced -= kind != kind_for(old_size);
    a->displaced += kind != kind_for(new_size);
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
    wipe(block, size);
    give(a, block, size);
}

/* Is a block for old_size bytes just the one that would be chosen for new_size bytes? Then it stays where it is. */
static bool stays(const struct alloc *a, size_t old_size, size_t new_size)
{
    if (old_size <= MEDIUM_MAX && new_size <= MEDIUM_MAX)
        return class_of(a, old_size) == class_of(a, new_size);
    return kind_for(old_size) == kind_for(new_size) && whole_size(old_size) == whole_size(new_size);
}

/* For Lua. had: the bytes that it has already. */
static void note_shortage(struct alloc *a, size_t size, size_t had)
{
    a->shortage = (struct alloc_shortage){ .needed = size > had ? size - had : 0, .used = a->held };
}

static void *take_noted(struct alloc *a, size_t size)
{
    void *block = take(a, size);
    if (!block)
        note_shortage(a, size, 0);
    return block;
}

/* Moves a block, or leaves it where it is when there is no other. */
COLD static void *move(struct alloc *a, void *block, size_t old_size, size_t new_size)
{
    void *moved = take(a, new_size);
    if (moved) {
        memcpy(moved, block, old_size < new_size ? old_size : new_size);
        give(a, block, old_size);
        return moved;
    }
    enum kind kind = kind_of(a, block, old_size);
    if (new_size <= room(kind, block, old_size)) {
        resize(a, kind, block, old_size, new_size);
        return block;
    }
    note_shortage(a, new_size, old_size);
    return NULL;
}

void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct alloc *a = ud;
    if (!block) /* old_size is the kind of object then */
        return new_size ? take_noted(a, new_size) : NULL;
    if (new_size == 0) {
        give(a, block, old_size);
        return NULL;
    }
    if (!stays(a, old_size, new_size))
        return move(a, block, old_size, new_size);
    poison_memory(block, old_size);
    unpoison_memory(block, new_size);
    return block;
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
    if (open && a->reserve) {
        pages_give(&a->pages, a->reserve, RESERVE_PAGES);
        a->reserve = NULL;
    }
    fill_reserve(a);
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
    while (a->large)
        large_give(a, a->large);
    pages_clear(&a->pages); /* all but the one that holds a */
    port_unmap(a, REGION_SIZE);
}
