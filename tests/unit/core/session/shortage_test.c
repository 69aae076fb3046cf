/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each allocation of a long scenario fails in turn, once alone (the collector then runs in the most awkward places) and
 * once with all that follow until the call is over. Nothing crashes, the next call is right, and nothing leaks.
 */
/* link: --wrap=alloc_lua --wrap=alloc_block */
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

void *__real_alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);
void *__wrap_alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);
void *__real_alloc_block(struct alloc *a, size_t size);
void *__wrap_alloc_block(struct alloc *a, size_t size);

/* The allocation that fails; those behind it, too, when `all`. 0: none does. */
static unsigned long failing, made;
static unsigned long failed; /* the last that did, for messages */
static bool all;
static struct alloc *seen;

static bool fails(void)
{
    made++;
    if (failing > 0)
        failed = failing;
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

static const char language[] =
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

/* Argument 1 is a function of the host. The host answers 5, whatever it is asked. */
static const char crossing[] =
    "local f, m, n = ..., require 'm', 0\n"
    "for i = 1, 3 do n = n + f(i, {text = 'x', list = {1, 2, i}}) + tee.host.confirm('sure?', {i}) + m.add(i) end\n"
    "local co = coroutine.wrap(function() n = n + tee.host.again() coroutine.yield(n) end)\n"
    "return co(), internal_TA_call('m').kept, pcall(tee.host.again, coroutine.running())\n";
static const char module[] =
    "local m = {kept = 'here'}\n"
    "local function each(list, f)\n"
    "    for i, v in ipairs(list) do list[i] = f(v) end\n"
    "    return list\n"
    "end\n"
    "function m.add(i)\n"
    "    local list = each({1, 2, 3}, function(n) return n * i end)\n"
    "    return #(m.kept .. table.concat(list, ', ', 1, 3)) + i\n"
    "end\n"
    "return setmetatable(m, {__index = function(t, name) return name .. ' of ' .. t.kept end})\n";

static const char services[] =
    "local out, key = {}, ('k'):rep(16)\n"
    "local function add(...) for _, v in ipairs {...} do out[#out + 1] = tee.hex.encode(tostring(v)) end end\n"
    "local d <close> = tee.digest('sha256')\n"
    "add(d:update('a'):update('b'):final(), tee.digest('sha3-256', 'x'), tee.mac('sha256', key, 'x'))\n"
    "add(tee.aead.open('aes-gcm', key, tee.aead.seal('aes-gcm', key, 'text', 'aad'), 'aad'))\n"
    "add(tee.aead.open_with_nonce('aes-ccm', key, ('n'):rep(12), 'no box of this key, but long enough'))\n"
    "add(tee.cipher.decrypt('aes-cbc', key, tee.cipher.encrypt('aes-cbc', key, 'text')))\n"
    "add(tee.kdf.hkdf('sha256', key, 's', 'i', 42), tee.kdf.pbkdf2('sha256', 'p', 's', 3, 20))\n"
    "add(tee.base64.encode('abc'), #tee.random(9), tee.cbor.decode(tee.cbor.encode {1, 'x', {y = 2.5}})[2])\n"
    "local k = tee.key.generate {type = 'ecdsa-p256'}\n"
    "add(k:verify('m', k:sign('m')), tee.key.import {type = 'ecdsa-p256', pem = k:public()}:verify('m', k:sign('m')))\n"
    "tee.key.delete('kept')\n"
    "local a = tee.key.import {type = 'aes', raw = key, name = 'kept'}\n"
    "add(tee.key.open('kept'):decrypt(a:encrypt('text')), #tee.key.list(), tee.key.delete('kept'))\n"
    "tee.store.clear()\n"
    "tee.store.put('one', {1, {deep = true}})\n"
    "tee.store.transaction(function(t) t.put('two', t.get('one')[1]) t.delete('one') end)\n"
    "for name, value in tee.store.pairs() do add(name, value) end\n"
    "add(tee.counter('c'):increment() > 0, tee.counter('c'):value() > 0, tee.time.system() ~= nil, "
    "tee.caller().login)\n"
    "return table.concat(out, ' ')\n";

/* What runs as the script "s", with or without a function as its argument. */
static const struct scenario {
    const char *source;
    bool lends;
} scenarios[] = { { language, false }, { crossing, true }, { services, false } };
static const struct scenario *scenario;

static uint8_t response[8192];
static struct session_io io;

static TEE_Result command(struct session *s, uint32_t number, const void *in, size_t size)
{
    io = (struct session_io){ .in = in, .in_size = size, .out = response, .out_room = sizeof(response) };
    return session_command(s, number, &io);
}

#define COMMAND(s, number, bytes) command((s), (number), (bytes), sizeof(bytes) - 1)

static TEE_Result give(struct session *s, const char *source)
{
    uint8_t out[4096];
    size_t size = strlen(source);
    assert_true(size > UINT8_MAX && size + 39 <= sizeof(out));
    memcpy(out, "\x83\x00\x58\x20", 4); /* LUATEE_KIND_SCRIPT */
    SHA256((const uint8_t *)source, size, out + 4);
    out[36] = 0x59;
    out[37] = (uint8_t)(size >> 8);
    out[38] = (uint8_t)size;
    memcpy(out + 39, source, size);
    return command(s, LUATEE_CMD_SUPPLY_SCRIPT, out, 39 + size);
}

static const char not_there[] = "\x81\x64none";

/* need-script ends with the name, of one letter here, and the kind. */
static TEE_Result answer_script(struct session *s)
{
    if (io.out_size < 3 || response[io.out_size - 1] == LUATEE_KIND_MANIFEST)
        return COMMAND(s, LUATEE_CMD_DECLINE_SCRIPT, not_there);
    return give(s, response[io.out_size - 2] == 'm' ? module : scenario->source);
}

static bool asks(void)
{
    return io.a == LUATEE_ANSWER_NEED_SCRIPT || io.a == LUATEE_ANSWER_CALL_HOST || io.a == LUATEE_ANSWER_SLICE_OVER;
}

static TEE_Result answer(struct session *s)
{
    if (io.a == LUATEE_ANSWER_NEED_SCRIPT)
        return answer_script(s);
    if (io.a == LUATEE_ANSWER_SLICE_OVER)
        return COMMAND(s, LUATEE_CMD_CONTINUE, "");
    return COMMAND(s, LUATEE_CMD_HOST_RETURNED, "\x81\x05");
}

/* A message did not fit: the call may still wait for a script, or for the host. */
static void end_call(struct session *s)
{
    TEE_Result result = TEE_SUCCESS;
    for (int i = 0; i < 10 && result != TEE_ERROR_BAD_STATE; i++) {
        result = COMMAND(s, LUATEE_CMD_DECLINE_SCRIPT, not_there);
        if (result == TEE_ERROR_BAD_STATE) /* it does not wait for a script: cancel it */
            result = COMMAND(s, LUATEE_CMD_CANCEL, "\x81\x01");
    }
    assert_int_equal(result, TEE_ERROR_BAD_STATE);
}

/* Runs the scenario to its end, and answers what it asks for. Returns the last result. */
static TEE_Result run(struct session *s)
{
    TEE_Result result = scenario->lends ? COMMAND(s, LUATEE_CMD_CALL, "\x82\x61s\xd9\xca\x11\x05") :
                                          COMMAND(s, LUATEE_CMD_CALL, "\x81\x61s");
    while (result == TEE_SUCCESS && asks())
        result = answer(s);
    if (result == TEE_ERROR_OUT_OF_MEMORY && failing > 0) {
        failing = 0;
        end_call(s);
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

/* Where the results begin, behind what the TEE lets go, which the collector decides. */
static const uint8_t *results(void)
{
    const uint8_t *at = response + (response[0] < 0x98 ? 1 : 2);
    while (memcmp(at, "\xd9\xca\x13", 3) == 0)
        at += at[3] < 0x18 ? 4 : 5;
    return at;
}

static uint8_t right[sizeof(response)];
static size_t right_size;

static void assert_done(struct session *s)
{
    TEE_Result result = run(s);
    if (result != TEE_SUCCESS || io.a != LUATEE_ANSWER_DONE)
        fail_msg("allocation %lu%s failed before; result 0x%08x, answer %u: %.*s", failed, all ? " and more" : "",
                 (unsigned)result, (unsigned)io.a, (int)io.out_size, (char *)response);
}

static void assert_right(struct session *s)
{
    assert_done(s);
    size_t size = io.out_size - (size_t)(results() - response);
    assert_int_equal(size, right_size);
    assert_memory_equal(results(), right, right_size);
}

static void learn(struct session *s)
{
    assert_done(s);
    right_size = io.out_size - (size_t)(results() - response);
    memcpy(right, results(), right_size);
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
    scenario = *state;
    struct session *s = open_session();
    learn(s);
    unsigned long calls = count(s);
    assert_in_range(calls, 100, 100000);
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
    scenario = *state;
    static const uint8_t hello[] = { 0x82, 0x61, 's', LUATEE_HELLO_PLAINTEXT };
    struct session *s = open_session();
    learn(s);
    session_close(s);
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
    scenario = *state;
    struct session *s = open_session();
    made = 0;
    learn(s);
    unsigned long calls = made;
    session_close(s);
    for (unsigned long i = 1; i <= calls; i++) {
        s = open_session();
        all = true;
        made = 0;
        failing = i;
        (void)run(s);
        assert_right(s);
        session_close(s);
    }
}

#define TEST(name, number) { #name " " #number, name, NULL, NULL, (void *)(uintptr_t)&scenarios[number] }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fail_each_in_one_session, 0), TEST(fail_each_of_a_first_call, 0), TEST(fail_each_while_a_session_opens, 0),
        TEST(fail_each_in_one_session, 1), TEST(fail_each_of_a_first_call, 1),
        TEST(fail_each_in_one_session, 2), TEST(fail_each_of_a_first_call, 2),
    };
    return cmocka_run_group_tests_name("shortage", tests, NULL, NULL);
}
