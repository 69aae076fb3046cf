/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that are cancelled, from another thread, from a signal handler, and by a deadline. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "luatee/luatee.h"
#include "tests/unit/support/few.h"

static const luatee_options sim = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true };

static luatee_session *session;
static luatee_error *error;

static int setup(void **state)
{
    (void)state;
    error = luatee_error_new();
    return luatee_open(&sim, &session, error);
}

static int teardown(void **state)
{
    (void)state;
    luatee_close(session);
    luatee_error_free(error);
    return 0;
}

static void assert_works(void)
{
    luatee_values *values = luatee_values_new(), *results = luatee_values_new();
    luatee_put_integer(values, 42);
    assert_int_equal(luatee_call(session, "echo", values, results, error), LUATEE_OK);
    assert_int_equal(luatee_get_integer(results), 42);
    luatee_values_free(values);
    luatee_values_free(results);
}

static atomic_bool cancelled;

/* Cancels what runs in the session, as soon as something does. */
static void *cancel_soon(void *context)
{
    const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
    (void)context;
    (void)nanosleep(&pause, NULL);
    while (!luatee_cancel(session))
        (void)nanosleep(&pause, NULL);
    atomic_store(&cancelled, true);
    return NULL;
}

static void call_and_cancel(const char *script)
{
    pthread_t thread;
    atomic_store(&cancelled, false);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    assert_int_equal(luatee_call(session, script, NULL, NULL, error), LUATEE_RAISED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(atomic_load(&cancelled));
    assert_string_equal(luatee_error_message(error), "cancelled");
    assert_non_null(strstr(luatee_error_traceback(error), script));
}

static void another_thread_cancels(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        call_and_cancel("forever");
        assert_works();
    }
}

/* A call that cannot stop at the end of its slice. */
static void another_thread_cancels_what_cannot_stop(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        call_and_cancel("stuck");
        assert_works();
        assert_false(luatee_cancel(session));
    }
}

static bool call_stuck(void *context, luatee_values *arguments, luatee_values *results)
{
    luatee_error *why = context;
    (void)arguments;
    (void)results;
    return luatee_call(session, "stuck", NULL, NULL, why) == LUATEE_OK;
}

static void a_call_inside_a_call_is_cancelled(void **state)
{
    (void)state;
    luatee_error *inner = luatee_error_new();
    assert_int_equal(luatee_export(session, "ask", call_stuck, inner, error), LUATEE_OK);
    call_and_cancel("asks");
    assert_string_equal(luatee_error_message(inner), "cancelled");
    luatee_error_free(inner);
    assert_works();
}

static void variables_are_closed(void **state)
{
    (void)state;
    luatee_values *values = luatee_values_new(), *results = luatee_values_new();
    call_and_cancel("closes");
    luatee_put_boolean(values, true);
    assert_int_equal(luatee_call(session, "closes", values, results, error), LUATEE_OK);
    assert_true(luatee_get_boolean(results));
    luatee_values_free(values);
    luatee_values_free(results);
}

static void handle(int number)
{
    (void)number;
    atomic_store(&cancelled, luatee_cancel(session));
}

static void a_signal_handler_cancels_it(const char *script)
{
    struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART }, before;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    atomic_store(&cancelled, false);
    (void)ualarm(100 * 1000, 0);
    assert_int_equal(luatee_call(session, script, NULL, NULL, error), LUATEE_RAISED);
    assert_true(atomic_load(&cancelled));
    assert_string_equal(luatee_error_message(error), "cancelled");
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    assert_works();
}

static void a_signal_handler_cancels(void **state)
{
    (void)state;
    a_signal_handler_cancels_it("forever");
    a_signal_handler_cancels_it("stuck");
}

/* A cancellation that comes too late for its call must not end another one. */
static void the_next_call_is_not_cancelled(void **state)
{
    (void)state;
    luatee_values *values = luatee_values_new();
    luatee_put_integer(values, 3 * LUATEE_SLICE); /* rounds: it takes more than a slice, and ends by itself */
    for (int i = few_or(8, 30); i > 0; i--) {
        pthread_t thread;
        luatee_status status;
        atomic_store(&cancelled, false);
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
        do
            status = luatee_call(session, "echo", values, NULL, error);
        while (status == LUATEE_OK && !atomic_load(&cancelled));
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(luatee_call(session, "stuck", values, NULL, error), LUATEE_OK);
    }
    luatee_values_free(values);
}

static void a_deadline_cancels(void **state)
{
    (void)state;
    luatee_call_options options = { .deadline = 200 };
    assert_int_equal(luatee_call_with(session, &options, "forever", NULL, NULL, error), LUATEE_RAISED);
    assert_string_equal(luatee_error_message(error), "cancelled: the deadline is over");
    /* It was that call's alone. */
    assert_works();
    call_and_cancel("forever");
    /* A call that ends in time knows nothing of it. */
    options.deadline = 600000;
    assert_int_equal(luatee_call_with(session, &options, "echo", NULL, NULL, error), LUATEE_OK);
}

static void a_deadline_of_an_import_and_of_a_function(void **state)
{
    (void)state;
    const luatee_call_options late = { .deadline = 50 }, far = { .deadline = 100000 };
    luatee_values *results = luatee_values_new();
    assert_int_equal(luatee_import_with(session, &late, "forever", results, error), LUATEE_RAISED);
    assert_string_equal(luatee_error_message(error), "cancelled: the deadline is over");
    assert_int_equal(luatee_import_with(session, &far, "endless", results, error), LUATEE_OK);
    luatee_function *function = luatee_get_function(results);
    assert_non_null(function);
    assert_int_equal(luatee_call_function_with(session, &late, function, NULL, results, error), LUATEE_RAISED);
    assert_string_equal(luatee_error_message(error), "cancelled: the deadline is over");
    luatee_function_free(function);
    luatee_values_free(results);
    assert_works();
}

static void nothing_to_cancel(void **state)
{
    (void)state;
    assert_false(luatee_cancel(session));
    assert_works();
    assert_false(luatee_cancel(session));
    assert_works();
}

static void fuel_and_memory_of_ones_own(void **state)
{
    (void)state;
    luatee_session *limited;
    luatee_options options = sim;
    luatee_info info;
    options.fuel = 10000;
    options.memory = 512 * 1024;
    assert_int_equal(luatee_open(&options, &limited, error), LUATEE_OK);
    assert_int_equal(luatee_get_info(limited, &info, error), LUATEE_OK);
    assert_int_equal(info.memory_max, 512 * 1024);
    assert_int_equal(luatee_call(limited, "forever", NULL, NULL, error), LUATEE_RAISED);
    assert_non_null(strstr(luatee_error_message(error), "its budget of 10,000 units"));
    luatee_close(limited);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_thread_cancels),
        TEST(another_thread_cancels_what_cannot_stop),
        TEST(a_call_inside_a_call_is_cancelled),
        TEST(the_next_call_is_not_cancelled),
        TEST(variables_are_closed),
        TEST(a_signal_handler_cancels),
        TEST(a_deadline_cancels),
        TEST(nothing_to_cancel),
        TEST(a_deadline_of_an_import_and_of_a_function),
        TEST(fuel_and_memory_of_ones_own),
    };
    return cmocka_run_group_tests_name("client_cancel", tests, NULL, NULL);
}
