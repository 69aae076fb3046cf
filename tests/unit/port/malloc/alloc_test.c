/* SPDX-License-Identifier: BSD-2-Clause */
/* The allocator on malloc grants and refuses what the session's real one does, and has the same figures. */
/* link: $(malloc_objs) */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/alloc.h"

/* The real one, as port/malloc/placement.h names it. */
struct placement;
struct placement *placement_new(void);
void placement_delete(struct placement *p);
void placement_limit(struct placement *p, size_t quota);
void placement_reserve(struct placement *p, bool open);
size_t placement_used(const struct placement *p);
size_t placement_held(const struct placement *p);
size_t placement_held_peak(const struct placement *p);
struct alloc_shortage placement_shortage(const struct placement *p);
void *placement_lua(void *ud, void *block, size_t old_size, size_t new_size);

#define BLOCKS 500
#define STEPS 100000

static uint32_t random_state = 88172645u;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static size_t random_size(void)
{
    unsigned bits = 1 + next_random() % 18;
    return 1 + next_random() % (1u << bits);
}

struct pair {
    uint8_t *on_malloc;
    uint8_t *real;
    size_t size;
};

static void assert_same_figures(const struct alloc *a, const struct placement *p)
{
    assert_int_equal(alloc_used(a), placement_used(p));
    assert_int_equal(alloc_held(a), placement_held(p));
    assert_int_equal(alloc_held_peak(a), placement_held_peak(p));
    assert_int_equal(alloc_shortage(a).needed, placement_shortage(p).needed);
    assert_int_equal(alloc_shortage(a).used, placement_shortage(p).used);
}

static void change(struct alloc *a, struct placement *p, struct pair *pair)
{
    size_t size = pair->on_malloc && next_random() % 3 == 0 ? 0 : random_size();
    if (pair->on_malloc && memcmp(pair->on_malloc, pair->real, pair->size) != 0)
        fail_msg("other bytes");
    uint8_t *on_malloc = alloc_lua(a, pair->on_malloc, pair->size, size);
    uint8_t *real = placement_lua(p, pair->real, pair->size, size);
    assert_int_equal(on_malloc == NULL, real == NULL);
    if (!on_malloc && size > 0)
        return;
    *pair = (struct pair){ on_malloc, real, size };
    if (size == 0)
        return;
    memset(on_malloc, (int)(size & 0xff), size);
    memcpy(real, on_malloc, size);
}

static void the_figures_are_those_of_the_real_one(void **state)
{
    (void)state;
    static struct pair pairs[BLOCKS];
    struct alloc *a = alloc_new();
    struct placement *p = placement_new();
    alloc_limit(a, 700000);
    placement_limit(p, 700000);
    for (int step = 0; step < STEPS; step++) {
        if (next_random() % 100 == 0) {
            bool open = next_random() % 2;
            alloc_reserve(a, open);
            placement_reserve(p, open);
        }
        change(a, p, &pairs[next_random() % BLOCKS]);
        assert_same_figures(a, p);
    }
    assert_true(alloc_shortage(a).needed > 0); /* the quota was met */
    alloc_delete(a);                           /* with what is still allocated */
    placement_delete(p);
}

static void free_memory_is_wiped_and_gone(void **state)
{
    (void)state;
    struct alloc *a = alloc_new();
    alloc_free(a, NULL, 10);
    alloc_free_wiped(a, NULL, 10);
    void *block = alloc_block(a, 10), *wiped = alloc_block(a, 10);
    alloc_free(a, block, 10);
    alloc_free_wiped(a, wiped, 10);
    assert_int_equal(alloc_used(a), 0);
    assert_null(alloc_block(a, SIZE_MAX));
    alloc_delete(a);
    alloc_delete(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_are_those_of_the_real_one),
        cmocka_unit_test(free_memory_is_wiped_and_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
