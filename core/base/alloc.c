/* SPDX-License-Identifier: BSD-2-Clause */
/* Nearly every block passes through this file, so it is compiled for speed (ta/sub.mk) and keeps its static functions
 * in one place, where the compiler can inline them. alloc_state.h describes the design. */
#include "core/base/alloc.h"

#include <stdint.h>
#include <string.h>

#include "core/base/alloc_state.h"
#include "core/base/poison.h"
#include "core/base/wipe.h"
#include "port/port.h"

static unsigned class_of(const struct alloc *a, size_t size)
{
    return a->class_of[(size + GRAIN - 1) / GRAIN];
}

/* --- blocks in slabs ---------------------------------------------------------------------------------------------- */

static bool has_fresh(const struct slab *s, unsigned class)
{
    return s->fresh + s->block_size <= slab_size(class);
}

static bool is_full(const struct slab *s, unsigned class)
{
    return !s->free && !has_fresh(s, class);
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

static void *slab_allocate(struct alloc *a, unsigned class)
{
    struct slab *s = a->slabs[class];
    if (!s && !(s = alloc_find_slab(a, class)))
        return NULL;
    class = s->class;
    void *b = pop_block(s, class);
    if (s->used++ == 0)
        a->kept[class] = NULL;
    if (is_full(s, class))
        slab_list_remove(a, class, s);
    account(a, s->block_size);
    return b;
}

static struct slab *slab_of(enum kind kind, const void *block)
{
    return (struct slab *)((uintptr_t)block & ~(uintptr_t)(kind_pages(kind) * PAGE_SIZE - 1));
}

static void slab_free(struct alloc *a, enum kind kind, void *block)
{
    struct slab *s = slab_of(kind, block);
    unsigned class = s->class; /* can be larger than the class of the block's size */
    if (is_full(s, class))
        slab_list_add(a, class, s);
    push_block(s, block);
    s->used--;
    a->used -= s->block_size;
    /* The last slab of a class is kept: the next block of this class is likely to be requested soon. */
    if (s->used > 0)
        return;
    if (s->next || s->prev)
        alloc_release_slab(a, s);
    else
        a->kept[class] = s;
}

/* --- blocks of any size ------------------------------------------------------------------------------------------- */

/* Returns the kind of a block that is in use. */
static enum kind kind_of(const struct alloc *a, const void *block, size_t size)
{
    return a->displaced ? (enum kind)pages_use(&a->pages, block) : kind_for(size);
}

static void *allocate(struct alloc *a, size_t size)
{
    void *block = size <= MEDIUM_MAX ? slab_allocate(a, class_of(a, size)) : alloc_whole(a, size);
    if (block)
        unpoison_memory(block, size);
    return block;
}

static void release(struct alloc *a, void *block, size_t size)
{
    enum kind kind = kind_of(a, block, size);
    if (kind != kind_for(size))
        a->displaced--;
    poison_memory(block, size);
    if (kind == KIND_RUN)
        alloc_release_run(a, block, page_count(size));
    else if (kind == KIND_LARGE)
        alloc_release_large(a, large_of(block));
    else
        slab_free(a, kind, block);
}

/* Returns the largest size that the block can have in the memory it has. */
static size_t capacity(enum kind kind, const void *block, size_t size)
{
    if (kind == KIND_RUN)
        return page_count(size) * PAGE_SIZE;
    if (kind == KIND_LARGE)
        return large_of(block)->size - sizeof(struct large);
    return slab_of(kind, block)->block_size;
}

/* Changes the size of a block without moving it. new_size: at most the block's capacity. A run releases the pages that
 * it no longer needs. */
static void resize(struct alloc *a, enum kind kind, void *block, size_t old_size, size_t new_size)
{
    poison_memory(block, old_size);
    unpoison_memory(block, new_size);
    size_t old_pages = page_count(old_size), new_pages = page_count(new_size);
    if (kind == KIND_RUN && new_pages < old_pages)
        alloc_release_run(a, (char *)block + new_pages * PAGE_SIZE, old_pages - new_pages);
    a->displaced -= kind != kind_for(old_size);
    a->displaced += kind != kind_for(new_size);
}

void *alloc_block(struct alloc *a, size_t size)
{
    void *block = allocate(a, size);
    if (block || !a->reclaim)
        return block;
    a->reclaim(a->reclaim_ctx);
    return allocate(a, size);
}

void alloc_free(struct alloc *a, void *block, size_t size)
{
    if (block)
        release(a, block, size);
}

void alloc_free_wiped(struct alloc *a, void *block, size_t size)
{
    if (!block)
        return;
    wipe(block, size);
    release(a, block, size);
}

/* --- for Lua ------------------------------------------------------------------------------------------------------ */

/* Returns whether a new block of new_size bytes would be just like one of old_size bytes. */
static bool is_same_place(const struct alloc *a, size_t old_size, size_t new_size)
{
    if (old_size <= MEDIUM_MAX && new_size <= MEDIUM_MAX)
        return class_of(a, old_size) == class_of(a, new_size);
    return kind_for(old_size) == kind_for(new_size) && whole_size(old_size) == whole_size(new_size);
}

static void note_shortage(struct alloc *a, size_t size, size_t old_size)
{
    a->shortage = (struct alloc_shortage){ .needed = size > old_size ? size - old_size : 0, .used = a->held };
}

static void *allocate_noted(struct alloc *a, size_t size)
{
    void *block = allocate(a, size);
    if (!block)
        note_shortage(a, size, 0);
    return block;
}

/* Moves a block. When there is no memory for the new one, resizes the block in its place if it fits. */
COLD static void *move(struct alloc *a, void *block, size_t old_size, size_t new_size)
{
    void *moved = allocate(a, new_size);
    if (moved) {
        memcpy(moved, block, old_size < new_size ? old_size : new_size);
        release(a, block, old_size);
        return moved;
    }
    enum kind kind = kind_of(a, block, old_size);
    if (new_size <= capacity(kind, block, old_size)) {
        resize(a, kind, block, old_size, new_size);
        return block;
    }
    note_shortage(a, new_size, old_size);
    return NULL;
}

void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct alloc *a = ud;
    if (!block) /* old_size is then the type of the new object (lua_Alloc), not a size */
        return new_size ? allocate_noted(a, new_size) : NULL;
    if (new_size == 0) {
        release(a, block, old_size);
        return NULL;
    }
    if (!is_same_place(a, old_size, new_size))
        return move(a, block, old_size, new_size);
    poison_memory(block, old_size);
    unpoison_memory(block, new_size);
    return block;
}

/* --- the allocator itself ----------------------------------------------------------------------------------------- */

void alloc_on_shortage(struct alloc *a, void (*reclaim)(void *ctx), void *ctx)
{
    a->reclaim = reclaim;
    a->reclaim_ctx = ctx;
}

struct alloc *alloc_new(void)
{
    /* The first pages of the first region hold the allocator itself. The port's pages are zeros. */
    struct alloc *a = port_map(REGION_SIZE);
    if (!a)
        return NULL;
    pages_init(&a->pages, (char *)a, (unsigned)page_count(sizeof(*a)));
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
    alloc_init_classes(a);
    return a;
}

void alloc_delete(struct alloc *a)
{
    if (!a)
        return;
    while (a->large)
        alloc_release_large(a, a->large);
    pages_clear(&a->pages); /* all regions but the first, which holds *a */
    port_unmap(a, REGION_SIZE);
}
