/* SPDX-License-Identifier: BSD-2-Clause */
/* What luatee.h promises to threads: one session can be shared, different sessions are independent. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "luatee/luatee.h"

#define THREADS 8
#define CALLS   200

static const luatee_options sim = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true };

struct worker {
    pthread_t thread;
    luatee_session *session; /* shared; NULL: the thread opens its own */
    int number;
    int good; /* calls that gave back what they should */
};

/* A string that says whose it is, sometimes longer than the buffer, so that pieces of two calls could mix. */
static size_t fill(char *text, int number, int call)
{
    size_t size = call % 20 == 0 ? 3 * LUATEE_BUFFER_SIZE : 40;
    memset(text, 'a' + number, size);
    (void)snprintf(text, size, "%d/%d", number, call);
    return size;
}

static bool echo(luatee_session *session, int number, int call, luatee_values *arguments, luatee_values *results)
{
    static _Thread_local char text[3 * LUATEE_BUFFER_SIZE];
    size_t size = fill(text, number, call), came;
    luatee_values_clear(arguments);
    luatee_put_bytes(arguments, text, size);
    if (luatee_call(session, "echo", arguments, results, NULL) != LUATEE_OK)
        return false;
    const char *back = luatee_get_bytes(results, &came);
    return back != NULL && came == size && memcmp(back, text, size) == 0;
}

/* Errors are interleaved: the message must be the thread's own. */
static bool raise_own(luatee_session *session, int number, luatee_values *arguments, luatee_values *results,
                      luatee_error *error)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "error of %d.", number);
    luatee_values_clear(arguments);
    luatee_put_string(arguments, text);
    return luatee_call(session, "fail", arguments, results, error) == LUATEE_RAISED &&
           strstr(luatee_error_message(error), text) != NULL;
}

static void *work(void *context)
{
    struct worker *worker = context;
    luatee_values *arguments = luatee_values_new(), *results = luatee_values_new();
    luatee_error *error = luatee_error_new();
    luatee_session *own = NULL;
    luatee_session *session = worker->session;
    if (session == NULL && luatee_open(&sim, &own, error) == LUATEE_OK)
        session = own;
    for (int call = 0; call < CALLS && session != NULL; call++) {
        bool good = call % 10 == 9 ? raise_own(session, worker->number, arguments, results, error) :
                                     echo(session, worker->number, call, arguments, results);
        worker->good += good;
    }
    luatee_close(own);
    luatee_error_free(error);
    luatee_values_free(arguments);
    luatee_values_free(results);
    return NULL;
}

static void run_threads(luatee_session *shared)
{
    struct worker workers[THREADS] = { 0 };
    for (int i = 0; i < THREADS; i++) {
        workers[i].session = shared;
        workers[i].number = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].good, CALLS);
}

static void one_session_is_shared(void **state)
{
    (void)state;
    luatee_session *session;
    assert_int_equal(luatee_open(&sim, &session, NULL), LUATEE_OK);
    run_threads(session);
    luatee_close(session);
}

static void every_thread_has_its_own(void **state)
{
    (void)state;
    run_threads(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_session_is_shared),
        cmocka_unit_test(every_thread_has_its_own),
    };
    return cmocka_run_group_tests_name("client_threads", tests, NULL, NULL);
}
