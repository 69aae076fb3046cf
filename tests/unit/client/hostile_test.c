/* SPDX-License-Identifier: BSD-2-Clause */
/* A TA that answers nonsense (hostile_ta): always an error, never a crash, and the session is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "luatee/luatee.h"

static luatee_session *session;
static luatee_values *results;
static luatee_error *error;

static void drop_print(void *context, const char *text, size_t size)
{
    (void)context;
    (void)text;
    (void)size;
}

static int setup(void **state)
{
    (void)state;
    luatee_options options = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true, .log = drop_print };
    results = luatee_values_new();
    error = luatee_error_new();
    return luatee_open(&options, &session, error) != LUATEE_OK;
}

static int teardown(void **state)
{
    (void)state;
    luatee_close(session);
    luatee_values_free(results);
    luatee_error_free(error);
    return 0;
}

static void the_ta_can_answer_well(void **state)
{
    (void)state;
    assert_int_equal(luatee_call(session, "fine", NULL, results, error), LUATEE_OK);
    assert_int_equal(luatee_get_integer(results), 1);
}

/* The script's name is the test's state. */
static void nonsense_is_refused(void **state)
{
    const char *script = *state;
    assert_int_equal(luatee_call(session, script, NULL, results, error), LUATEE_FAILED);
    assert_non_null(strstr(luatee_error_message(error), "makes no sense"));
    assert_int_equal(luatee_count(results), 0);
    assert_int_equal(luatee_call(session, "fine", NULL, results, error), LUATEE_NO_TEE);
}

static void nonsense_to_other_commands(void **state)
{
    (void)state;
    luatee_info info;
    assert_int_equal(luatee_get_info(session, &info, error), LUATEE_FAILED);
    assert_int_equal(teardown(state), 0);
    assert_int_equal(setup(state), 0);
    luatee_stored *list;
    size_t count;
    assert_int_equal(luatee_store_list(session, &list, &count, error), LUATEE_FAILED);
    assert_null(list);
    assert_int_equal(count, 0);
}

#define NONSENSE(script)                                                                                               \
    {                                                                                                                  \
        script, nonsense_is_refused, setup_named, teardown, (void *)(uintptr_t)(script)                                \
    }

static int setup_named(void **state)
{
    void *script = *state;
    int result = setup(state);
    *state = script;
    return result;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_ta_can_answer_well, setup, teardown),
        NONSENSE("empty"),
        NONSENSE("no_array"),
        NONSENSE("no_log"),
        NONSENSE("bad_log"),
        NONSENSE("long_log"),
        NONSENSE("trailing"),
        NONSENSE("cut"),
        NONSENSE("many"),
        NONSENSE("answer"),
        NONSENSE("raised_short"),
        NONSENSE("raised_long"),
        NONSENSE("raised_number"),
        NONSENSE("ask_path"),
        NONSENSE("ask_root"),
        NONSENSE("ask_nothing"),
        NONSENSE("ask_twice"),
        NONSENSE("huge"),
        NONSENSE("overflow"),
        NONSENSE("more_nothing"),
        NONSENSE("more_than_left"),
        NONSENSE("more_for_ever"),
        NONSENSE("more_grows"),
        cmocka_unit_test_setup_teardown(nonsense_to_other_commands, setup, teardown),
    };
    if (setenv("LUATEE_SIM_TA_DIR", HOSTILE_TA_DIR, 1) != 0)
        return 1;
    return cmocka_run_group_tests_name("client_hostile", tests, NULL, NULL);
}
