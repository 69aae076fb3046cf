/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/alloc_state.h"
#include "core/base/poison.h"
#include "port/port.h"

static void *map_large(struct alloc *a, size_t size)
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

COLD void *alloc_whole(struct alloc *a, size_t size)
{
    if (size > LUATEE_TA_MEMORY_MAX || !alloc_hold(a, whole_size(size)))
        return NULL;
    void *block = kind_for(size) == KIND_RUN ? alloc_pages(a, (unsigned)page_count(size), 1, KIND_RUN) :
                                               map_large(a, size);
    if (block)
        account(a, whole_size(size));
    else
        a->held -= whole_size(size);
    return block;
}

void alloc_release_run(struct alloc *a, void *run, size_t pages)
{
    a->used -= pages * PAGE_SIZE;
    a->held -= pages * PAGE_SIZE;
    pages_release(&a->pages, run, (unsigned)pages);
}

COLD void alloc_release_large(struct alloc *a, struct large *l)
{
    a->used -= l->size;
    a->held -= l->size;
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    unpoison_memory(l, l->size);
    port_unmap(l, l->size);
}
