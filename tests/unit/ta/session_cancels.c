/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines and cancellations that reach a call where it cannot stop, from a client that does not keep to the
 * protocol. */
#define _GNU_SOURCE /* memmem */
#include "tests/unit/ta/session_cancels.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "abi/commands.h"
#include "tests/unit/ta/raw_client.h"

/* Commands with `a` in their value parameter. */
#define SEND(command, bytes, a) raw_command(&raw, (command), (bytes), sizeof(bytes) - 1, (a), 0)

/* Cannot stop, and is out of fuel after some seconds. */
#define STUCK "table.sort({2, 1}, function() while true do end end)"

static struct raw raw;

static void pause_ms(long ms)
{
    const struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    (void)nanosleep(&time, NULL);
}

static void assert_raised(const char *words)
{
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    if (!memmem(raw_response(&raw), raw.size, words, strlen(words)))
        fail_msg("no '%s' in the error: %.*s", words, (int)raw.size, (char *)raw_response(&raw));
}

static void assert_done(void)
{
    assert_int_equal(raw.a, LUATEE_ANSWER_DONE);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x07", 3);
}

/* Loads the scripts, so that one command calls them. With an argument they do what they are for. */
static int setup(void **state)
{
    (void)state;
    raw_begin(&raw);
    raw_open_app(&raw, LUATEE_HELLO_PLAINTEXT);
    (void)raw_call(&raw, "stuck", "if ... then " STUCK " end return 7", "", 0, 0);
    (void)raw_call(&raw, "sliced", "if ... then while true do end end return 7", "", 0, 0);
    (void)raw_call(&raw, "asks", "if ... then tee.host.ask() " STUCK " end return 7", "", 0, 0);
    (void)raw_call(&raw, "asks2", "if ... then tee.host.ask() end return 7", "", 0, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_close(&raw);
    raw_end(&raw);
    return 0;
}

static void assert_works(void)
{
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\x65" "stuck", 0), TEEC_SUCCESS);
    assert_done();
}

static void a_deadline_comes_with_the_call(void **state)
{
    (void)state;
    static const uint32_t deadlines[] = { 1, 2, 50 };
    for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++) {
        assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x65" "stuck\xf5", deadlines[i]), TEEC_SUCCESS);
        assert_raised("cancelled: the deadline is over");
        assert_works();
    }
}

static void any_deadline_is_one(void **state)
{
    (void)state;
    static const uint32_t far[] = { 1u << 31, (1u << 31) - 1, UINT32_MAX - 1, UINT32_MAX };
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\x65" "stuck", far[i]), TEEC_SUCCESS);
        assert_done();
        assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "\x81\x65" "stuck", 7, far[i], 1),
                         TEEC_ERROR_BAD_PARAMETERS);
        assert_int_equal(raw_command(&raw, LUATEE_CMD_CONTINUE, NULL, 0, far[i], far[i]),
                         TEEC_ERROR_BAD_PARAMETERS);
        assert_int_equal(SEND(LUATEE_CMD_CONTINUE, "", far[i]), TEEC_ERROR_BAD_STATE);
    }
    assert_works();
}

static void other_commands_have_no_deadline(void **state)
{
    (void)state;
    static const uint32_t commands[] = { LUATEE_CMD_STORE_LIST, LUATEE_CMD_STORE_ADD, LUATEE_CMD_STORE_REMOVE,
                                         LUATEE_CMD_INFO, LUATEE_CMD_DEVICE_KEY };
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        assert_int_equal(raw_command(&raw, commands[i], "", 0, 1, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_works();
}

static void a_deadline_is_of_one_command(void **state)
{
    (void)state;
    /* The call waits longer than its deadline was, which the host takes back. */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x65" "asks2\xf5", 1), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_CALL_HOST);
    pause_ms(10);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80", 0), TEEC_SUCCESS);
    assert_done();
    /* It comes with the resume only. */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x64" "asks\xf5", 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_CALL_HOST);
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80", 20), TEEC_SUCCESS);
    assert_raised("cancelled: the deadline is over");
    assert_works();
}

/* A call waits for the host, which calls the script that never stops. */
static void begin_inner(const char *call, size_t size, uint32_t deadline)
{
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x82\x65" "asks2\xf5", 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_CALL_HOST);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, call, size, deadline, 0), TEEC_SUCCESS);
}

static void a_late_call_inside_a_call_ends_alone(void **state)
{
    (void)state;
    /* The TEE finds out. */
    begin_inner("\x82\x65" "stuck\xf5", 8, 1);
    assert_raised("cancelled: the deadline is over");
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80", 0), TEEC_SUCCESS);
    assert_done();
    /* The host says so. */
    begin_inner("\x82\x66" "sliced\xf5", 9, 0);
    assert_int_equal(raw.a, LUATEE_ANSWER_SLICE_OVER);
    assert_int_equal(SEND(LUATEE_CMD_CANCEL, "\x81\x02", 0), TEEC_SUCCESS);
    assert_raised("cancelled: the deadline is over");
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80", 0), TEEC_SUCCESS);
    assert_done();
    assert_works();
}

static void a_cancelled_call_inside_a_call_ends_both(void **state)
{
    (void)state;
    begin_inner("\x82\x66" "sliced\xf5", 9, 0);
    assert_int_equal(raw.a, LUATEE_ANSWER_SLICE_OVER);
    assert_int_equal(SEND(LUATEE_CMD_CANCEL, "\x81\x01", 0), TEEC_SUCCESS);
    assert_raised("cancelled");
    /* Nor does another one run. */
    assert_int_equal(SEND(LUATEE_CMD_CALL, "\x81\x65" "stuck", 0), TEEC_SUCCESS);
    assert_raised("cancelled");
    assert_int_equal(SEND(LUATEE_CMD_HOST_RETURNED, "\x80", 0), TEEC_SUCCESS);
    assert_raised("cancelled");
    assert_works();
}

static void the_call_around_a_late_one_is_cancelled(void **state)
{
    (void)state;
    begin_inner("\x82\x65" "stuck\xf5", 8, 1);
    assert_raised("cancelled: the deadline is over");
    assert_int_equal(SEND(LUATEE_CMD_CANCEL, "\x81\x01", 0), TEEC_SUCCESS);
    assert_raised("cancelled");
    assert_works();
}

static atomic_bool over;

/* The command may begin after we do: asks again, as long as it runs. */
static void *cancel(void *context)
{
    (void)context;
    for (pause_ms(100); !atomic_load(&over); pause_ms(100))
        raw_teec.cancel(&raw.operation);
    return NULL;
}

static void the_command_is_cancelled(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        atomic_store(&over, false);
        assert_int_equal(pthread_create(&thread, NULL, cancel, NULL), 0);
        TEEC_Result result = SEND(LUATEE_CMD_CALL, "\x82\x65" "stuck\xf5", 0);
        atomic_store(&over, true);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(result, TEEC_SUCCESS);
        assert_raised("cancelled");
        assert_works();
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int session_cancels(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_deadline_comes_with_the_call),
        TEST(any_deadline_is_one),
        TEST(other_commands_have_no_deadline),
        TEST(a_deadline_is_of_one_command),
        TEST(a_late_call_inside_a_call_ends_alone),
        TEST(a_cancelled_call_inside_a_call_ends_both),
        TEST(the_call_around_a_late_one_is_cancelled),
        TEST(the_command_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
