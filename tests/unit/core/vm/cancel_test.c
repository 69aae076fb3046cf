/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call hears of its deadline within two slices, whatever it does just then. The clock is the test's: the deadline is
 * over from the third look on. What counts is the fuel that the call has used by the time it ends.
 */
/* link: --wrap=TEE_GetSystemTime */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/ta/memory.h"
#include "tee_internal_api.h"
#include "tests/unit/support/trusted_vm.h"

#define LOOKS 3
#define USED_MAX (2ll * LUATEE_SLICE)

static int looks;

void __wrap_TEE_GetSystemTime(TEE_Time *time);
void __wrap_TEE_GetSystemTime(TEE_Time *time)
{
    *time = (TEE_Time){ .seconds = looks++ < LOOKS ? 1 : 100 };
}

static int setup(void **state)
{
    if (trusted_vm_setup(state) != 0)
        return -1;
    trusted_sandbox.manifest.permissions |= MANIFEST_LOAD;
    vm_set_limits(trusted_vm, LUATEE_TA_MEMORY_MAX, LUATEE_FUEL_DEFAULT);
    return 0;
}

static void ends_in_time(const char *name, const char *source)
{
    looks = 0;
    trusted_vm->calls->cancel.ends_at = 50000;
    trusted_vm_raises(name, source, "cancelled: the deadline is over");
    /* call_finish has not begun another budget: kept is what was left when the error was raised. */
    long long used = trusted_vm->calls->fuel.budget - trusted_vm->calls->fuel.kept;
    if (used > USED_MAX)
        fail_msg("%s: %lld units", name, used);
    looks = -1000000;
    char after[LUATEE_NAME_MAX];
    (void)snprintf(after, sizeof(after), "after_%s", name);
    trusted_vm_works(after, "assert(1 + 1 == 2)");
}

/* What runs for ever, each round of it in some step that Lua cannot stop. */
static const struct endless {
    const char *name, *source;
} endless[] = {
    { "rehash", "while true do local t = {} for i = 1, 70000 do t[i * 65535] = true end end" },
    { "full_table", "local t = {} for i = 1, 65536 do t[-i] = true end"
                    " for i = 1, 1 << 40 do t[-i] = nil t[-i - 65536] = true end" },
    { "closure", "local names = {} for i = 1, 198 do names[i] = 'a' .. i end names = table.concat(names, ',')"
                 " load('local ' .. names .. ' while true do local f = function() return ' .. names .. ' end end')()" },
    { "pcall", "local t = {} for i = 1, 180 do t[i] = pcall end t[181] = function() end"
               " for i = 1, 40000 do t[181 + i] = i end"
               " local function go(...) while true do pcall(...) end end go(table.unpack(t))" },
    { "xpcall", "local t = {} for i = 1, 40000 do t[i] = i end"
                " local function go(...) while true do xpcall(xpcall, print, pcall, print, ...) end end"
                " go(table.unpack(t))" },
    { "wrap", "local t = {} for i = 1, 40000 do t[i] = i end"
              " local function go(...) while true do coroutine.wrap(pcall)(pcall, pcall, ...) end end"
              " go(table.unpack(t))" },
    { "concat", "local p = {} for i = 1, 190 do p[i] = i end"
                " load('while true do local s = ' .. table.concat(p, ' .. ') .. ' end')()" },
    { "quoted", "local s = ('\\n'):rep(1 << 20) while true do local _ = ('%q'):format(s) end" },
    { "rep", "while true do local _ = ('x'):rep(1 << 22) end" },
    { "rep_nothing", "local _ = (''):rep(1 << 40)" },
    { "upper", "local s = ('x'):rep(1 << 22) while true do s:upper() end" },
    { "set", "local set = '[' .. ('ab'):rep(1 << 20) .. ']' while true do ('c'):find(set) end" },
    { "balance", "local s = ('x'):rep(1 << 22) while true do s:find('^%bxy') end" },
    { "pattern", "local s = ('a'):rep(1 << 20) while true do s:find(('a?'):rep(20) .. ('a'):rep(20) .. 'b') end" },
    { "replacement", "local r = ('%0'):rep(1 << 19) while true do (''):gsub('', r) end" },
    { "compare", "local a, b = ('\\0'):rep(1 << 21), ('\\0'):rep(1 << 21) .. 'x'"
                 " while true do local _ = a < b end" },
    { "numeral", "local s = (' '):rep(900000) .. '1' while true do local _ = s + 0 end" },
    { "pack", "while true do string.pack('c' .. (1 << 22), 'x') end" },
    { "utf8", "local s = ('\\u{7ff}'):rep(1 << 20) while true do utf8.len(s) end" },
    { "sort", "local t = {} for i = 1, 1 << 16 do t[i] = i % 7 end while true do table.sort(t) end" },
    { "collect", "local t = {} for i = 1, 50000 do t[i] = {} end while true do collectgarbage() end" },
    { "step", "local t = {} for i = 1, 50000 do t[i] = {} end while true do collectgarbage('step', 1 << 20) end" },
    { "garbage", "while true do local _ = {{}, {}, {}} end" },
    { "shortage", "local t = {} while true do pcall(function() t[#t + 1] = {} end) end" },
    { "load", "local s = ('a=1 '):rep(1 << 18) while true do load(s) end" },
    { "load_comment", "local s = '--' .. ('x'):rep(1 << 22) while true do load(s) end" },
    { "load_jumps", "local s = 'return ' .. ('not '):rep(100) .. '(' .. ('a and '):rep(50000) .. 'a)'"
                    " while true do load(s) end" },
    { "cbor_decode", "local x = tee.cbor.encode(table.pack(('x'):rep(1 << 18):byte(1, 1 << 16)))"
                     " while true do tee.cbor.decode(x) end" },
    { "cbor_encode", "local x = {} for i = 1, 1 << 15 do x['k' .. i] = i end while true do tee.cbor.encode(x) end" },
    { "cbor_text", "local s = ('\\u{7ff}'):rep(1 << 20) while true do tee.cbor.text(s) end" },
    { "digest", "local s = ('x'):rep(1 << 22) while true do tee.digest('sha512', s) end" },
    { "mac", "local s = ('x'):rep(1 << 22) while true do tee.mac('sha256', 'key', s) end" },
    { "seal", "local s, k = ('x'):rep(1 << 20), ('k'):rep(16) while true do tee.aead.seal('aes-gcm', k, s) end" },
    { "cipher", "local s, k = ('x'):rep(1 << 20), ('k'):rep(16) while true do tee.cipher.encrypt('aes-cbc', k, s) end" },
    { "hex", "local s = ('0'):rep(1 << 20) while true do tee.hex.decode(s) tee.hex.encode(s) end" },
    { "base64", "local s = ('A'):rep(1 << 20) while true do tee.base64.decode(s) tee.base64.encode(s) end" },
    { "equal", "local s = ('x'):rep(1 << 22) while true do tee.equal(s, s) end" },
    { "print", "while true do print(('x'):rep(250)) end" },
    { "errors", "while true do pcall(error, 'x', 2) end" },
    { "call", "while true do tee.call 'works' end" },
};

static void whatever_it_does(void **state)
{
    (void)state;
    looks = -1000000;
    trusted_vm_works("works", "return 1");
    for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
        char name[LUATEE_NAME_MAX];
        const char *source = endless[i].source;
        /* And inside a C function, where the slice cannot end. */
        size_t size = strlen(source) + 64;
        char *inside = malloc(size);
        assert_non_null(inside);
        (void)snprintf(inside, size, "table.sort({2, 1}, function() %s end)", source);
        ends_in_time(endless[i].name, source);
        (void)snprintf(name, sizeof(name), "%s_inside", endless[i].name);
        ends_in_time(name, inside);
        free(inside);
    }
}

/* A script that takes longer to compile than its call has time. */
static void while_a_script_is_compiled(void **state)
{
    (void)state;
    static char source[LUATEE_SCRIPT_MAX];
    for (size_t i = 0; i + 4 < sizeof(source); i += 4)
        memcpy(source + i, "a=1 ", 5);
    ends_in_time("long", source);
    trusted_vm->fuel_max = 100000;
    looks = -1000000;
    trusted_vm_raises("poor", source, "out of fuel: the call has used its budget of 100,000 units");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_it_does),
        TEST(while_a_script_is_compiled),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
