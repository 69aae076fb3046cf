/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How calls recover, through both users of the engine: each test runs once with C values and once with the Lua module.
 * The trusted script `host` calls the export that it is told, with pcall.
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "client/lua/tee.h"
#include "lualib.h"

/* Of calls that end inside an export. It should start before that, even on a slow machine. */
#define DEADLINE_MS 500

/* What became of a call of `script`. */
struct outcome {
    bool returned;   /* the call returned; otherwise it failed with `text` */
    bool fine;       /* the export returned `text`; otherwise it raised it */
    char text[1200]; /* a string, or "" for any other value */
};

struct user {
    void (*begin)(void); /* after the session was opened */
    void (*end)(void);   /* closes the session */
    void (*call)(const char *export, uint32_t deadline, struct outcome *outcome);
};

static luatee_session *session;
static luatee_error *error;
static bool inner_refused;
static const char *script; /* that calls run */

static void wait_until_late(void)
{
    const struct timespec time = { .tv_nsec = (DEADLINE_MS + 1) * 1000l * 1000 };
    (void)nanosleep(&time, NULL); /* begins after the call did */
}

static void set_text(struct outcome *outcome, const char *text, size_t size)
{
    (void)snprintf(outcome->text, sizeof(outcome->text), "%.*s", (int)size, text != NULL ? text : "");
}

/* --- C values */

static char much[LUATEE_MESSAGE_MAX];

/* Puts in as much as a values object holds: there is no room for the head of the message. */
static void put_too_much(luatee_values *values)
{
    const size_t head_of_bytes = 5, number = 9;
    luatee_put_bytes(values, much, sizeof(much) - head_of_bytes - number);
    luatee_put_double(values, 0.5);
}

static bool c_much(void *context, luatee_values *arguments, luatee_values *results)
{
    (void)context;
    (void)arguments;
    luatee_put_bytes(results, much, (size_t)300 * 1024);
    return true;
}

static bool c_uncrossable(void *context, luatee_values *arguments, luatee_values *results)
{
    (void)context;
    (void)arguments;
    put_too_much(results);
    return true;
}

static bool c_seven(void *context, luatee_values *arguments, luatee_values *results)
{
    (void)context;
    (void)arguments;
    luatee_put_string(results, "seven");
    return true;
}

static bool c_cancel(void *context, luatee_values *arguments, luatee_values *results)
{
    assert_true(luatee_cancel(session));
    return c_seven(context, arguments, results);
}

static bool c_late(void *context, luatee_values *arguments, luatee_values *results)
{
    wait_until_late();
    return c_seven(context, arguments, results);
}

static bool c_late_and_much(void *context, luatee_values *arguments, luatee_values *results)
{
    wait_until_late();
    return c_uncrossable(context, arguments, results);
}

static bool c_refused(void *context, luatee_values *arguments, luatee_values *results)
{
    inner_refused = luatee_call(session, "bytecode", NULL, NULL, NULL) == LUATEE_REFUSED;
    return c_seven(context, arguments, results);
}

/* The hostile TA's answer to `empty` makes no sense. */
static bool c_over(void *context, luatee_values *arguments, luatee_values *results)
{
    assert_int_equal(luatee_call(session, "empty", NULL, NULL, NULL), LUATEE_FAILED);
    return c_seven(context, arguments, results);
}

static void c_begin(void)
{
    static const struct {
        const char *name;
        luatee_export_function function;
    } exports[] = {
        { "much", c_much }, { "uncrossable", c_uncrossable },     { "seven", c_seven },     { "cancel", c_cancel },
        { "late", c_late }, { "late_and_much", c_late_and_much }, { "refused", c_refused }, { "over", c_over },
    };
    for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++)
        assert_int_equal(luatee_export(session, exports[i].name, exports[i].function, NULL, error), LUATEE_OK);
}

static void c_end(void)
{
    luatee_close(session);
}

static void c_call(const char *export, uint32_t deadline, struct outcome *outcome)
{
    size_t size;
    luatee_call_options options = { .deadline = deadline };
    luatee_values *arguments = luatee_values_new(), *results = luatee_values_new();
    luatee_put_string(arguments, export);
    *outcome = (struct outcome){ 0 };
    outcome->returned = luatee_call_with(session, &options, script, arguments, results, error) == LUATEE_OK;
    if (outcome->returned) {
        outcome->fine = luatee_get_boolean(results);
        const char *text = luatee_get_bytes(results, &size);
        set_text(outcome, text, size);
    } else {
        set_text(outcome, luatee_error_message(error), strlen(luatee_error_message(error)));
    }
    luatee_values_free(arguments);
    luatee_values_free(results);
}

static const struct user c_user = { c_begin, c_end, c_call };

/* --- the Lua module */

static lua_State *L;

static int lua_cancel(lua_State *state)
{
    lua_pushboolean(state, luatee_cancel(session));
    return 1;
}

static int lua_wait(lua_State *state)
{
    (void)state;
    wait_until_late();
    return 0;
}

static int lua_note_refusal(lua_State *state)
{
    inner_refused = !lua_toboolean(state, 1) && tee_is_refusal(state, 2);
    return 0;
}

static const char lua_exports[] =
    "tee.export('much', function() return ('x'):rep(300 * 1024) end)\n"
    "tee.export('uncrossable', function() return function() end, io.stdout end)\n"
    "tee.export('seven', function() return 'seven' end)\n"
    "tee.export('cancel', function() assert(cancel()) return 'seven' end)\n"
    "tee.export('late', function() wait() return 'seven' end)\n"
    "tee.export('late_and_much', function() wait() return io.stdout end)\n"
    "tee.export('refused', function() note_refusal(pcall(tee.call, 'bytecode')) return 'seven' end)\n"
    "tee.export('over', function() assert(not pcall(tee.call, 'empty')) return 'seven' end)\n"
    "tee.export('lends', function() return function() end end)\n"
    "tee.export('many', function() return table.unpack({}, 1, 40000) end)\n";

static void lua_begin(void)
{
    L = luaL_newstate();
    assert_non_null(L);
    luaL_openlibs(L);
    luaL_requiref(L, "tee", luaopen_tee, 1);
    lua_register(L, "cancel", lua_cancel);
    lua_register(L, "wait", lua_wait);
    lua_register(L, "note_refusal", lua_note_refusal);
    tee_set_default(L, session);
    assert_int_equal(luaL_dostring(L, lua_exports), LUA_OK);
}

static void lua_end(void)
{
    lua_close(L);
}

static void lua_call_host(const char *export, uint32_t deadline, struct outcome *outcome)
{
    *outcome = (struct outcome){ 0 };
    lua_settop(L, 0);
    assert_int_equal(luaL_loadstring(L, "local script, deadline, name = ...\n"
                                        "if deadline == 0 then return tee.call(script, name) end\n"
                                        "return tee.with{deadline = deadline / 1000}.call(script, name)\n"),
                     LUA_OK);
    lua_pushstring(L, script);
    lua_pushinteger(L, deadline);
    lua_pushstring(L, export);
    outcome->returned = lua_pcall(L, 3, LUA_MULTRET, 0) == LUA_OK;
    if (outcome->returned)
        outcome->fine = lua_toboolean(L, 1);
    int text = outcome->returned ? 2 : 1;
    if (lua_type(L, text) == LUA_TSTRING)
        set_text(outcome, lua_tostring(L, text), lua_rawlen(L, text));
}

static const struct user lua_user = { lua_begin, lua_end, lua_call_host };

/* --- tests; the state is a user */

static const struct user *user;

static void begin(void **state, uint64_t memory)
{
    luatee_options options = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true, .memory = memory };
    user = *state;
    inner_refused = false;
    script = "host";
    error = luatee_error_new();
    assert_int_equal(luatee_open(&options, &session, error), LUATEE_OK);
    user->begin();
}

static void end(void)
{
    user->end();
    luatee_error_free(error);
}

static struct outcome called(const char *export, uint32_t deadline)
{
    struct outcome outcome;
    user->call(export, deadline, &outcome);
    return outcome;
}

static void assert_says(const struct outcome *outcome, const char *words)
{
    if (strstr(outcome->text, words) == NULL)
        fail_msg("'%s' is not in: %s", words, outcome->text);
}

/* The trusted script caught an error that has these words, in place of the export's results. */
static void assert_raised_there(const char *export, const char *words)
{
    struct outcome outcome = called(export, 0);
    assert_says(&outcome, words);
    assert_true(outcome.returned);
    assert_false(outcome.fine);
}

/* The call failed with these words, although the trusted script catches errors. */
static void assert_call_fails(const char *export, uint32_t deadline, const char *words)
{
    struct outcome outcome = called(export, deadline);
    assert_says(&outcome, words);
    assert_false(outcome.returned);
}

static void assert_works(void)
{
    struct outcome outcome = called("seven", 0);
    assert_says(&outcome, "seven");
    assert_true(outcome.returned);
    assert_true(outcome.fine);
}

static void results_that_the_tee_has_no_memory_for(void **state)
{
    begin(state, LUATEE_MEMORY_MIN);
    for (int i = 0; i < 3; i++) {
        assert_raised_there("much", "a function of the host: the TEE has no memory for a request of this size");
        assert_works();
    }
    end();
}

static void results_that_cannot_be_encoded(void **state)
{
    begin(state, 0);
    for (int i = 0; i < 3; i++) {
        assert_raised_there("uncrossable", "a function of the host: ");
        assert_works();
    }
    assert_int_equal(luatee_error_status(error),
                     LUATEE_OK); /* a failure that was sent to the TEE is not reported here */
    end();
}

static void too_many_results(void **state)
{
    begin(state, 0);
    assert_raised_there("many", "a function of the host: too many results: at most 32768 can cross");
    assert_works();
    end();
}

static void a_cancel_during_an_export(void **state)
{
    begin(state, 0);
    for (int i = 0; i < 3; i++) {
        assert_call_fails("cancel", 0, "cancelled");
        assert_works();
    }
    end();
}

static void a_deadline_during_an_export(void **state)
{
    begin(state, 0);
    assert_call_fails("late", DEADLINE_MS, "cancelled: the deadline is over");
    assert_works();
    end();
}

/* The deadline comes before the recovery. */
static void a_late_export_with_bad_results(void **state)
{
    begin(state, 0);
    assert_call_fails("late_and_much", DEADLINE_MS, "cancelled: the deadline is over");
    assert_works();
    end();
}

static void an_inner_call_is_refused(void **state)
{
    begin(state, 0);
    for (int i = 0; i < 3; i++) {
        struct outcome outcome = called("refused", 0);
        assert_true(inner_refused);
        assert_says(&outcome, "seven");
        assert_true(outcome.returned && outcome.fine);
    }
    end();
}

/* A message that was not sent lends nothing: otherwise the limit is reached. */
static void functions_of_a_failed_message_are_taken_back(void **state)
{
    begin(state, 0);
    for (int i = 0; i < LUATEE_FUNCTIONS_MAX + 1; i++)
        assert_raised_there("uncrossable", "result 2");
    struct outcome outcome = called("lends", 0);
    assert_true(outcome.returned && outcome.fine);
    end();
}

/* --- with the hostile TA (tests/unit/client/hostile_ta) */

static void begin_hostile(void **state)
{
    assert_int_equal(setenv("LUATEE_SIM_TA_DIR", HOSTILE_TA_DIR, 1), 0);
    begin(state, 0);
    assert_int_equal(unsetenv("LUATEE_SIM_TA_DIR"), 0);
}

/* The session is over for the outer call, too, and nothing more is sent: the hostile TA would answer it. */
static void the_session_is_over_in_the_middle(void **state)
{
    begin_hostile(state);
    assert_call_fails("over", 0, "the session is over");
    assert_call_fails("seven", 0, "the session is over");
    end();
}

/* The TA takes neither the results nor an error in their place: nobody can end the call. */
static void the_ta_takes_no_answer(void **state)
{
    begin_hostile(state);
    script = "deaf";
    assert_call_fails("seven", 0, "BAD_STATE");
    script = "fine";
    assert_call_fails("seven", 0, "the session is over");
    end();
}

/* --- C values alone */

static luatee_function *new_counter(luatee_values *results)
{
    assert_int_equal(luatee_call(session, "counter", NULL, results, error), LUATEE_OK);
    return luatee_get_function(results);
}

/* A message that was not sent releases nothing: the next one does. */
static void functions_of_a_failed_message_are_released_later(void **state)
{
    static luatee_function *functions[LUATEE_FUNCTIONS_MAX];
    luatee_values *arguments = luatee_values_new(), *results = luatee_values_new();
    begin(state, 0);
    for (int i = 0; i < LUATEE_FUNCTIONS_MAX; i++)
        functions[i] = new_counter(results);
    luatee_values_clear(results);
    luatee_function_free(functions[0]);
    put_too_much(arguments);
    assert_int_equal(luatee_call(session, "echo", arguments, NULL, error), LUATEE_USAGE);
    assert_non_null(strstr(luatee_error_message(error), "the arguments are too large"));
    assert_int_equal(luatee_call(session, "fail", NULL, NULL, error), LUATEE_RAISED); /* releases it */
    functions[0] = new_counter(results);
    assert_non_null(functions[0]);
    for (int i = 0; i < LUATEE_FUNCTIONS_MAX; i++)
        luatee_function_free(functions[i]);
    luatee_values_free(arguments);
    luatee_values_free(results);
    end();
}

/* The engine sends the words of an error that the caller does not want. */
static void without_an_error_object(void **state)
{
    size_t size;
    luatee_values *arguments = luatee_values_new(), *results = luatee_values_new();
    begin(state, 0);
    luatee_put_string(arguments, "uncrossable");
    assert_int_equal(luatee_call(session, "host", arguments, results, NULL), LUATEE_OK);
    assert_false(luatee_get_boolean(results));
    const char *text = luatee_get_bytes(results, &size);
    assert_non_null(memmem(text, size, "the results are too large", strlen("the results are too large")));
    luatee_values_free(arguments);
    luatee_values_free(results);
    end();
}

#define WITH_C(test)                                                                                                   \
    {                                                                                                                  \
        .name = #test "/c", .test_func = (test), .initial_state = (void *)(uintptr_t)&c_user                           \
    }
#define WITH_LUA(test)                                                                                                 \
    {                                                                                                                  \
        .name = #test "/lua", .test_func = (test), .initial_state = (void *)(uintptr_t)&lua_user                       \
    }
#define WITH_BOTH(test) WITH_C(test), WITH_LUA(test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(results_that_the_tee_has_no_memory_for),
        WITH_BOTH(results_that_cannot_be_encoded),
        WITH_LUA(too_many_results),
        WITH_BOTH(a_cancel_during_an_export),
        WITH_BOTH(a_deadline_during_an_export),
        WITH_BOTH(a_late_export_with_bad_results),
        WITH_BOTH(an_inner_call_is_refused),
        WITH_LUA(functions_of_a_failed_message_are_taken_back),
        WITH_BOTH(the_session_is_over_in_the_middle),
        WITH_BOTH(the_ta_takes_no_answer),
        WITH_C(functions_of_a_failed_message_are_released_later),
        WITH_C(without_an_error_object),
    };
    return cmocka_run_group_tests_name("client_engine_call", tests, NULL, NULL);
}
