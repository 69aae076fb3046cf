/* SPDX-License-Identifier: BSD-2-Clause */
/* Only with AddressSanitizer: the bytes of the session's allocator that are not in use are poisoned. */
/* link: core/base/alloc.c core/base/alloc_quota.c core/base/alloc_slab.c core/base/alloc_whole.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/alloc.h"

#ifdef __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#elif defined(__has_feature)
#define HAS_ASAN __has_feature(address_sanitizer)
#endif

#if HAS_ASAN
#include <sanitizer/asan_interface.h>

/* Of every kind, with and without bytes between the size and the class's. */
static const size_t sizes[] = { 1,    15,   16,   17,   100,  495,   496,   497,   1000,
                                4079, 4080, 4081, 4096, 5000, 65536, 70001, 200000 };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

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

/* All of size bytes can be touched, and the one behind them cannot, if it is not another block's first one. */
static void assert_open(const uint8_t *block, size_t size)
{
    assert_null(__asan_region_is_poisoned((void *)block, size));
    if (size % 16 != 0)
        assert_true(__asan_address_is_poisoned(block + size));
}

static void assert_shut(const uint8_t *block, size_t size)
{
    for (size_t i = 0; i < size; i++)
        assert_true(__asan_address_is_poisoned(block + i));
}

static void a_block_is_open_for_its_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        uint8_t *block = alloc_block(a, sizes[i]);
        assert_open(block, sizes[i]);
        uint8_t *other = alloc_lua(a, NULL, 0, sizes[i]);
        assert_open(other, sizes[i]);
        alloc_free(a, block, sizes[i]);
        alloc_lua(a, other, sizes[i], 0);
    }
}

static void a_freed_block_is_shut(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        if (sizes[i] > 65536)
            continue; /* its mapping is gone */
        uint8_t *neighbour = alloc_block(a, sizes[i]), *block = alloc_block(a, sizes[i]);
        alloc_free(a, block, sizes[i]);
        assert_shut(block, sizes[i]);
        assert_open(neighbour, sizes[i]);
        alloc_free(a, neighbour, sizes[i]);
        assert_shut(neighbour, sizes[i]); /* also when its slab or its pages went with it */
    }
}

static void a_slab_is_shut_behind_its_first_block(void **state)
{
    (void)state;
    uint8_t *block = alloc_block(a, 480);
    assert_shut(block + 480, 480);
    alloc_free(a, block, 480);
}

static void a_freed_block_is_the_last_to_come_again(void **state)
{
    (void)state;
    uint8_t *first = alloc_block(a, 400);
    uint8_t *second = alloc_block(a, 400);
    alloc_free(a, first, 400);
    alloc_free(a, second, 400);
    uint8_t *keep = NULL;
    for (uint8_t *block; (block = alloc_block(a, 400)) != first; keep = block)
        assert_ptr_not_equal(block, second);
    assert_non_null(keep); /* fresh ones came before */
    assert_ptr_equal(alloc_block(a, 400), second);
}

/* The new size counts, whether the block moved or not. */
static void a_resized_block_is_open_for_its_new_size(void **state)
{
    (void)state;
    for (size_t from = 0; from < SIZES; from++)
        for (size_t to = 0; to < SIZES; to++) {
            uint8_t *block = alloc_block(a, sizes[from]);
            uint8_t *resized = alloc_lua(a, block, sizes[from], sizes[to]);
            assert_open(resized, sizes[to]);
            if (resized != block && sizes[from] <= 65536)
                assert_shut(block, sizes[from]);
            alloc_free(a, resized, sizes[to]);
        }
}

/* Without memory for a smaller block it stays, and what it lost is shut. */
static void a_block_that_shrinks_in_place_is_open_for_its_new_size(void **state)
{
    (void)state;
    for (size_t from = 0; from < SIZES; from++)
        for (size_t to = 0; to < from; to++) {
            if (alloc_held(a) > 0) { /* kept slabs would serve the smaller block */
                alloc_delete(a);
                a = alloc_new();
            }
            uint8_t *block = alloc_block(a, sizes[from]);
            alloc_limit(a, alloc_held(a));
            bool other = (sizes[from] <= 496) == (sizes[to] <= 496) && sizes[from] <= 4080; /* in its own slab */
            uint8_t *shrunk = alloc_lua(a, block, sizes[from], sizes[to]);
            if (!other)
                assert_ptr_equal(shrunk, block);
            assert_open(shrunk, sizes[to]);
            size_t lost = (sizes[to] + 7) / 8 * 8; /* ASan knows eight bytes apart */
            if (shrunk == block && lost < sizes[from])
                assert_shut(block + lost, sizes[from] - lost);
            alloc_free(a, shrunk, sizes[to]);
            alloc_limit(a, 1u << 20);
        }
}

static void a_mapping_that_comes_again_is_open(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        uint8_t *large = alloc_block(a, 300000);
        memset(large, i, 300000);
        alloc_free(a, large, 300000);
        alloc_delete(a);
        a = alloc_new();
        assert_non_null(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_block_is_open_for_its_size, setup, teardown),
        cmocka_unit_test_setup_teardown(a_freed_block_is_shut, setup, teardown),
        cmocka_unit_test_setup_teardown(a_slab_is_shut_behind_its_first_block, setup, teardown),
        cmocka_unit_test_setup_teardown(a_freed_block_is_the_last_to_come_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_resized_block_is_open_for_its_new_size, setup, teardown),
        cmocka_unit_test_setup_teardown(a_block_that_shrinks_in_place_is_open_for_its_new_size, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mapping_that_comes_again_is_open, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void only_with_address_sanitizer(void **state)
{
    (void)state;
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_with_address_sanitizer) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
