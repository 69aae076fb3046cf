/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the TEE to the host, and functions that cross, against a client that does not keep to the protocol. */
#define _GNU_SOURCE /* memmem */
#include "tests/unit/ta/session_calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/commands.h"
#include "tests/unit/ta/raw_client.h"

/* A message of bytes that are written down. */
#define SEND(command, bytes) raw_command(&raw, (command), (bytes), sizeof(bytes) - 1, 0, 0)

static struct raw raw;

static int setup(void **state)
{
    (void)state;
    raw_begin(&raw);
    raw_open_app(&raw, LUATEE_HELLO_PLAINTEXT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_close(&raw);
    raw_end(&raw);
    return 0;
}

/* Is this what the TA answered? */
#define ASSERT_ANSWERS(kind, bytes)                                    \
    do {                                                               \
        assert_int_equal(raw.a, (kind));                               \
        assert_int_equal(raw.size, sizeof(bytes) - 1);                 \
        assert_memory_equal(raw_response(&raw), (bytes), sizeof(bytes) - 1); \
    } while (0)

static void assert_raised(const char *words)
{
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    if (!memmem(raw_response(&raw), raw.size, words, strlen(words)))
        fail_msg("no '%s' in the error: %.*s", words, (int)raw.size, (char *)raw_response(&raw));
}

static void run(const char *name, const char *source)
{
    assert_int_equal(raw_call(&raw, name, source, "", 0, 0), TEEC_SUCCESS);
}

static void assert_works(void)
{
    run("seven", "return 7");
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\x07");
}

/* A call that waits for the export `ask`, and returns what that returns. */
static void begin_asking(void)
{
    run("asks", "return tee.host.ask(5)");
    ASSERT_ANSWERS(LUATEE_ANSWER_CALL_HOST, "\x83\xf6\x63" "ask\x05");
}

static void end_asking(void)
{
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_SUCCESS);
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\x08");
}

static void the_tee_calls_the_host(void **state)
{
    (void)state;
    begin_asking();
    end_asking();
    begin_asking();
    assert_int_equal(SEND(LUATEE_CMD_HOST_RAISED, "\x82\x41" "e\x41" "t"), TEEC_SUCCESS);
    assert_raised("e");
    assert_works();
}

static void results_nobody_asked_for_are_refused(void **state)
{
    (void)state;
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RAISED, "\x82\x08\x40"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\xd9\xca\x13\x01"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_CANCEL, "\x81\x01"), TEEC_ERROR_BAD_STATE);
    assert_works();
    begin_asking();
    end_asking();
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE);
    assert_works();
}

static void results_while_a_script_is_asked_for_are_refused(void **state)
{
    (void)state;
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\x65" "later"), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RAISED, "\x82\x08\x40"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_CONTINUE, ""), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_IMPORT, "\x81\x65" "seven"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61" "x"), TEEC_SUCCESS);
    assert_works();
}

static void a_script_in_the_place_of_results_is_refused(void **state)
{
    (void)state;
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "return 1");
    begin_asking();
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61" "x"), TEEC_ERROR_BAD_STATE);
    assert_int_equal(SEND(LUATEE_CMD_CONTINUE, ""), TEEC_ERROR_BAD_STATE); /* nor is its slice over */
    end_asking();
}

static void bad_results_are_refused_and_the_question_stays(void **state)
{
    (void)state;
    static const struct {
        uint32_t command;
        const char *bytes;
        size_t size;
    } bad[] = {
#define BAD(command, bytes) { command, bytes, sizeof(bytes) - 1 }
#define RETURNED(bytes) BAD(LUATEE_CMD_HOST_RETURNED, bytes)
#define RAISED(bytes) BAD(LUATEE_CMD_HOST_RAISED, bytes)
        RETURNED(""),
        RETURNED("\x08"),                   /* no array */
        RETURNED("\x82\x08"),               /* an item is missing */
        RETURNED("\x81\x08\x08"),           /* one too many */
        RETURNED("\x81\xc1\x01"),           /* a tag of others */
        RETURNED("\x81\xd9\xca\x11\x00"),   /* function 0 of the host */
        RETURNED("\x81\xd9\xca\x11\x1b\x80\x00\x00\x00\x00\x00\x00\x00"), /* a number above an integer's */
        RETURNED("\x81\xd9\xca\x11\x20"),   /* a negative one */
        RETURNED("\x81\xd9\xca\x11\x41" "1"),         /* a string */
        RETURNED("\x81\xa1\xd9\xca\x11\x01\x01"),     /* a function as a key */
        RETURNED("\x82\x08\xd9\xca\x13\x01"),         /* released, but not at the beginning */
        RAISED("\x80"),                     /* no error */
        RAISED("\x81\x08"),                 /* no traceback */
        RAISED("\x82\x08\x08"),             /* a traceback that is a number */
        RAISED("\x83\x08\x40\x40"),         /* two */
        RAISED("\x82\xd9\xca\x13\x01\x08"), /* released in the place of the error */
        BAD(LUATEE_CMD_CANCEL, ""),
        BAD(LUATEE_CMD_CANCEL, "\x80"),
        BAD(LUATEE_CMD_CANCEL, "\x81\x00"), /* no reason */
        BAD(LUATEE_CMD_CANCEL, "\x81\x03"), /* an unknown one */
        BAD(LUATEE_CMD_CANCEL, "\x82\x01\x01"),
#undef RAISED
#undef RETURNED
#undef BAD
    };
    begin_asking();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        TEEC_Result result = raw_command(&raw, bad[i].command, bad[i].bytes, bad[i].size, 0, 0);
        if (result != TEEC_ERROR_BAD_FORMAT)
            fail_msg("message %zu: 0x%08x", i, (unsigned)result);
    }
    end_asking();
    assert_works();
}

static void a_call_inside_a_call_ends_first(void **state)
{
    (void)state;
    begin_asking();
    assert_works();
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\x65" "later"), TEEC_SUCCESS); /* it asks for its script */
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE); /* for the outer one */
    assert_int_equal(SEND(LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61" "x"), TEEC_SUCCESS);
    assert_raised("x");
    end_asking();
}

static void a_refusal_inside_a_call_ends_that_call(void **state)
{
    (void)state;
    begin_asking();
    run("bytecode", "\x1bLua"); /* which plaintext cannot be */
    assert_int_equal(raw.a, LUATEE_ANSWER_REFUSED);
    assert_int_equal(SEND(LUATEE_CMD_CONTINUE, ""), TEEC_ERROR_BAD_STATE); /* it is over */
    begin_asking();
    run("catches", "local x <close> = setmetatable({}, {__close = function() tee.host.ask() end})"
                   "pcall(internal_TA_call, 'bytecode') tee.host.ask()");
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "\x1bLua");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_REFUSED);
    end_asking();
    end_asking();
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE);
    assert_works();
}

static void a_bad_call_inside_a_call_leaves_it_alone(void **state)
{
    (void)state;
    assert_works();
    begin_asking();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x65" "seven\xa1\x01"), TEEC_ERROR_BAD_FORMAT);
        assert_int_equal(SEND(LUATEE_CMD_IMPORT, "\x82\x65" "seven\x01"), TEEC_ERROR_BAD_FORMAT);
        assert_int_equal(SEND(LUATEE_CMD_CALL, "\x80"), TEEC_ERROR_BAD_FORMAT);
    }
    end_asking();
}

static void calls_inside_calls_up_to_the_limit(void **state)
{
    (void)state;
    for (int depth = 0; depth < LUATEE_HOST_DEPTH_MAX; depth++)
        begin_asking();
    run("asks", "");
    assert_raised("deeper than 8");
    assert_works();
    for (int depth = 0; depth < LUATEE_HOST_DEPTH_MAX; depth++)
        end_asking();
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08"), TEEC_ERROR_BAD_STATE);
    assert_works();
}

static void a_call_is_cancelled_while_it_waits(void **state)
{
    (void)state;
    run("stubborn", "while true do pcall(tee.host.ask) end");
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80"), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_CALL_HOST);
    begin_asking();
    assert_int_equal(SEND(LUATEE_CMD_CANCEL, "\x81\x01"), TEEC_SUCCESS);
    assert_raised("cancelled");
    /* The budget is one, and so is the end. */
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80"), TEEC_SUCCESS);
    assert_raised("cancelled");
    assert_works();
}

static void functions_that_are_not_there(void **state)
{
    (void)state;
    run("lends", "return function() return 9 end");
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\xd9\xca\x12\x01");
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x01"), TEEC_SUCCESS);
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\x09");

    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x02"), TEEC_SUCCESS);
    assert_raised("no such function");
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x65" "seven\xd9\xca\x12\x19\xff\xff"), TEEC_SUCCESS);
    assert_raised("no such function");
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x00"), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
                     TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x11\x01"), TEEC_ERROR_BAD_FORMAT); /* one of the host's */
    assert_int_equal(SEND(LUATEE_CMD_IMPORT, "\x81\xd9\xca\x12\x01"), TEEC_ERROR_BAD_FORMAT);

    /* Released in the call that it is the target of: it still runs, once; what was never lent is ignored. */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x83\xd9\xca\x13\x01\xd9\xca\x13\x19\x10\x00\xd9\xca\x12\x01"),
                     TEEC_SUCCESS);
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\x09");
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x01"), TEEC_SUCCESS);
    assert_raised("no such function");
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\xd9\xca\x13\x01\x65" "lends"), TEEC_SUCCESS);
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\xd9\xca\x12\x02"); /* the number is not used again */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x13\x02"), TEEC_ERROR_BAD_FORMAT); /* no target */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x02"), TEEC_SUCCESS);
    ASSERT_ANSWERS(LUATEE_ANSWER_DONE, "\x82\xf6\x09");
    assert_works();
}

/* A list of `count` functions of the host, from number `first` on, as the argument of the script `seven`. */
static TEEC_Result send_functions(unsigned first, unsigned count)
{
    uint8_t *at = raw_request(&raw);
    memcpy(at, "\x82\x65" "seven\x99", 8);
    at[8] = (uint8_t)(count >> 8);
    at[9] = (uint8_t)count;
    at += 10;
    for (unsigned i = first; i < first + count; i++, at += 6) {
        memcpy(at, "\xd9\xca\x11\x19", 4);
        at[4] = (uint8_t)(i >> 8);
        at[5] = (uint8_t)i;
    }
    return raw_command(&raw, LUATEE_CMD_CALL, NULL, (size_t)(at - raw_request(&raw)), 0, 0);
}

static void more_functions_than_there_can_be(void **state)
{
    (void)state;
    assert_works();
    /* Nobody keeps them, so as many others can follow. */
    for (unsigned first = 256; first < 256 + 5 * LUATEE_FUNCTIONS_MAX; first += LUATEE_FUNCTIONS_MAX)
        assert_int_equal(send_functions(first, LUATEE_FUNCTIONS_MAX), TEEC_SUCCESS);
    run("seven", "");
    assert_int_equal(send_functions(256, LUATEE_FUNCTIONS_MAX + 1), TEEC_ERROR_BAD_FORMAT);
    run("seven", ""); /* which tells what of it was let go */
    assert_works();
    assert_int_equal(send_functions(256, LUATEE_FUNCTIONS_MAX), TEEC_SUCCESS);
}

int session_messages(void)
{
    const char *asked = getenv("SESSION_MESSAGES");
    return asked ? atoi(asked) : 50000;
}

static uint32_t next_random(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

/* Calls, results and releases that are nearly right, at any depth. */
static void random_messages(void **state)
{
    (void)state;
    static const struct {
        uint32_t command;
        const char *bytes;
        size_t size;
    } good[] = {
        { LUATEE_CMD_CALL, "\x82\x64" "asks\xd9\xca\x11\x05", 10 },
        { LUATEE_CMD_CALL, "\x82\xd9\xca\x12\x01\xd9\xca\x11\x05", 9 },
        { LUATEE_CMD_CALL, "\x83\xd9\xca\x13\x01\xd9\xca\x12\x02\x81\xd9\xca\x12\x03", 14 },
        { LUATEE_CMD_IMPORT, "\x81\x65" "lends", 7 },
        { LUATEE_CMD_HOST_RETURNED, "\x82\xd9\xca\x13\x04\xd9\xca\x12\x05", 9 },
        { LUATEE_CMD_HOST_RETURNED, "\x81\x81\xd9\xca\x11\x03", 6 },
        { LUATEE_CMD_HOST_RAISED, "\x82\xa1\x01\xd9\xca\x12\x02\x41" "t", 9 },
        { LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61" "x", 3 },
        { LUATEE_CMD_CONTINUE, "", 0 },
        { LUATEE_CMD_CANCEL, "\x81\x01", 2 },
    };
    int messages = session_messages();
    begin_asking();
    end_asking();
    run("lends", "return {function(...) return tee.host.x(...) end, function(f) return f(f) end, tee.host.y}");
    for (int i = 0; i < messages; i++) {
        uint8_t bytes[32];
        uint32_t which = next_random() % (sizeof(good) / sizeof(good[0]));
        memcpy(bytes, good[which].bytes, good[which].size);
        for (uint32_t n = good[which].size > 0 ? next_random() % 3 : 0; n > 0; n--)
            bytes[next_random() % good[which].size] = (uint8_t)(next_random() % 4 ? next_random() % 16 : next_random());
        TEEC_Result result = raw_command(&raw, good[which].command, bytes, good[which].size, 0, 0);
        if (result == TEEC_ERROR_TARGET_DEAD || result == TEEC_ERROR_COMMUNICATION)
            fail_msg("message %d ended the TA", i);
    }
    /* Whatever waits ends. */
    for (int i = 0; i < 2 * LUATEE_HOST_DEPTH_MAX; i++) {
        (void)SEND(LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61" "x");
        (void)SEND(LUATEE_CMD_CANCEL, "\x81\x01");
    }
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80"), TEEC_ERROR_BAD_STATE);
    run("clean", "collectgarbage() collectgarbage()"); /* tells what is let go */
    assert_works();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int session_calls(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_tee_calls_the_host),
        TEST(results_nobody_asked_for_are_refused),
        TEST(results_while_a_script_is_asked_for_are_refused),
        TEST(a_script_in_the_place_of_results_is_refused),
        TEST(bad_results_are_refused_and_the_question_stays),
        TEST(a_call_inside_a_call_ends_first),
        TEST(a_refusal_inside_a_call_ends_that_call),
        TEST(a_bad_call_inside_a_call_leaves_it_alone),
        TEST(calls_inside_calls_up_to_the_limit),
        TEST(a_call_is_cancelled_while_it_waits),
        TEST(functions_that_are_not_there),
        TEST(more_functions_than_there_can_be),
        TEST(random_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
