/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * core/base/alloc.h on malloc, for builds with AddressSanitizer. Every block is a malloc of its exact size and moves
 * whenever its size changes, so that ASan's redzones, quarantine and stack traces apply. Each block also occupies a
 * place in the session's real allocator (port/malloc/placement.h), which decides whether there is memory. So limits and
 * figures are those of the real allocator.
 */
#include "core/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/poison.h"

struct placement;
struct placement *placement_new(void);
void placement_delete(struct placement *p);
void placement_on_shortage(struct placement *p, void (*reclaim)(void *ctx), void *ctx);
size_t placement_used(const struct placement *p);
size_t placement_peak(const struct placement *p);
size_t placement_held(const struct placement *p);
size_t placement_held_peak(const struct placement *p);
void placement_limit(struct placement *p, size_t quota);
size_t placement_quota(const struct placement *p);
struct alloc_shortage placement_shortage(const struct placement *p);
void placement_reserve(struct placement *p, bool open);
void *placement_block(struct placement *p, size_t size);
void placement_free(struct placement *p, void *block, size_t size);
void placement_free_wiped(struct placement *p, void *block, size_t size);
void *placement_lua(void *ud, void *block, size_t old_size, size_t new_size);

/* Precedes each block and is poisoned. */
struct header {
    struct header *next;
    struct header **link; /* the pointer to this header; it can be in another, poisoned header */
    void *place;
    size_t size;
};

struct alloc {
    struct placement *placement;
    struct header *blocks; /* all that are in use */
};

static void *checked_malloc(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        abort(); /* the machine has no memory: the session's own limit was checked before */
    return memory;
}

POISON_IGNORED static void *new_block(struct alloc *a, void *place, size_t size)
{
    struct header *h = checked_malloc(sizeof(*h) + size);
    h->next = a->blocks;
    h->link = &a->blocks;
    h->place = place;
    h->size = size;
    if (h->next)
        h->next->link = &h->next;
    a->blocks = h;
    poison_memory(h, sizeof(*h));
    return h + 1;
}

POISON_IGNORED static void delete_block(struct header *h)
{
    *h->link = h->next;
    if (h->next)
        h->next->link = h->link;
    unpoison_memory(h, sizeof(*h));
    free(h);
}

/* Returns the header of a block, and checks the size that the caller believes it has. */
POISON_IGNORED static struct header *header_of(void *block, size_t size)
{
    struct header *h = (struct header *)block - 1;
    if (h->size != size)
        abort(); /* a mistake of the caller, which the real allocator cannot detect */
    return h;
}

POISON_IGNORED static void *place_of(const struct header *h)
{
    return h->place;
}

struct alloc *alloc_new(void)
{
    struct placement *p = placement_new();
    if (!p)
        return NULL;
    struct alloc *a = checked_malloc(sizeof(*a));
    *a = (struct alloc){ .placement = p };
    return a;
}

void alloc_delete(struct alloc *a)
{
    if (!a)
        return;
    while (a->blocks)
        delete_block(a->blocks); /* NOLINT(clang-analyzer-unix.Malloc): *h->link, which it changes, is a->blocks here */
    placement_delete(a->placement);
    free(a);
}

void *alloc_block(struct alloc *a, size_t size)
{
    void *place = placement_block(a->placement, size);
    return place ? new_block(a, place, size) : NULL;
}

void alloc_free(struct alloc *a, void *block, size_t size)
{
    if (!block)
        return;
    struct header *h = header_of(block, size);
    placement_free(a->placement, place_of(h), size);
    delete_block(h);
}

void alloc_free_wiped(struct alloc *a, void *block, size_t size)
{
    if (block)
        memset(block, 0, size); /* so that ASan reports a wrong size; malloc needs no wiping */
    alloc_free(a, block, size);
}

void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct alloc *a = ud;
    struct header *h = block ? header_of(block, old_size) : NULL;
    void *place = placement_lua(a->placement, h ? place_of(h) : NULL, old_size, new_size);
    if (!place && new_size)
        return NULL;
    void *moved = place ? new_block(a, place, new_size) : NULL;
    if (moved && h)
        memcpy(moved, block, old_size < new_size ? old_size : new_size);
    if (h)
        delete_block(h);
    return moved;
}

size_t alloc_used(const struct alloc *a)
{
    return placement_used(a->placement);
}

size_t alloc_peak(const struct alloc *a)
{
    return placement_peak(a->placement);
}

size_t alloc_held(const struct alloc *a)
{
    return placement_held(a->placement);
}

size_t alloc_held_peak(const struct alloc *a)
{
    return placement_held_peak(a->placement);
}

void alloc_limit(struct alloc *a, size_t quota)
{
    placement_limit(a->placement, quota);
}

size_t alloc_quota(const struct alloc *a)
{
    return placement_quota(a->placement);
}

struct alloc_shortage alloc_shortage(const struct alloc *a)
{
    return placement_shortage(a->placement);
}

void alloc_reserve(struct alloc *a, bool open)
{
    placement_reserve(a->placement, open);
}

void alloc_on_shortage(struct alloc *a, void (*reclaim)(void *ctx), void *ctx)
{
    placement_on_shortage(a->placement, reclaim, ctx);
}
