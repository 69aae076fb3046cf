/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/pages.h"

#include "core/base/poison.h"
#include "port/port.h"

static uint32_t run_bits(unsigned count, unsigned first)
{
    return (uint32_t)(((1ull << count) - 1) << first);
}

void pages_init(struct pages *p, char *first_region, unsigned reserved)
{
    p->regions[0].base = first_region;
    p->regions[0].used = run_bits(reserved, 0);
    p->count = 1;
    poison_memory(first_region + reserved * PAGE_SIZE, REGION_SIZE - reserved * PAGE_SIZE);
}

/* Ignores NULL. */
static void unmap(char *base)
{
    if (!base)
        return;
    unpoison_memory(base, REGION_SIZE);
    port_unmap(base, REGION_SIZE);
}

void pages_clear(struct pages *p)
{
    for (unsigned i = 1; i < p->count; i++)
        unmap(p->regions[i].base);
    unpoison_memory(p->regions[0].base, REGION_SIZE);
}

/* Returns a bit for each page of the region at which a run of `count` free pages can begin. */
static uint32_t beginnings(const struct region *r, unsigned count, unsigned align)
{
    uint32_t free = ~r->used;
    /* After each step, a set bit means that a run of `length` free pages begins there. */
    unsigned length = 1;
    while (length < count && free) {
        unsigned step = count - length < length ? count - length : length;
        free &= free >> step;
        length += step;
    }
    if (align > 1) {
        unsigned misaligned = (unsigned)((uintptr_t)r->base / PAGE_SIZE) % align;
        uint32_t every = UINT32_MAX / ((1u << align) - 1); /* each `align`th bit is set */
        free &= every << ((align - misaligned) % align);
    }
    return free;
}

static void set_use(struct region *r, uint32_t pages, unsigned use)
{
    for (unsigned bit = 0; bit < 2; bit++)
        r->use[bit] = use >> bit & 1 ? r->use[bit] | pages : r->use[bit] & ~pages;
}

static void *allocate_in(struct region *r, unsigned count, unsigned align, unsigned use)
{
    uint32_t at = beginnings(r, count, align);
    if (!at)
        return NULL;
    unsigned first = (unsigned)__builtin_ctz(at);
    r->used |= run_bits(count, first);
    set_use(r, run_bits(count, first), use);
    return r->base + first * PAGE_SIZE;
}

static struct region *new_region(struct pages *p)
{
    for (unsigned i = 0; i < REGIONS_MAX; i++) {
        struct region *r = &p->regions[i];
        if (r->base)
            continue;
        r->base = port_map(REGION_SIZE);
        r->used = 0;
        if (i >= p->count)
            p->count = i + 1;
        if (!r->base)
            return NULL;
        poison_memory(r->base, REGION_SIZE);
        return r;
    }
    return NULL;
}

void *pages_allocate(struct pages *p, unsigned count, unsigned align, unsigned use)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (!p->regions[i].base)
            continue;
        void *run = allocate_in(&p->regions[i], count, align, use);
        if (run)
            return run;
    }
    struct region *r = new_region(p);
    return r ? allocate_in(r, count, align, use) : NULL;
}

/* Unmaps an empty region if there is another empty one. */
static void unmap_spare(struct pages *p, struct region *empty)
{
    for (unsigned i = 0; i < p->count; i++) {
        struct region *r = &p->regions[i];
        if (r != empty && r->base && r->used == 0) {
            unmap(empty->base);
            empty->base = NULL;
            return;
        }
    }
}

/* Returns the number of the region that contains the address, or p->count. */
static unsigned find_region(const struct pages *p, const void *address)
{
    unsigned i = 0;
    while (i < p->count && (!p->regions[i].base || (uintptr_t)address - (uintptr_t)p->regions[i].base >= REGION_SIZE))
        i++;
    return i;
}

static unsigned page_of(const struct region *r, const void *address)
{
    return (unsigned)(((uintptr_t)address - (uintptr_t)r->base) / PAGE_SIZE);
}

void pages_release(struct pages *p, void *run, unsigned count)
{
    unsigned i = find_region(p, run);
    if (i == p->count)
        return;
    struct region *r = &p->regions[i];
    poison_memory(run, count * PAGE_SIZE);
    r->used &= ~run_bits(count, page_of(r, run));
    if (r->used == 0)
        unmap_spare(p, r);
}

unsigned pages_use(const struct pages *p, const void *address)
{
    unsigned i = find_region(p, address);
    if (i == p->count)
        return 0;
    const struct region *r = &p->regions[i];
    unsigned page = page_of(r, address);
    return (r->use[0] >> page & 1) | (r->use[1] >> page & 1) << 1;
}
