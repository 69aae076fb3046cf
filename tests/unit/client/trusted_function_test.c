/* SPDX-License-Identifier: BSD-2-Clause */
/* Exports and trusted functions in the C API, against the simulator. */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "luatee/luatee.h"

#define OBJECTS 20000

static luatee_session *session;
static luatee_values *arguments;
static luatee_values *results;
static luatee_error *error;

static const luatee_options sim = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true };

static int setup(void **state)
{
    (void)state;
    arguments = luatee_values_new();
    results = luatee_values_new();
    error = luatee_error_new();
    return luatee_open(&sim, &session, error) != LUATEE_OK;
}

static int teardown(void **state)
{
    (void)state;
    luatee_close(session);
    luatee_values_free(arguments);
    luatee_values_free(results);
    luatee_error_free(error);
    return 0;
}

static void assert_status(luatee_status wanted, luatee_status status)
{
    if (status != wanted)
        print_error("%s\n", luatee_error_message(error));
    assert_int_equal(status, wanted);
}

static void export(const char *name, luatee_export_function function, void *context)
{
    assert_status(LUATEE_OK, luatee_export(session, name, function, context, error));
}

/* Has the trusted side call the export with 20 and 22; results are at the first after pcall's boolean, which is
 * returned. */
static bool call_export(const char *name)
{
    luatee_values_clear(arguments);
    luatee_put_string(arguments, name);
    luatee_put_integer(arguments, 20);
    luatee_put_integer(arguments, 22);
    assert_status(LUATEE_OK, luatee_call(session, "host", arguments, results, error));
    return luatee_get_boolean(results);
}

static void assert_result_says(const char *words)
{
    size_t size;
    const char *text = luatee_get_bytes(results, &size);
    assert_non_null(text);
    if (memmem(text, size, words, strlen(words)) == NULL)
        fail_msg("'%s' is not in: %.*s", words, (int)size, text);
}

static bool add(void *context, luatee_values *given, luatee_values *result)
{
    ++*(int *)context;
    luatee_put_integer(result, luatee_get_integer(given) + luatee_get_integer(given));
    return luatee_values_status(given, NULL) == LUATEE_OK;
}

static void an_export_gets_arguments_and_gives_results(void **state)
{
    (void)state;
    int calls = 0;
    export("add", add, &calls);
    assert_true(call_export("add"));
    assert_int_equal(luatee_get_integer(results), 42);
    assert_int_equal(luatee_count(results), 2);
    assert_int_equal(calls, 1);
    export("add", NULL, NULL);
    assert_false(call_export("add"));
    assert_result_says("'add': the host exports no function");
    export("add", add, &calls);
    assert_true(call_export("add"));
    assert_int_equal(calls, 2);
}

static void bad_names_are_refused(void **state)
{
    (void)state;
    assert_status(LUATEE_USAGE, luatee_export(session, "", add, NULL, error));
    assert_status(LUATEE_USAGE, luatee_export(session, "a b", add, NULL, error));
    assert_status(LUATEE_USAGE, luatee_export(session, ".a", add, NULL, error));
    assert_status(LUATEE_OK, luatee_export(session, "never", NULL, NULL, error));
    assert_status(LUATEE_USAGE, luatee_import(session, "../x", results, error));
}

static bool give_much(void *context, luatee_values *given, luatee_values *result)
{
    static char much[300 * 1024];
    (void)context;
    (void)given;
    luatee_put_bytes(result, much, sizeof(much));
    return true;
}

static void results_that_the_tee_has_no_room_for(void **state)
{
    (void)state;
    luatee_options options = sim;
    int calls = 0;
    options.memory = LUATEE_MEMORY_MIN;
    luatee_close(session);
    assert_status(LUATEE_OK, luatee_open(&options, &session, error));
    export("much", give_much, NULL);
    export("add", add, &calls);
    for (int i = 0; i < 3; i++) {
        assert_false(call_export("much"));
        assert_result_says("a function of the host: the TEE has no memory for a request of this size");
        assert_true(call_export("add"));
    }
}

static bool raise_number(void *context, luatee_values *given, luatee_values *result)
{
    (void)context;
    (void)given;
    luatee_put_integer(result, 7);
    return false;
}

static bool raise_nothing(void *context, luatee_values *given, luatee_values *result)
{
    (void)context;
    (void)given;
    (void)result;
    return false;
}

/* Calls what the TEE refuses, which ends that call alone. */
static bool be_refused(void *context, luatee_values *given, luatee_values *result)
{
    (void)context;
    (void)given;
    assert_status(LUATEE_REFUSED, luatee_call(session, "bytecode", NULL, NULL, error));
    luatee_put_integer(result, 7);
    return true;
}

static bool give_seven(void *context, luatee_values *given, luatee_values *result)
{
    (void)context;
    (void)given;
    luatee_put_integer(result, 7);
    return true;
}

static void a_refusal_ends_one_call(void **state)
{
    (void)state;
    export("refused", be_refused, NULL);
    assert_true(call_export("refused"));
    assert_int_equal(luatee_get_integer(results), 7);
    /* Refused after the export has returned. */
    export("seven", give_seven, NULL);
    assert_status(LUATEE_REFUSED, luatee_call(session, "host_bytecode", NULL, results, error));
    assert_true(call_export("seven"));
    assert_int_equal(luatee_get_integer(results), 7);
}

static bool leave_list_open(void *context, luatee_values *given, luatee_values *result)
{
    (void)context;
    (void)given;
    luatee_begin_list(result);
    return true;
}

static void an_export_raises_errors(void **state)
{
    (void)state;
    export("number", raise_number, NULL);
    export("nothing", raise_nothing, NULL);
    export("open", leave_list_open, NULL);
    assert_false(call_export("number"));
    assert_int_equal(luatee_get_integer(results), 7);
    assert_false(call_export("nothing"));
    assert_result_says("host function 'nothing': it failed");
    assert_false(call_export("open"));
    assert_result_says("not ended");
    assert_false(call_export("missing"));
    assert_result_says("'missing': the host exports no function");
}

/* Calls itself by way of the TEE, until that refuses. */
static bool nest(void *context, luatee_values *given, luatee_values *result)
{
    (void)given;
    luatee_values *inner = luatee_values_new(), *name = luatee_values_new();
    int *depth = context;
    ++*depth;
    luatee_put_string(name, "nest");
    assert_int_equal(luatee_call(session, "host", name, inner, NULL), LUATEE_OK);
    luatee_put_boolean(result, luatee_get_boolean(inner));
    luatee_values_free(name);
    luatee_values_free(inner);
    return true;
}

static void exports_inside_each_other_up_to_the_limit(void **state)
{
    (void)state;
    int depth = 0;
    export("nest", nest, &depth);
    assert_true(call_export("nest"));
    assert_int_equal(depth, LUATEE_HOST_DEPTH_MAX);
    assert_true(call_export("nest"));
}

static luatee_function *new_counter(void)
{
    assert_status(LUATEE_OK, luatee_call(session, "counter", NULL, results, error));
    assert_int_equal(luatee_next_kind(results), LUATEE_FUNCTION);
    luatee_function *function = luatee_get_function(results);
    assert_non_null(function);
    return function;
}

static int64_t count(const luatee_function *function)
{
    assert_status(LUATEE_OK, luatee_call_function(session, function, NULL, results, error));
    return luatee_get_integer(results);
}

static void a_trusted_function_is_called(void **state)
{
    (void)state;
    luatee_function *a = new_counter(), *b = new_counter();
    assert_int_equal(count(a), 1);
    assert_int_equal(count(a), 2);
    assert_int_equal(count(b), 1);
    luatee_function_free(a);
    assert_int_equal(count(b), 2);
    luatee_function_free(b);
    luatee_function_free(NULL);
}

static void a_function_of_another_session_is_refused(void **state)
{
    (void)state;
    luatee_session *other;
    luatee_function *function = new_counter();
    assert_status(LUATEE_OK, luatee_open(&sim, &other, error));
    assert_status(LUATEE_USAGE, luatee_call_function(other, function, NULL, results, error));
    luatee_values_clear(arguments);
    luatee_put_function(arguments, function);
    assert_status(LUATEE_USAGE, luatee_call(other, "echo", arguments, results, error));
    luatee_close(other);
    assert_int_equal(count(function), 1);
    luatee_values_clear(arguments);
    luatee_begin_map(arguments);
    luatee_put_function(arguments, function);
    assert_status(LUATEE_USAGE, luatee_values_status(arguments, error));
    luatee_function_free(function);
}

static void a_module_and_a_function_that_goes_home(void **state)
{
    (void)state;
    luatee_function *counting = NULL, *same = NULL;
    assert_status(LUATEE_OK, luatee_import(session, "counter", results, error));
    for (size_t n = luatee_enter(results); n > 0; n--) {
        size_t size;
        const char *key = luatee_get_bytes(results, &size);
        luatee_function **place = size == 4 && memcmp(key, "same", 4) == 0 ? &same : &counting;
        *place = luatee_get_function(results);
    }
    assert_non_null(same);
    assert_non_null(counting);
    luatee_values_clear(arguments);
    luatee_put_function(arguments, counting);
    assert_status(LUATEE_OK, luatee_call_function(session, same, arguments, results, error));
    assert_true(luatee_get_boolean(results));
    luatee_function_free(counting);
    luatee_function_free(same);
}

static void a_handle_outlives_its_session(void **state)
{
    (void)state;
    luatee_function *function = new_counter();
    luatee_close(session);
    luatee_function_free(function);
    assert_status(LUATEE_OK, luatee_open(&sim, &session, error));
}

static uint64_t memory(void)
{
    luatee_info info;
    assert_status(LUATEE_OK, luatee_get_info(session, &info, error));
    return info.memory;
}

static void what_is_freed_is_freed_in_the_tee(void **state)
{
    (void)state;
    for (int i = 0; i < OBJECTS / 10; i++)
        luatee_function_free(new_counter());
    uint64_t before = memory();
    for (int i = 0; i < OBJECTS; i++)
        luatee_function_free(new_counter());
    assert_true(memory() < before + 64 * 1024);
}

static void functions_up_to_their_limit(void **state)
{
    (void)state;
    static luatee_function *functions[LUATEE_FUNCTIONS_MAX];
    for (int i = 0; i < LUATEE_FUNCTIONS_MAX; i++)
        functions[i] = new_counter();
    assert_status(LUATEE_RAISED, luatee_call(session, "counter", NULL, results, error));
    assert_non_null(strstr(luatee_error_message(error), "4096"));
    luatee_function_free(functions[0]);
    functions[0] = NULL;
    assert_status(LUATEE_RAISED, luatee_call(session, "fail", NULL, results, error)); /* tells it */
    functions[0] = new_counter();
    for (int i = 0; i < LUATEE_FUNCTIONS_MAX; i++)
        luatee_function_free(functions[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_export_gets_arguments_and_gives_results),
        TEST(bad_names_are_refused),
        TEST(an_export_raises_errors),
        TEST(results_that_the_tee_has_no_room_for),
        TEST(a_refusal_ends_one_call),
        TEST(exports_inside_each_other_up_to_the_limit),
        TEST(a_trusted_function_is_called),
        TEST(a_function_of_another_session_is_refused),
        TEST(a_module_and_a_function_that_goes_home),
        TEST(a_handle_outlives_its_session),
        TEST(what_is_freed_is_freed_in_the_tee),
        TEST(functions_up_to_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
