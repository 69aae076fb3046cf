/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "port/port.h"

/*
 * Classes: every 16 bytes up to SMALL_MAX; above, four to each doubling up to MEDIUM_MAX, so that at most a fifth of a block
 * is lost. A freed block stays with its class. Larger blocks are pages of their own and go back to the TEE when freed.
 */
#define GRAIN 16u
#define SMALL_MAX 512u
#define SMALL_CLASSES (SMALL_MAX / GRAIN)
#define MEDIUM_MAX 32768u
#define STEPS 4u
#define MEDIUM_CLASSES (6u * STEPS) /* 512 to 32768 are six doublings */
#define CLASSES (SMALL_CLASSES + MEDIUM_CLASSES)

/* What is taken from the port at a time. */
#define CHUNK_SIZE 65536u
#define PAGE_SIZE 4096u

struct free_block {
    struct free_block *next;
};

struct chunk {
    struct chunk *next;
    size_t unused; /* keeps blocks aligned */
};

/* A list of the large blocks, so that alloc_delete finds them; kept in front of the block, in its first bytes. */
struct large {
    struct large *next;
    struct large **link; /* what points here */
    size_t size;
    size_t unused;
};

struct alloc {
    struct free_block *free[CLASSES];
    char *bump; /* the rest of the newest chunk */
    size_t bump_left;
    struct chunk *chunks;
    struct large *large;
    size_t used;
    size_t peak;
};

static unsigned class_of(size_t size)
{
    if (size <= SMALL_MAX)
        return (unsigned)((size - 1) / GRAIN);
    unsigned shift = 63u - (unsigned)__builtin_clzll((unsigned long long)(size - 1)); /* 2^shift <= size - 1 */
    unsigned step = (unsigned)((size - 1) >> (shift - 2)) & (STEPS - 1);
    return SMALL_CLASSES + (shift - 9) * STEPS + step;
}

static size_t class_size(unsigned class)
{
    if (class < SMALL_CLASSES)
        return (class + 1) * GRAIN;
    unsigned medium = class - SMALL_CLASSES;
    size_t base = (size_t)SMALL_MAX << (medium / STEPS);
    return base + (medium % STEPS + 1) * (base / STEPS);
}

static size_t large_size(size_t size)
{
    return (size + sizeof(struct large) + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
}

static void count(struct alloc *a, size_t size)
{
    a->used += size;
    if (a->used > a->peak)
        a->peak = a->used;
}

static void put(struct alloc *a, void *block, unsigned class)
{
    struct free_block *b = block;
    b->next = a->free[class];
    a->free[class] = b;
}

/* What is left of a chunk is cut into blocks of the largest classes that fit, so that none of it is lost. */
static void retire_bump(struct alloc *a)
{
    while (a->bump_left >= GRAIN) {
        unsigned class = class_of(a->bump_left > MEDIUM_MAX ? MEDIUM_MAX : a->bump_left);
        if (class_size(class) > a->bump_left)
            class--;
        size_t size = class_size(class);
        put(a, a->bump, class);
        a->bump += size;
        a->bump_left -= size;
    }
}

static bool new_chunk(struct alloc *a)
{
    struct chunk *c = port_map(CHUNK_SIZE);
    if (!c)
        return false;
    retire_bump(a);
    c->next = a->chunks;
    a->chunks = c;
    a->bump = (char *)(c + 1);
    a->bump_left = CHUNK_SIZE - sizeof(*c);
    return true;
}

static void *carve(struct alloc *a, size_t size)
{
    if (a->bump_left < size && !new_chunk(a))
        return NULL;
    void *block = a->bump;
    a->bump += size;
    a->bump_left -= size;
    return block;
}

static void *large_new(struct alloc *a, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct large) - PAGE_SIZE)
        return NULL;
    size_t pages = large_size(size);
    struct large *l = port_map(pages);
    if (!l)
        return NULL;
    l->size = pages;
    l->next = a->large;
    l->link = &a->large;
    if (l->next)
        l->next->link = &l->next;
    a->large = l;
    count(a, pages);
    return l + 1;
}

static void large_free(struct alloc *a, void *block)
{
    struct large *l = (struct large *)block - 1;
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    a->used -= l->size;
    port_unmap(l, l->size);
}

void *alloc_block(struct alloc *a, size_t size)
{
    if (size > MEDIUM_MAX)
        return large_new(a, size);
    unsigned class = class_of(size);
    size_t real = class_size(class);
    struct free_block *b = a->free[class];
    if (b)
        a->free[class] = b->next;
    else if (!(b = carve(a, real)))
        return NULL;
    count(a, real);
    return b;
}

void alloc_free(struct alloc *a, void *block, size_t size)
{
    if (!block)
        return;
    if (size > MEDIUM_MAX) {
        large_free(a, block);
        return;
    }
    unsigned class = class_of(size);
    a->used -= class_size(class);
    put(a, block, class);
}

void alloc_free_wiped(struct alloc *a, void *block, size_t size)
{
    if (!block)
        return;
    memset(block, 0, size);
    __asm__ volatile("" : : "r"(block) : "memory"); /* the memset is not dead */
    alloc_free(a, block, size);
}

/* Would a block of old_size bytes hold new_size bytes, and be chosen for them? Then it stays where it is. */
static bool stays(size_t old_size, size_t new_size)
{
    if (old_size > MEDIUM_MAX || new_size > MEDIUM_MAX)
        return old_size > MEDIUM_MAX && new_size > MEDIUM_MAX && large_size(old_size) == large_size(new_size);
    return class_of(old_size) == class_of(new_size);
}

void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct alloc *a = ud;
    if (new_size == 0) {
        if (block && old_size > 0)
            alloc_free(a, block, old_size);
        return NULL;
    }
    if (!block || old_size == 0)
        return alloc_block(a, new_size);
    if (stays(old_size, new_size))
        return block;
    void *moved = alloc_block(a, new_size);
    if (!moved)
        return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    alloc_free(a, block, old_size);
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

struct alloc *alloc_new(void)
{
    /* The first chunk also holds the allocator. */
    struct chunk *c = port_map(CHUNK_SIZE);
    if (!c)
        return NULL;
    struct alloc *a = (struct alloc *)(c + 1);
    size_t taken = (sizeof(*a) + GRAIN - 1) & ~(size_t)(GRAIN - 1);
    a->chunks = c;
    a->bump = (char *)a + taken;
    a->bump_left = CHUNK_SIZE - sizeof(*c) - taken;
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
    for (struct chunk *c = a->chunks; c;) {
        struct chunk *next = c->next; /* the last one holds a itself */
        port_unmap(c, CHUNK_SIZE);
        c = next;
    }
}
