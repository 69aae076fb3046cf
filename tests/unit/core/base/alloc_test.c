/* SPDX-License-Identifier: BSD-2-Clause */
/* The session's allocator: blocks keep their bytes, and memory that is free again serves any other size. */
/* link: core/base/alloc.c core/base/alloc_quota.c core/base/alloc_slab.c core/base/alloc_whole.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "core/base/alloc.h"

#define BLOCKS 2000
#define PAGE ((size_t)4096)
#define LARGE_HEAD 64 /* at most; in front of a block that is a region of its own */
#define STEPS 200000
#define LARGEST 4080 /* of the blocks that share pages */

static struct alloc *a;

static int setup(void **state)
{
    (void)state;
    a = alloc_new();
    return a ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    alloc_delete(a);
    return 0;
}

static uint32_t random_state = 2463534242u;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* Mostly small, as Lua's are; at times around the edges of the kinds of blocks. */
static size_t random_size(void)
{
    static const size_t edges[] = { 1, 16, 17, 496, 497, 512, 513, 640, 4080, 4081, 4096, 4097, 65536, 65537, 200000 };
    switch (next_random() % 16) {
    case 0:
        return edges[next_random() % (sizeof(edges) / sizeof(edges[0]))];
    case 1:
        return 1 + next_random() % 6000;
    default:
        return 1 + next_random() % 300;
    }
}

struct held {
    uint8_t *block;
    size_t size;
    uint8_t fill;
};

static void check(const struct held *h)
{
    for (size_t i = 0; i < h->size; i += 1 + h->size / 16)
        assert_int_equal(h->block[i], h->fill);
    assert_int_equal(h->block[h->size - 1], h->fill);
}

static void refill(struct held *h)
{
    assert_int_equal((uintptr_t)h->block % 16, 0);
    h->fill = (uint8_t)next_random();
    memset(h->block, h->fill, h->size);
}

static void blocks_keep_their_bytes(void **state)
{
    (void)state;
    static struct held held[BLOCKS];
    for (int step = 0; step < STEPS; step++) {
        struct held *h = &held[next_random() % BLOCKS];
        size_t size = random_size();
        if (!h->block) {
            h->block = alloc_lua(a, NULL, 4, size); /* 4: the kind of a string, which must not be taken for a size */
            if (!h->block)
                continue;
        } else {
            check(h);
            if (next_random() % 2) {
                assert_null(alloc_lua(a, h->block, h->size, 0));
                h->block = NULL;
                continue;
            }
            uint8_t *moved = alloc_lua(a, h->block, h->size, size);
            if (!moved)
                continue;
            h->block = moved;
            h->size = size < h->size ? size : h->size;
            check(h);
        }
        h->size = size;
        refill(h);
    }
    for (int i = 0; i < BLOCKS; i++) {
        if (!held[i].block)
            continue;
        check(&held[i]);
        alloc_free(a, held[i].block, held[i].size);
        held[i].block = NULL;
    }
    assert_int_equal(alloc_used(a), 0);
    assert_true(alloc_peak(a) > 0 && alloc_peak(a) <= LUATEE_TA_MEMORY_MAX);
}

/* Takes blocks of one size until there are no more, chained through their first bytes; returns how many. */
static size_t take_all(size_t size, void **chain)
{
    size_t count = 0;
    *chain = NULL;
    for (void *block; (block = alloc_block(a, size)) != NULL; count++) {
        memcpy(block, chain, sizeof(*chain));
        *chain = block;
    }
    return count;
}

static void give_all(size_t size, void *chain)
{
    while (chain) {
        void *next;
        memcpy(&next, chain, sizeof(next));
        alloc_free(a, chain, size);
        chain = next;
    }
}

static void freed_memory_serves_every_other_size(void **state)
{
    (void)state;
    static const size_t sizes[] = { 16, 64, 512, 513, 1024, 2048, 4000, 4096, 5000, 60000, 70000, 1 << 20 };
    size_t first[sizeof(sizes) / sizeof(sizes[0])] = { 0 };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            void *chain;
            size_t count = take_all(sizes[i], &chain);
            assert_true(count * sizes[i] > LUATEE_TA_MEMORY_MAX / 2);
            give_all(sizes[i], chain);
            assert_int_equal(alloc_used(a), 0);
            if (round == 0)
                first[i] = count;
            else
                assert_true(count * 100 >= first[i] * 90); /* a few slabs are kept */
        }
}

#define QUOTA (128u * 1024u)

/* A block of every size, freed again or not, leaves its class with a slab. */
static void take_every_size(void *blocks[LARGEST / 16])
{
    for (size_t i = 0; i < LARGEST / 16; i++)
        blocks[i] = alloc_block(a, (i + 1) * 16);
}

static void give_every_size(void *blocks[LARGEST / 16])
{
    for (size_t i = 0; i < LARGEST / 16; i++)
        alloc_free(a, blocks[i], (i + 1) * 16);
}

static void slabs_that_are_kept_give_way(void **state)
{
    (void)state;
    static void *blocks[LARGEST / 16];
    void *chain;
    take_every_size(blocks);
    give_every_size(blocks);
    alloc_limit(a, QUOTA);
    void *block = alloc_lua(a, NULL, 0, QUOTA / 2);
    assert_non_null(block);
    alloc_free(a, block, QUOTA / 2);
    take_every_size(blocks);
    give_every_size(blocks);
    size_t count = take_all(16, &chain);
    assert_true(count * 16 > QUOTA / 10 * 9);
    give_all(16, chain);
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
    assert_int_equal(alloc_used(a), 0);
}

/* Without a page for its own class a block comes from a larger one, and goes back there. */
static void a_larger_block_does(void **state)
{
    (void)state;
    static const size_t sizes[][2] = { { 496, 16 }, { 496, 480 }, { 4000, 600 }, { 4000, 3000 } };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        void *chain, *next;
        alloc_limit(a, QUOTA);
        assert_true(take_all(sizes[i][0], &chain) > 2);
        memcpy(&next, chain, sizeof(next));
        alloc_free(a, chain, sizes[i][0]);
        uint8_t *small = alloc_lua(a, NULL, 0, sizes[i][1]);
        assert_ptr_equal(small, chain);
        assert_null(alloc_lua(a, NULL, 0, sizes[i][1])); /* full */
        memset(small, 0x5a, sizes[i][1]);
        assert_null(alloc_lua(a, small, sizes[i][1], 0));
        void *again = alloc_block(a, sizes[i][0]);
        assert_ptr_equal(again, chain);
        assert_null(alloc_block(a, sizes[i][0]));
        alloc_free(a, again, sizes[i][0]);
        give_all(sizes[i][0], next);
        alloc_limit(a, LUATEE_TA_MEMORY_MAX);
        assert_int_equal(alloc_used(a), 0);
    }
    void *chain;
    alloc_limit(a, QUOTA);
    (void)take_all(16, &chain);
    assert_null(alloc_lua(a, NULL, 0, 32)); /* never a smaller one */
    give_all(16, chain);
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
}

/* A fresh session has a few blocks between 1 and 4 KiB. */
static void the_first_medium_blocks_share_a_slab(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1200, 2000, 2300, 1300 };
    void *blocks[sizeof(sizes) / sizeof(sizes[0])];
    size_t held = alloc_held(a);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        blocks[i] = alloc_block(a, sizes[i]);
        assert_non_null(blocks[i]);
        memset(blocks[i], 0x5a, sizes[i]);
    }
    assert_int_equal(alloc_held(a) - held, 4 * 4096);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        alloc_free(a, blocks[i], sizes[i]);
    assert_int_equal(alloc_used(a), 0);
}

static void absurd_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(alloc_block(a, LUATEE_TA_MEMORY_MAX + 1));
    assert_null(alloc_block(a, SIZE_MAX));
    assert_null(alloc_block(a, SIZE_MAX - 4096));
    assert_null(alloc_lua(a, NULL, 0, SIZE_MAX / 2));
    assert_int_equal(alloc_used(a), 0);
}

static void *spare;

static void free_spare(void *ctx)
{
    assert_ptr_equal(ctx, &spare);
    alloc_free(a, spare, 8u << 20);
    spare = NULL;
}

static void shortage_asks_for_memory_once(void **state)
{
    (void)state;
    alloc_on_shortage(a, free_spare, &spare);
    spare = alloc_block(a, 8u << 20);
    assert_non_null(spare);
    void *block = alloc_block(a, 8u << 20);
    assert_non_null(block);
    assert_null(spare);
    assert_null(alloc_block(a, 8u << 20));
    alloc_free(a, block, 8u << 20);
}

static void wiped_blocks_are_zero_when_they_come_again(void **state)
{
    (void)state;
    void *others;
    alloc_limit(a, QUOTA);
    uint8_t *block = alloc_block(a, 300);
    (void)take_all(300, &others);
    memset(block, 0xa5, 300);
    alloc_free_wiped(a, block, 300);
    uint8_t *again = alloc_block(a, 300); /* there is no other one */
    assert_ptr_equal(block, again);
    for (size_t i = sizeof(void *); i < 300; i++) /* the first bytes held the link of a free block */
        assert_int_equal(again[i], 0);
    alloc_free(a, again, 300);
    give_all(300, others);
    alloc_free(a, NULL, 300);
    alloc_free_wiped(a, NULL, 300);
}

#define RESERVE_ODDS 8

/* One step of the property below: a block comes, goes, or gets another size. */
static void change(struct held *h)
{
    size_t size = random_size();
    if (!h->block) {
        h->block = alloc_lua(a, NULL, 0, size);
        h->size = size;
    } else if (next_random() % 4 == 0) {
        check(h);
        assert_null(alloc_lua(a, h->block, h->size, 0));
        h->block = NULL;
    } else {
        check(h);
        if (next_random() % 2)
            size = 1 + next_random() % h->size; /* shrinks */
        uint8_t *moved = alloc_lua(a, h->block, h->size, size);
        assert_true(moved || size > h->size);
        if (!moved)
            return;
        h->block = moved;
        h->size = size < h->size ? size : h->size;
        check(h);
        h->size = size;
    }
    if (h->block)
        refill(h);
}

/* The limit of alloc.h, at the edge of quotas that hold few blocks, where blocks change their size in place. */
static void no_more_is_held_than_the_quota_and_the_reserve(void **state)
{
    (void)state;
    static struct held held[BLOCKS];
    static const size_t quotas[] = { 16384, 65536, 3 * 65536, 600000, 2u << 20 };
    for (size_t q = 0; q < sizeof(quotas) / sizeof(quotas[0]); q++) {
        bool open = false;
        alloc_limit(a, quotas[q]);
        for (int step = 0; step < STEPS / 2; step++) {
            if (next_random() % RESERVE_ODDS == 0)
                alloc_reserve(a, open = !open);
            size_t limit = quotas[q] + (open ? ALLOC_RESERVE : 0);
            size_t most = alloc_held(a) > limit ? alloc_held(a) : limit; /* what the open reserve was used for stays */
            change(&held[next_random() % BLOCKS]);
            assert_true(alloc_held(a) <= most);
            assert_true(alloc_held(a) <= quotas[q] + ALLOC_RESERVE);
            assert_true(alloc_used(a) <= alloc_held(a));
        }
        assert_true(alloc_held_peak(a) <= quotas[q] + ALLOC_RESERVE);
        for (int i = 0; i < BLOCKS; i++) {
            if (!held[i].block)
                continue;
            check(&held[i]);
            alloc_free(a, held[i].block, held[i].size);
            held[i].block = NULL;
        }
        assert_int_equal(alloc_used(a), 0);
    }
}

/* A quota for so many blocks holds that many and not one more, whatever the pages come from. */
static void a_quota_is_exact_to_the_byte(void **state)
{
    (void)state;
    static const size_t pages_of[] = { 2, 3, 16, 17, 33 }; /* the last two are regions of their own */
    static const size_t counts[] = { 1, 2, 7 };
    for (size_t i = 0; i < sizeof(pages_of) / sizeof(pages_of[0]); i++)
        for (size_t j = 0; j < sizeof(counts) / sizeof(counts[0]); j++) {
            void *blocks[8];
            size_t whole = pages_of[i] * PAGE, size = whole - LARGE_HEAD, held = alloc_held(a), all = counts[j] * whole;
            for (int missing = 0; missing < 2; missing++) {
                size_t fit = counts[j] - (size_t)missing, n = 0;
                alloc_limit(a, held + all - (size_t)missing);
                while (n < 8 && (blocks[n] = alloc_block(a, size)) != NULL)
                    n++;
                assert_int_equal(n, fit);
                assert_int_equal(alloc_held(a), held + fit * whole);
                while (n > 0)
                    alloc_free(a, blocks[--n], size);
                assert_int_equal(alloc_held(a), held);
            }
        }
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
}

/* Empty slabs that are kept give way to a block that does not fit. */
static size_t held_without_kept_slabs(void)
{
    alloc_limit(a, 0);
    assert_null(alloc_block(a, 2 * PAGE));
    return alloc_held(a);
}

/* The same for slabs: a class whose slabs are full gets no further one. */
static void a_quota_is_exact_for_slabs(void **state)
{
    (void)state;
    static const struct { size_t block, slab; } sizes[] = { { 16, PAGE }, { 496, PAGE }, { 4000, 4 * PAGE } };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (size_t slabs = 1; slabs <= 3; slabs++) {
            void *chain;
            size_t held = held_without_kept_slabs();
            alloc_limit(a, held + slabs * sizes[i].slab);
            (void)take_all(sizes[i].block, &chain);
            assert_int_equal(alloc_held(a), held + slabs * sizes[i].slab);
            give_all(sizes[i].block, chain);
            assert_int_equal(held_without_kept_slabs(), held);
            alloc_limit(a, held + slabs * sizes[i].slab - 1);
            (void)take_all(sizes[i].block, &chain);
            assert_int_equal(alloc_held(a), held + (slabs - 1) * sizes[i].slab);
            give_all(sizes[i].block, chain);
        }
    alloc_limit(a, LUATEE_TA_MEMORY_MAX);
}

/* What a traceback takes: a short string for each function, a buffer that grows, and the text. */
static void take_words(void)
{
    static const size_t larger[] = { 1100, 1650, 2475, 2400 };
    for (size_t size = 30; size < 200; size += 4)
        assert_non_null(alloc_lua(a, NULL, 0, size));
    for (size_t i = 0; i < sizeof(larger) / sizeof(larger[0]); i++)
        assert_non_null(alloc_lua(a, NULL, 0, larger[i]));
}

/* The quota is all that the port has, and more than can be had of it: what lies between regions is lost. */
static void the_reserve_is_there_when_the_port_has_no_more(void **state)
{
    (void)state;
    assert_non_null(alloc_lua(a, NULL, 0, 2000000));
    while (alloc_lua(a, NULL, 0, 56) != NULL)
        ;
    assert_true(alloc_held(a) < alloc_quota(a));
    alloc_reserve(a, true);
    take_words();
    alloc_reserve(a, false);
    assert_true(alloc_held(a) <= alloc_quota(a) + ALLOC_RESERVE);
}

/* Of every kind to every smaller kind, when every page is taken. */
static void a_block_that_shrinks_needs_no_other_page(void **state)
{
    (void)state;
    static const size_t sizes[] = { 200000, 70000, 65536, 8192, 5000, 4096, 4080, 700, 512, 496, 300, 16, 1 };
    enum { COUNT = sizeof(sizes) / sizeof(sizes[0]) };
    for (int from = 0; from < COUNT; from++)
        for (int to = from + 1; to < COUNT; to++) {
            uint8_t *blocks[4];
            void *rest[2];
            size_t size = sizes[from];
            alloc_limit(a, 1u << 20);
            for (int i = 0; i < 4; i++) {
                blocks[i] = alloc_block(a, size);
                assert_non_null(blocks[i]);
                memset(blocks[i], i + 1, size);
            }
            (void)take_all(16, &rest[0]);
            alloc_limit(a, alloc_held(a));
            size_t held = alloc_held(a);
            for (int i = 0; i < 4; i++) {
                blocks[i] = alloc_lua(a, blocks[i], size, sizes[to]);
                assert_non_null(blocks[i]);
                assert_true(alloc_held(a) <= held);
                for (size_t at = 0; at < sizes[to]; at++)
                    assert_int_equal(blocks[i][at], i + 1);
                memset(blocks[i], i + 5, sizes[to]);
            }
            (void)take_all(16, &rest[1]); /* in what the runs gave back */
            assert_true(alloc_held(a) <= held);
            for (int i = 0; i < 4; i++) {
                assert_int_equal(blocks[i][0], i + 5);
                assert_int_equal(blocks[i][sizes[to] - 1], i + 5);
                alloc_free(a, blocks[i], sizes[to]);
            }
            give_all(16, rest[0]);
            give_all(16, rest[1]);
            assert_int_equal(alloc_used(a), 0);
        }
}

/* One that stayed where it was is what it was again, without other memory. */
static void a_block_that_shrank_grows_back_where_it_is(void **state)
{
    (void)state;
    static const size_t sizes[] = { 200000, 70000, 4096, 4080, 700, 496 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        void *same, *rest;
        alloc_limit(a, 1u << 20);
        uint8_t *block = alloc_block(a, sizes[i]);
        (void)take_all(sizes[i], &same);
        (void)take_all(16, &rest);
        assert_ptr_equal(alloc_lua(a, block, sizes[i], 40), block);
        assert_ptr_equal(alloc_lua(a, block, 40, sizes[i]), block);
        assert_null(alloc_lua(a, block, sizes[i], sizes[i] + 5000));
        memset(block, 0x5a, sizes[i]);
        alloc_free(a, block, sizes[i]);
        give_all(sizes[i], same);
        give_all(16, rest);
        assert_int_equal(alloc_used(a), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_keep_their_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(freed_memory_serves_every_other_size, setup, teardown),
        cmocka_unit_test_setup_teardown(slabs_that_are_kept_give_way, setup, teardown),
        cmocka_unit_test_setup_teardown(a_larger_block_does, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_medium_blocks_share_a_slab, setup, teardown),
        cmocka_unit_test_setup_teardown(absurd_sizes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(shortage_asks_for_memory_once, setup, teardown),
        cmocka_unit_test_setup_teardown(no_more_is_held_than_the_quota_and_the_reserve, setup, teardown),
        cmocka_unit_test_setup_teardown(a_quota_is_exact_to_the_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(a_quota_is_exact_for_slabs, setup, teardown),
        cmocka_unit_test_setup_teardown(the_reserve_is_there_when_the_port_has_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(a_block_that_shrinks_needs_no_other_page, setup, teardown),
        cmocka_unit_test_setup_teardown(a_block_that_shrank_grows_back_where_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(wiped_blocks_are_zero_when_they_come_again, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
