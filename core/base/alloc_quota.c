/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/alloc_state.h"

#define RESERVE_PAGES (ALLOC_RESERVE / PAGE_SIZE)

/* held can be above the limit already, when the quota was lowered. */
bool alloc_hold(struct alloc *a, size_t size)
{
    if (a->held + size > a->limit)
        alloc_release_kept_slabs(a);
    if (a->held + size > a->limit)
        return false;
    a->held += size;
    if (a->held > a->held_peak)
        a->held_peak = a->held;
    return true;
}

/* Sets the reserve's pages aside. The port can run out of pages below the quota, and then the message that says so
 * needs pages that are there already. A session in a single region has none to spare, and is far from its quota. */
static void fill_reserve(struct alloc *a)
{
    bool is_open = a->limit > a->quota;
    if (!a->reserve && !is_open && a->held > REGION_SIZE)
        a->reserve = pages_allocate(&a->pages, RESERVE_PAGES, MEDIUM_PAGES, KIND_RUN);
}

void *alloc_pages(struct alloc *a, unsigned count, unsigned align, enum kind kind)
{
    fill_reserve(a);
    void *run = pages_allocate(&a->pages, count, align, kind);
    if (run)
        return run;
    alloc_release_kept_slabs(a);
    return pages_allocate(&a->pages, count, align, kind);
}

void alloc_reserve(struct alloc *a, bool open)
{
    a->limit = a->quota + (open ? ALLOC_RESERVE : 0);
    if (open && a->reserve) {
        pages_release(&a->pages, a->reserve, RESERVE_PAGES);
        a->reserve = NULL;
    }
    fill_reserve(a);
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

struct alloc_shortage alloc_shortage(const struct alloc *a)
{
    return a->shortage;
}
