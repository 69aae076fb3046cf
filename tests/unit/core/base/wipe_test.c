/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session had in its memory is nowhere in the pages that it gives back, nor in those of the next session. The
 * trusted side runs in this process; every mapping of port/sim/memory.c is looked at when it goes. (On OP-TEE it is the
 * TEE that zeroes pages: port/optee/memory.c.)
 */
/* link: core/base/alloc.c core/base/alloc_quota.c core/base/alloc_slab.c core/base/alloc_whole.c --wrap=port_map --wrap=munmap */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/sha.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "core/base/alloc.h"
#include "core/session/session.h"
#include "port/port.h"

void *__real_port_map(size_t size);
void *__wrap_port_map(size_t size);
int __real_munmap(void *pages, size_t size);
int __wrap_munmap(void *pages, size_t size);

#define PAGE 4096u
#define MAPPINGS_MAX (LUATEE_TA_MEMORY_MAX / PAGE)
#define SECRET_SIZE 32 /* of what is looked for; scripts make longer ones */

struct mapping {
    const uint8_t *pages;
    size_t size;
};

static struct mapping mappings[MAPPINGS_MAX]; /* the port's, now */
static size_t mapping_count, given_back;

void *__wrap_port_map(size_t size)
{
    void *pages = __real_port_map(size);
    if (pages) {
        assert_true(mapping_count < MAPPINGS_MAX);
        mappings[mapping_count++] = (struct mapping){ pages, (size + PAGE - 1) / PAGE * PAGE };
    }
    return pages;
}

/* Not wrapping port_unmap: what matters is what the pages hold when nobody has them any more. */
int __wrap_munmap(void *pages, size_t size)
{
    for (size_t i = 0; i < mapping_count; i++) {
        if (mappings[i].pages != pages)
            continue;
        assert_int_equal(mappings[i].size, size);
        for (size_t at = 0; at < size; at++)
            if (mappings[i].pages[at] != 0)
                fail_msg("byte %zu of %zu is not wiped", at, size);
        mappings[i] = mappings[--mapping_count];
        given_back += size;
        break;
    }
    return __real_munmap(pages, size);
}

/* "ZqW7ZqW7..." */
static uint8_t secret_byte(size_t i)
{
    return (uint8_t)"7WqZ"[3 - i % 4];
}

/* Looks at free memory, too, which AddressSanitizer forbids everybody else. */
__attribute__((no_sanitize_address)) static bool is_secret(const uint8_t *at)
{
    for (size_t i = 0; i < SECRET_SIZE; i++)
        if (at[i] != secret_byte(i))
            return false;
    return true;
}

static size_t secrets(void)
{
    size_t found = 0;
    for (size_t m = 0; m < mapping_count; m++)
        for (size_t at = 0; at + SECRET_SIZE <= mappings[m].size; at++)
            found += is_secret(mappings[m].pages + at);
    return found;
}

/* --- the allocator ------------------------------------------------------------------------------------------------ */

static void fill(uint8_t *block, size_t size)
{
    for (size_t i = 0; i < size; i++)
        block[i] = secret_byte(i);
}

static void pages_are_wiped_when_an_allocator_ends(void **state)
{
    (void)state;
    /* Small, medium, whole pages, a mapping of its own; some are free again at the end, some are not. */
    static const size_t sizes[] = { 32, 100, 496, 640, 4080, 5000, 60000, 300000 };
    struct alloc *a = alloc_new();
    assert_non_null(a);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int n = 0; n < 12; n++) {
            uint8_t *block = alloc_block(a, sizes[i]);
            assert_non_null(block);
            fill(block, sizes[i]);
            if (n % 3 == 0)
                alloc_free(a, block, sizes[i]);
        }
    }
    assert_true(secrets() > 1000);
    given_back = 0;
    size_t held = alloc_held(a);
    alloc_delete(a);
    assert_int_equal(mapping_count, 0);
    assert_true(given_back >= held);
    a = alloc_new();
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (int n = 0; n < 12; n++)
            assert_non_null(alloc_block(a, sizes[i]));
    assert_int_equal(secrets(), 0);
    alloc_delete(a);
}

static void mappings_are_wiped_when_they_go_alone(void **state)
{
    (void)state;
    struct alloc *a = alloc_new();
    uint8_t *large = alloc_block(a, 300000), *small = alloc_block(a, 300000);
    assert_non_null(large);
    assert_non_null(small);
    fill(large, 300000);
    given_back = 0;
    alloc_free(a, large, 300000);
    assert_true(given_back >= 300000);
    assert_int_equal(secrets(), 0);
    fill(small, 300000);
    small = alloc_lua(a, small, 300000, 100); /* moves */
    assert_true(secrets() > 0 && secrets() < 100); /* what is left of it is in use */
    alloc_free(a, small, 100);
    alloc_delete(a);
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static const char script[] =
    "kept = {}\n" /* what is collected, too */
    "for i = 1, 3000 do\n"
    "    local s = ('Zq' .. 'W7'):rep(8 + i % 500)\n"
    "    if i % 10 == 0 then kept[#kept + 1] = s end\n"
    "end\n"
    "large = kept[1]:rep(5000)\n"
    "coroutine.wrap(function() coroutine.yield() end)()\n"
    "local deep\n"
    "function deep(n, ...) if n > 0 then return deep(n - 1, large, ...) end return select('#', ...) end\n"
    "return #kept, deep(100)\n";

static uint8_t response[LUATEE_BUFFER_SIZE];
static struct session_io io;

static TEE_Result command(struct session *s, uint32_t number, const void *in, size_t size)
{
    io = (struct session_io){ .in = in, .in_size = size, .out = response, .out_room = sizeof(response) };
    return session_command(s, number, &io);
}

static size_t write_script(uint8_t *out)
{
    size_t size = sizeof(script) - 1; /* 256 or more */
    memcpy(out, "\x83\x00\x58\x20", 4); /* LUATEE_KIND_SCRIPT */
    SHA256((const uint8_t *)script, size, out + 4);
    out[36] = 0x59;
    out[37] = (uint8_t)(size >> 8);
    out[38] = (uint8_t)size;
    memcpy(out + 39, script, size);
    return 39 + size;
}

static struct session *open_session(void)
{
    static const uint8_t hello[] = { 0x82, 0x61, 's', LUATEE_HELLO_PLAINTEXT };
    struct session *s = NULL;
    assert_int_equal(session_open(hello, sizeof(hello), &s), TEE_SUCCESS);
    return s;
}

static void call(struct session *s)
{
    static const char none[] = "\x81\x64none";
    uint8_t message[sizeof(script) + 64];
    assert_int_equal(command(s, LUATEE_CMD_CALL, "\x81\x61s", 3), TEE_SUCCESS);
    assert_int_equal(io.a, LUATEE_ANSWER_NEED_SCRIPT); /* the manifest */
    assert_int_equal(command(s, LUATEE_CMD_DECLINE_SCRIPT, none, sizeof(none) - 1), TEE_SUCCESS);
    assert_int_equal(io.a, LUATEE_ANSWER_NEED_SCRIPT);
    assert_int_equal(command(s, LUATEE_CMD_SUPPLY_SCRIPT, message, write_script(message)), TEE_SUCCESS);
}

static void nothing_of_a_session_is_in_the_next(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct session *s = open_session();
        assert_int_equal(secrets(), 0);
        call(s);
        assert_int_equal(io.a, LUATEE_ANSWER_DONE);
        assert_true(secrets() > 100000);
        session_close(s);
        assert_int_equal(mapping_count, 0);
    }
}

/* In the middle of a message to the TA. */
static void nor_of_one_that_ends_in_the_middle(void **state)
{
    (void)state;
    static uint8_t part[LUATEE_BUFFER_SIZE];
    fill(part, sizeof(part));
    struct session *s = open_session();
    call(s);
    for (int i = 0; i < 10; i++) {
        io = (struct session_io){ .in = part, .in_size = sizeof(part), .out = response, .out_room = sizeof(response),
                                  .a = 20 * sizeof(part) };
        assert_int_equal(session_command(s, LUATEE_CMD_PART, &io), TEE_SUCCESS);
    }
    session_close(s);
    assert_int_equal(mapping_count, 0);
    s = open_session();
    assert_int_equal(secrets(), 0);
    session_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_wiped_when_an_allocator_ends),
        cmocka_unit_test(mappings_are_wiped_when_they_go_alone),
        cmocka_unit_test(nothing_of_a_session_is_in_the_next),
        cmocka_unit_test(nor_of_one_that_ends_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
