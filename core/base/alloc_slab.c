/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/alloc_state.h"
#include "core/base/poison.h"

/* Sizes of the medium classes: as large as 31, 25, 21, 18, ... 4 blocks in a slab can be. */
static const uint16_t medium_sizes[] = { 512, 640, 768, 896, 1088, 1248, 1472, 1808, 2032, 2336, 2720, 3264, 4080 };
_Static_assert(sizeof(medium_sizes) / sizeof(medium_sizes[0]) == MEDIUM_CLASSES, "a size for each medium class");

/* A session that holds at most this many bytes also places blocks in slabs of larger classes. */
#define SMALL_SESSION (512u * 1024u)

#define TRACEBACK_CLASS (256u / GRAIN - 1) /* holds a line of a traceback */

static unsigned class_size(unsigned class)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn): class < CLASSES, which the analyzer cannot count */
    return class < SMALL_CLASSES ? (class + 1) * GRAIN : medium_sizes[class - SMALL_CLASSES];
}

void alloc_init_classes(struct alloc *a)
{
    unsigned class = 0;
    for (unsigned grains = 1; grains <= MEDIUM_MAX / GRAIN; grains++) {
        if (grains * GRAIN > class_size(class))
            class++;
        a->class_of[grains] = (uint8_t)class;
    }
}

COLD void alloc_release_slab(struct alloc *a, struct slab *s)
{
    slab_list_remove(a, s->class, s);
    a->held -= slab_size(s->class);
    pages_release(&a->pages, s, kind_pages(class_kind(s->class)));
}

void alloc_release_kept_slabs(struct alloc *a)
{
    for (unsigned class = 0; class < CLASSES; class++) {
        if (a->kept[class])
            alloc_release_slab(a, a->kept[class]);
        a->kept[class] = NULL;
    }
}

static struct slab *new_slab(struct alloc *a, unsigned class)
{
    if (!alloc_hold(a, slab_size(class)))
        return NULL;
    unsigned pages = kind_pages(class_kind(class));
    struct slab *s = alloc_pages(a, pages, pages, class_kind(class));
    if (!s) {
        a->held -= slab_size(class);
        return NULL;
    }
    unpoison_memory(s, sizeof(*s));
    *s = (struct slab){ .fresh = sizeof(*s), .class = (uint16_t)class, .block_size = (uint16_t)class_size(class) };
    slab_list_add(a, class, s);
    return s;
}

/* Returns a slab with a free block of a larger class of the same kind and at most size_max bytes, or NULL. A block of
 * another kind would be displaced. */
static struct slab *larger_slab(const struct alloc *a, unsigned class, unsigned size_max)
{
    unsigned end = class < SMALL_CLASSES ? SMALL_CLASSES : CLASSES;
    while (++class < end && class_size(class) <= size_max)
        if (a->slabs[class])
            return a->slabs[class];
    return NULL;
}

/* The reserve has few pages, which must serve blocks of all sizes. So there are only slabs of three classes in it. */
static struct slab *find_reserved_slab(struct alloc *a, unsigned class)
{
    struct slab *s = larger_slab(a, class, MEDIUM_MAX);
    if (s)
        return s;
    if (class >= SMALL_CLASSES)
        return new_slab(a, CLASSES - 1);
    return new_slab(a, class <= TRACEBACK_CLASS ? TRACEBACK_CLASS : SMALL_CLASSES - 1);
}

/* Returns the class of the slab that a medium block of this class shares with other medium blocks, while a session has
 * few of them. A slab of four pages for one block would be most of what a fresh session takes. */
static unsigned shared_class(unsigned class)
{
    unsigned shared = class;
    while (class >= SMALL_CLASSES && shared + 1 < CLASSES && class_size(shared + 1) <= 2 * class_size(class))
        shared++;
    return shared;
}

/* While a session holds little, blocks of one class also use slabs of larger classes. Otherwise the session would end
 * with some pages for a block or two of each class. A session that holds much does not do so: near its quota, each such
 * block would cost a collection. */
COLD struct slab *alloc_find_slab(struct alloc *a, unsigned class)
{
    if (a->limit > a->quota)
        return find_reserved_slab(a, class);
    bool small_session = a->held <= SMALL_SESSION;
    struct slab *s = small_session ? larger_slab(a, class, 2 * class_size(class)) : NULL;
    if (!s)
        s = new_slab(a, a->held <= REGION_SIZE / 2 ? shared_class(class) : class);
    return s || !small_session ? s : larger_slab(a, class, MEDIUM_MAX);
}
