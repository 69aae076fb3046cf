/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/pages.h"

#include "port/port.h"

static uint32_t run_bits(unsigned count, unsigned first)
{
    return (uint32_t)(((1ull << count) - 1) << first);
}

void pages_init(struct pages *p, char *first_region, unsigned taken)
{
    p->regions[0].base = first_region;
    p->regions[0].used = run_bits(taken, 0);
    p->count = 1;
}

void pages_clear(struct pages *p)
{
    for (unsigned i = 1; i < p->count; i++)
        port_unmap(p->regions[i].base, REGION_SIZE); /* NULL is fine */
}

/* The pages of the region that a run of count free pages can begin at, as bits. */
static uint32_t beginnings(const struct region *r, unsigned count, unsigned align)
{
    uint32_t free = ~r->used;
    /* After each step a bit says that a run of `length` free pages begins there. */
    unsigned length = 1;
    while (length < count && free) {
        unsigned step = count - length < length ? count - length : length;
        free &= free >> step;
        length += step;
    }
    if (align > 1) {
        unsigned misaligned = (unsigned)((uintptr_t)r->base / PAGE_SIZE) % align;
        uint32_t every = UINT32_MAX / ((1u << align) - 1); /* a bit in `align` */
        free &= every << ((align - misaligned) % align);
    }
    return free;
}

static void *take_from(struct region *r, unsigned count, unsigned align)
{
    uint32_t at = beginnings(r, count, align);
    if (!at)
        return NULL;
    unsigned first = (unsigned)__builtin_ctz(at);
    r->used |= run_bits(count, first);
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
        return r->base ? r : NULL;
    }
    return NULL;
}

void *pages_take(struct pages *p, unsigned count, unsigned align)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (!p->regions[i].base)
            continue;
        void *run = take_from(&p->regions[i], count, align);
        if (run)
            return run;
    }
    struct region *r = new_region(p);
    return r ? take_from(r, count, align) : NULL;
}

/* Gives an empty region back if it is not the only empty one. */
static void retire(struct pages *p, struct region *empty)
{
    for (unsigned i = 0; i < p->count; i++) {
        struct region *r = &p->regions[i];
        if (r != empty && r->base && r->used == 0) {
            port_unmap(empty->base, REGION_SIZE);
            empty->base = NULL;
            return;
        }
    }
}

void pages_give(struct pages *p, void *run, unsigned count)
{
    for (unsigned i = 0; i < p->count; i++) {
        struct region *r = &p->regions[i];
        uintptr_t offset = (uintptr_t)run - (uintptr_t)r->base;
        if (!r->base || offset >= REGION_SIZE)
            continue;
        r->used &= ~run_bits(count, (unsigned)(offset / PAGE_SIZE));
        if (r->used == 0)
            retire(p, r);
        return;
    }
}
