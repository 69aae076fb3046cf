/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each allocation of a long scenario fails in turn, once alone (the collector then runs in the most awkward places) and once
 * with all that follow until the call is over. Nothing crashes, the next call is right, and nothing leaks.
 */
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
#include "core/session/session.h"
#include "core/vm/alloc.h"

void *__real_alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);
void *__wrap_alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);
void *__real_alloc_block(struct alloc *a, size_t size);
void *__wrap_alloc_block(struct alloc *a, size_t size);

/* The allocation that fails; those behind it, too, when `all`. 0: none does. */
static unsigned long failing, made;
static bool all;
static struct alloc *seen;

static bool fails(void)
{
    made++;
    return failing > 0 && (made == failing || (all && made > failing));
}

void *__wrap_alloc_lua(void *ud, void *block, size_t old_size, size_t new_size)
{
    seen = ud;
    bool grows = new_size > (block ? old_size : 0);
    return grows && fails() ? NULL : __real_alloc_lua(ud, block, old_size, new_size);
}

void *__wrap_alloc_block(struct alloc *a, size_t size)
{
    return fails() ? NULL : __real_alloc_block(a, size);
}

static const char scenario[] =
    "local t, n = {}, 0\n"
    "for i = 1, 40 do t[i] = {i, name = 'n' .. i} t['k' .. i] = ('x'):rep(i * 7) end\n"
    "local co = coroutine.wrap(function(...)\n"
    "    local x <close> = setmetatable({}, {__close = function() n = n + 1 end})\n"
    "    for i = 1, 5 do coroutine.yield(table.concat({...}, ',') .. i) end\n"
    "end)\n"
    "for i = 1, 6 do co('a', 'b', 'c') end\n"
    "local function deep(i) if i == 0 then return 0 end return 1 + deep(i - 1) end\n"
    "assert(deep(300) == 300)\n"
    "assert(select('#', table.unpack(t, 1, 40)) == 40)\n"
    "local s = ('%s:%d:%5.2f'):format('text', 12, 3.5):gsub('%d', {['1'] = 'one'}):upper()\n"
    "table.sort(t, function(a, b) return a[1] > b[1] end)\n"
    "local ok, e = pcall(error, {code = 7})\n"
    "local f = load('local a, b = ... return function() return a + b end')\n"
    "for k, v in pairs(t) do if type(v) == 'string' then t[k] = #v end end\n"
    "return f(1, 2)(), n, e.code, s, t[1].name, string.pack('>i4s2', 5, 'abc')\n";

static uint8_t response[4096];
static struct session_io io;

static TEE_Result command(struct session *s, uint32_t number, const void *in, size_t size)
{
    io = (struct session_io){ .in = in, .in_size = size, .out = response, .out_room = sizeof(response) };
    return session_command(s, number, &io);
}

static size_t write_script(uint8_t *out)
{
    size_t size = strlen(scenario);
    memcpy(out, "\x83\x00\x58\x20", 4); /* LUATEE_KIND_SCRIPT */
    SHA256((const uint8_t *)scenario, size, out + 4);
    out[36] = 0x59;
    out[37] = (uint8_t)(size >> 8);
    out[38] = (uint8_t)size;
    memcpy(out + 39, scenario, size);
    return 39 + size;
}

/* The call asks for its manifest first, whose place in the answer has another kind. */
static bool asks_for_manifest(void)
{
    return io.out_size > 0 && response[io.out_size - 1] == LUATEE_KIND_MANIFEST;
}

static TEE_Result answer(struct session *s)
{
    static const char none[] = "\x82\xf6\x64none";
    uint8_t script[sizeof(scenario) + 64];
    if (asks_for_manifest())
        return command(s, LUATEE_CMD_RESUME, none, sizeof(none) - 1);
    return command(s, LUATEE_CMD_RESUME, script, write_script(script));
}

/* Runs the scenario to its end, sending the script when it is asked for. Returns the last result. */
static TEE_Result run(struct session *s)
{
    static const char none[] = "\x82\xf6\x64none";
    TEE_Result result = command(s, LUATEE_CMD_CALL, "\x81\x61s", 3);
    while (result == TEE_SUCCESS && io.a == LUATEE_ANSWER_NEED_SCRIPT)
        result = answer(s);
    if (result == TEE_ERROR_OUT_OF_MEMORY && failing > 0) { /* the message did not fit: the call may still wait */
        failing = 0;
        TEE_Result again = TEE_SUCCESS;
        io.a = LUATEE_ANSWER_NEED_SCRIPT;
        while (again == TEE_SUCCESS && io.a == LUATEE_ANSWER_NEED_SCRIPT)
            again = command(s, LUATEE_CMD_RESUME, none, sizeof(none) - 1);
        assert_true(again == TEE_SUCCESS || again == TEE_ERROR_BAD_STATE);
    }
    failing = 0;
    return result;
}

static struct session *open_session(void)
{
    static const uint8_t hello[] = { 0x82, 0x61, 's', LUATEE_HELLO_PLAINTEXT };
    struct session *s = NULL;
    assert_int_equal(session_open(hello, sizeof(hello), &s), TEE_SUCCESS);
    return s;
}

static uint8_t right[4096];
static size_t right_size;

static void assert_right(struct session *s)
{
    assert_int_equal(run(s), TEE_SUCCESS);
    assert_int_equal(io.a, LUATEE_ANSWER_DONE);
    assert_int_equal(io.out_size, right_size);
    assert_memory_equal(response, right, right_size);
}

static void learn(struct session *s)
{
    assert_int_equal(run(s), TEE_SUCCESS);
    assert_int_equal(io.a, LUATEE_ANSWER_DONE);
    right_size = io.out_size;
    memcpy(right, response, right_size);
}

/* Allocations of one warm call. */
static unsigned long count(struct session *s)
{
    made = 0;
    assert_right(s);
    return made;
}

static void fail_each_in_one_session(void **state)
{
    (void)state;
    struct session *s = open_session();
    learn(s);
    unsigned long calls = count(s);
    assert_in_range(calls, 300, 100000);
    size_t least[2] = { SIZE_MAX, SIZE_MAX }; /* in use after a call: of the first half of them, and of the second */
    for (unsigned long i = 1; i <= calls; i++) {
        for (int mode = 0; mode < 2; mode++) {
            all = mode == 1;
            made = 0;
            failing = i;
            TEE_Result result = run(s);
            if (result != TEE_SUCCESS && result != TEE_ERROR_OUT_OF_MEMORY)
                fail_msg("allocation %lu of %lu: 0x%08x", i, calls, (unsigned)result);
            assert_right(s);
        }
        size_t *now = &least[i > calls / 2];
        *now = alloc_used(seen) < *now ? alloc_used(seen) : *now;
    }
    /* What is in use swings with the collector, but it does not grow. */
    assert_in_range(least[1], 1, least[0] + least[0] / 20);
    session_close(s);
}

static void fail_each_while_a_session_opens(void **state)
{
    (void)state;
    static const uint8_t hello[] = { 0x82, 0x61, 's', LUATEE_HELLO_PLAINTEXT };
    struct session *s;
    made = 0;
    s = open_session();
    unsigned long calls = made;
    session_close(s);
    for (unsigned long i = 1; i <= calls; i++) {
        for (int mode = 0; mode < 2; mode++) {
            all = mode == 1;
            made = 0;
            failing = i;
            TEE_Result result = session_open(hello, sizeof(hello), &s);
            failing = 0;
            assert_true(result == TEE_SUCCESS || result == TEE_ERROR_OUT_OF_MEMORY);
            if (result == TEE_SUCCESS) {
                assert_right(s);
                session_close(s);
            }
        }
    }
}

static void fail_each_of_a_first_call(void **state)
{
    (void)state;
    struct session *s = open_session();
    made = 0;
    assert_right(s);
    unsigned long calls = made;
    session_close(s);
    for (unsigned long i = 1; i <= calls; i += 3) {
        s = open_session();
        all = true;
        made = 0;
        failing = i;
        (void)run(s);
        assert_right(s);
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_each_in_one_session),
        cmocka_unit_test(fail_each_while_a_session_opens),
        cmocka_unit_test(fail_each_of_a_first_call),
    };
    return cmocka_run_group_tests_name("shortage", tests, NULL, NULL);
}
