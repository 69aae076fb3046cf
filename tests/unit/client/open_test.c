/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions and calls of the C API, against the simulator. */
#define _GNU_SOURCE
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "luatee/luatee.h"

static luatee_session *session;
static luatee_values *arguments;
static luatee_values *results;
static luatee_error *error;

/* What trusted scripts printed since the test began. */
static char printed[256];
static size_t printed_size;

static void take_print(void *context, const char *text, size_t size)
{
    assert_ptr_equal(context, printed);
    assert_true(printed_size + size < sizeof(printed));
    memcpy(printed + printed_size, text, size);
    printed_size += size;
    printed[printed_size] = '\0';
}

static const luatee_options sim = {
    .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true, .log = take_print, .log_context = printed
};

static int setup_values(void **state)
{
    (void)state;
    arguments = luatee_values_new();
    results = luatee_values_new();
    error = luatee_error_new();
    printed_size = 0;
    return arguments == NULL || results == NULL || error == NULL;
}

static int setup(void **state)
{
    if (setup_values(state) != 0)
        return 1;
    if (luatee_open(&sim, &session, error) == LUATEE_OK)
        return 0;
    print_error("%s\n", luatee_error_message(error));
    return 1;
}

static int teardown(void **state)
{
    (void)state;
    luatee_close(session);
    session = NULL;
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

static void assert_says(const char *words)
{
    if (strstr(luatee_error_message(error), words) == NULL)
        fail_msg("'%s' is not in: %s", words, luatee_error_message(error));
    assert_null(strchr(luatee_error_message(error), '\n'));
}

static luatee_status call(const char *script)
{
    return luatee_call(session, script, arguments, results, error);
}

/* The session works, whatever happened before. */
static void assert_alive(void)
{
    luatee_values_clear(arguments);
    luatee_put_integer(arguments, 20);
    luatee_put_integer(arguments, 22);
    assert_status(LUATEE_OK, call("add"));
    assert_int_equal(luatee_get_integer(results), 42);
    assert_int_equal(luatee_values_status(results, NULL), LUATEE_OK);
}

/* --- calls */

static void a_call_returns_values(void **state)
{
    (void)state;
    luatee_put_nil(arguments);
    luatee_put_string(arguments, "text");
    luatee_put_double(arguments, 1.0);
    luatee_put_integer(arguments, 1);
    luatee_begin_map(arguments);
    luatee_put_string(arguments, "key");
    luatee_put_boolean(arguments, true);
    luatee_end_map(arguments);
    luatee_put_nil(arguments);
    assert_status(LUATEE_OK, call("echo"));
    assert_int_equal(luatee_count(results), 6);
    luatee_skip(results);
    size_t size;
    assert_memory_equal(luatee_get_bytes(results, &size), "text", 4);
    assert_int_equal(luatee_next_kind(results), LUATEE_DOUBLE);
    assert_true(luatee_get_double(results) == 1.0);
    assert_int_equal(luatee_next_kind(results), LUATEE_INTEGER);
    assert_int_equal(luatee_get_integer(results), 1);
    assert_int_equal(luatee_enter(results), 1);
    luatee_skip(results);
    assert_true(luatee_get_boolean(results));
    luatee_leave(results);
    assert_int_equal(luatee_next_kind(results), LUATEE_NIL);
    assert_int_equal(luatee_values_status(results, NULL), LUATEE_OK);
}

static void values_are_optional(void **state)
{
    (void)state;
    assert_status(LUATEE_OK, luatee_call(session, "echo", NULL, results, error));
    assert_int_equal(luatee_count(results), 0);
    assert_status(LUATEE_OK, luatee_call(session, "echo", NULL, NULL, NULL));
    assert_status(LUATEE_RAISED, luatee_call(session, "fail", NULL, NULL, NULL));
    assert_alive();
}

static void results_can_be_passed_on(void **state)
{
    (void)state;
    luatee_put_integer(arguments, 1);
    luatee_put_integer(arguments, 2);
    assert_status(LUATEE_OK, call("echo"));
    /* NOLINTNEXTLINE(readability-suspicious-call-argument): swapped on purpose */
    assert_status(LUATEE_OK, luatee_call(session, "add", results, arguments, error));
    assert_int_equal(luatee_get_integer(arguments), 3);
    assert_status(LUATEE_USAGE, luatee_call(session, "add", results, results, error));
}

static void trusted_scripts_call_each_other(void **state)
{
    (void)state;
    luatee_put_integer(arguments, 3);
    luatee_put_integer(arguments, 4);
    assert_status(LUATEE_OK, call("outer"));
    assert_int_equal(luatee_get_integer(results), 14);
}

static void an_error_has_message_and_traceback(void **state)
{
    (void)state;
    luatee_put_string(arguments, "boom");
    assert_status(LUATEE_RAISED, call("fail"));
    assert_says("boom");
    assert_non_null(strstr(luatee_error_traceback(error), "fail"));
    assert_int_equal(luatee_next_kind(results), LUATEE_BYTES);
    assert_alive();
}

static void an_error_can_be_a_table(void **state)
{
    (void)state;
    luatee_begin_map(arguments);
    luatee_put_string(arguments, "code");
    luatee_put_integer(arguments, 7);
    luatee_end_map(arguments);
    assert_status(LUATEE_RAISED, call("fail"));
    assert_int_equal(luatee_count(results), 1);
    assert_int_equal(luatee_enter(results), 1);
    luatee_skip(results);
    assert_int_equal(luatee_get_integer(results), 7);
    assert_alive();
}

static void a_missing_script_is_named(void **state)
{
    (void)state;
    assert_status(LUATEE_RAISED, call("is_not_there"));
    assert_says(CLIENT_TEST_APP "/ta/is_not_there.lua");
    assert_status(LUATEE_RAISED, call("missing_inside"));
    assert_says(CLIENT_TEST_APP "/ta/is_not_there.lua");
    assert_alive();
}

static void a_syntax_error_is_reported(void **state)
{
    (void)state;
    assert_status(LUATEE_RAISED, call("bad_syntax"));
    assert_says("bad_syntax");
    assert_alive();
}

static void bad_names_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = { "",      ".",
                                         "..",    "../echo",
                                         "a/b",   "/etc/passwd",
                                         ".echo", "a b",
                                         "a\nb",  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_status(LUATEE_USAGE, call(names[i]));
    assert_alive();
}

static void a_mistake_in_arguments_is_reported(void **state)
{
    (void)state;
    luatee_begin_list(arguments);
    assert_status(LUATEE_USAGE, call("echo"));
    assert_says("not ended");
    assert_alive();
}

static void trusted_print_is_handed_over(void **state)
{
    (void)state;
    luatee_put_string(arguments, "hello");
    luatee_put_integer(arguments, 5);
    assert_status(LUATEE_OK, call("say"));
    assert_string_equal(printed, "hello\t5\n");
}

/* --- sizes */

static void echo_bytes(size_t size)
{
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    luatee_values_clear(arguments);
    luatee_put_bytes(arguments, bytes, size);
    assert_status(LUATEE_OK, call("echo"));
    size_t came;
    const char *back = luatee_get_bytes(results, &came);
    assert_int_equal(came, size);
    assert_true(size == 0 || memcmp(back, bytes, size) == 0);
    free(bytes);
}

static void messages_around_the_buffer_size(void **state)
{
    (void)state;
    for (size_t size = LUATEE_BUFFER_SIZE - 24; size <= LUATEE_BUFFER_SIZE + 8; size++)
        echo_bytes(size);
    for (size_t size = 2 * LUATEE_BUFFER_SIZE - 16; size <= 2 * LUATEE_BUFFER_SIZE + 4; size++)
        echo_bytes(size);
}

static void messages_of_a_megabyte_and_more(void **state)
{
    (void)state;
    echo_bytes(1024 * 1024);
    echo_bytes(0);
    luatee_values_clear(arguments);
    luatee_put_integer(arguments, 4 * 1024 * 1024);
    assert_status(LUATEE_OK, call("fill"));
    size_t size;
    assert_non_null(luatee_get_bytes(results, &size));
    assert_int_equal(size, 4 * 1024 * 1024);
}

static void messages_above_the_limit(void **state)
{
    (void)state;
    char *bytes = calloc(1, LUATEE_MESSAGE_MAX);
    assert_non_null(bytes);
    luatee_put_bytes(arguments, bytes, LUATEE_MESSAGE_MAX - 9); /* fits as a value, but not with the head of the call */
    assert_int_equal(luatee_values_status(arguments, NULL), LUATEE_OK);
    assert_status(LUATEE_USAGE, call("echo"));
    assert_says("too large");
    free(bytes);
    assert_alive();
    luatee_values_clear(arguments);
    luatee_put_integer(arguments, LUATEE_MESSAGE_MAX);
    assert_status(LUATEE_RAISED, call("fill"));
    assert_alive();
}

/* --- opening */

static luatee_status open_app(luatee_options options)
{
    luatee_session *opened;
    luatee_status status = luatee_open(&options, &opened, error);
    assert_true((status == LUATEE_OK) == (opened != NULL));
    luatee_close(opened);
    return status;
}

static void opening_a_missing_app_is_an_error(void **state)
{
    (void)state;
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .backend = LUATEE_SIM }));
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .app = "", .backend = LUATEE_SIM }));
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .app = "/no/such/app", .backend = LUATEE_SIM }));
    assert_says("/no/such/app");
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .app = "no_such_app", .backend = LUATEE_SIM }));
    assert_status(LUATEE_USAGE,
                  open_app((luatee_options){ .app = CLIENT_TEST_APP "/ta/echo.lua", .backend = LUATEE_SIM }));
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .app = "/", .backend = LUATEE_SIM }));
    assert_status(LUATEE_USAGE, open_app((luatee_options){ .app = CLIENT_TEST_APP, .backend = (luatee_backend)9 }));
}

static void opening_without_a_tee(void **state)
{
    (void)state;
    if (access("/dev/tee0", F_OK) == 0)
        skip();
    assert_status(LUATEE_NO_TEE,
                  open_app((luatee_options){ .app = CLIENT_TEST_APP, .backend = LUATEE_OPTEE, .plaintext = true }));
    assert_says("/dev/tee0");
}

static void opening_without_a_ta(void **state)
{
    (void)state;
    char folder[] = "/tmp/luatee-test-XXXXXX";
    const char *before = getenv("LUATEE_SIM_TA_DIR");
    char *kept = before != NULL ? strdup(before) : NULL;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("LUATEE_SIM_TA_DIR", folder, 1), 0);
    luatee_status status = open_app(sim);
    (void)(kept != NULL ? setenv("LUATEE_SIM_TA_DIR", kept, 1) : unsetenv("LUATEE_SIM_TA_DIR"));
    free(kept);
    (void)rmdir(folder);
    assert_status(LUATEE_NO_TEE, status);
    assert_says("not installed");
}

static void a_folder_without_packages(void **state)
{
    (void)state;
    assert_status(LUATEE_USAGE,
                  luatee_open(&(luatee_options){ .app = CLIENT_TEST_APP, .backend = LUATEE_SIM }, &session, error));
    assert_says("luatee pack");
}

/* {"name": "other", "version": "1", "sequence": 0} */
static const char other_manifest[] = "\xa3\x64name\x65other\x67version\x61" "1\x68sequence\x00";

static void a_plaintext_manifest_sets_the_name(void **state)
{
    (void)state;
    luatee_info info;
    luatee_options options = sim;
    options.manifest = other_manifest;
    options.manifest_size = sizeof(other_manifest) - 1;
    assert_status(LUATEE_OK, luatee_open(&options, &session, error));
    assert_status(LUATEE_OK, luatee_get_info(session, &info, error));
    assert_string_equal(info.app, "other");
    luatee_put_integer(arguments, 1);
    luatee_put_integer(arguments, 2);
    assert_status(LUATEE_OK, call("add"));
}

static void a_broken_plaintext_manifest(void **state)
{
    (void)state;
    luatee_options options = sim;
    options.manifest = other_manifest;
    for (options.manifest_size = 1; options.manifest_size < sizeof(other_manifest) - 1; options.manifest_size++) {
        assert_status(LUATEE_USAGE, luatee_open(&options, &session, error));
        assert_says("manifest");
    }
}

static void several_sessions_at_once(void **state)
{
    (void)state;
    luatee_session *others[4];
    for (size_t i = 0; i < 4; i++)
        assert_status(LUATEE_OK, luatee_open(&sim, &others[i], error));
    luatee_put_integer(arguments, 1);
    luatee_put_integer(arguments, 2);
    for (size_t i = 0; i < 4; i++)
        assert_status(LUATEE_OK, luatee_call(others[i], "add", arguments, results, error));
    for (size_t i = 0; i < 4; i++)
        luatee_close(others[i]);
    assert_alive();
    luatee_close(NULL);
}

static void info_returns_versions(void **state)
{
    (void)state;
    luatee_info info;
    assert_status(LUATEE_OK, luatee_get_info(session, &info, error));
    assert_string_equal(info.backend, "sim");
    assert_string_equal(info.app, "client_app");
    assert_string_equal(info.version, luatee_version());
    assert_string_equal(info.lua, "Lua 5.4.9");
    assert_int_equal(info.protocol, 2);
    assert_true(info.memory > 0 && info.memory <= info.memory_peak && info.memory_peak <= info.memory_max);
    assert_int_equal(info.memory_max, LUATEE_TA_MEMORY_MAX);
    assert_string_equal(info.tee_version, luatee_version()); /* the simulator's is ours */
    assert_int_equal(strlen(info.device), 36);
}

/* --- logins */

static luatee_status open_as(luatee_login login, uint32_t group)
{
    luatee_options options = sim;
    options.login = login;
    options.group = group;
    return luatee_open(&options, &session, error);
}

static void assert_caller(const char *login, const char *uuid_beginning)
{
    char text[64];
    size_t size;
    assert_status(LUATEE_OK, call("caller"));
    const char *bytes = luatee_get_bytes(results, &size);
    assert_int_equal(size, strlen(login));
    assert_memory_equal(bytes, login, size);
    bytes = luatee_get_bytes(results, &size);
    assert_int_equal(size, 36);
    (void)snprintf(text, sizeof(text), "%.*s", (int)size, bytes);
    if (strncmp(text, uuid_beginning, strlen(uuid_beginning)) != 0)
        fail_msg("%s does not begin with %s", text, uuid_beginning);
}

static void the_login_is_sent_to_the_tee(void **state)
{
    char user[64];
    (void)state;
    assert_status(LUATEE_OK, open_as(LUATEE_LOGIN_PUBLIC, 4711));
    assert_caller("public", "00000000-0000-0000-0000-000000000000");
    luatee_close(session);
    assert_status(LUATEE_OK, open_as(LUATEE_LOGIN_USER, 0));
    assert_caller("user", geteuid() == 0 ? "ef0180a3-13f3-5d1c-b7f5-888c0e21059a" : "");
    size_t size;
    luatee_rewind(results);
    luatee_skip(results);
    (void)snprintf(user, sizeof(user), "%.36s", (const char *)luatee_get_bytes(results, &size));
    luatee_close(session);
    assert_status(LUATEE_OK, open_as(LUATEE_LOGIN_GROUP, getegid()));
    assert_caller("group", getegid() == 0 ? "d93bc168-f863-58d3-a1fe-bb2039421b99" : "");
    luatee_rewind(results);
    luatee_skip(results);
    assert_memory_not_equal(luatee_get_bytes(results, &size), user, 36); /* of the same number */
}

static void logins_that_are_refused(void **state)
{
    static const luatee_login others[] = { LUATEE_LOGIN_APPLICATION, LUATEE_LOGIN_APPLICATION_USER,
                                           LUATEE_LOGIN_APPLICATION_GROUP };
    static const int wrong[] = { -1, 3, 7, 0x7fffffff };
    (void)state;
    assert_status(LUATEE_USAGE, open_as(LUATEE_LOGIN_GROUP, 987654));
    assert_says("login as group 987654 is refused: this process is not in that group");
    assert_null(session);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_status(LUATEE_NO_TEE, open_as(others[i], getegid()));
        assert_says("the TEE's driver does not offer it");
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_status(LUATEE_USAGE, open_as((luatee_login)wrong[i], 0));
        assert_says("no such login");
    }
    assert_null(session);
}

static void memory_has_a_minimum(void **state)
{
    (void)state;
    luatee_options options = sim;
    for (options.memory = 1; options.memory < LUATEE_MEMORY_MIN; options.memory += options.memory + 1) {
        assert_status(LUATEE_USAGE, luatee_open(&options, &session, error));
        assert_says("at least 131072");
        assert_null(session);
    }
    options.memory = LUATEE_MEMORY_MIN;
    assert_status(LUATEE_OK, luatee_open(&options, &session, error));
    assert_status(LUATEE_OK, luatee_call(session, "echo", NULL, NULL, error));
}

/* --- a TA that dies: every child of ours is one */

static int kill_children(void)
{
    int killed = 0;
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    struct dirent *entry;
    while ((entry = readdir(processes)) != NULL) {
        char path[300];
        int pid = atoi(entry->d_name), parent = 0;
        if (pid <= 0)
            continue;
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
        FILE *file = fopen(path, "re");
        if (file == NULL)
            continue;
        if (fscanf(file, "%*d %*s %*c %d", &parent) == 1 && parent == getpid() && kill(pid, SIGKILL) == 0)
            killed++;
        (void)fclose(file);
    }
    (void)closedir(processes);
    return killed;
}

static void a_dead_ta_ends_the_session(void **state)
{
    (void)state;
    assert_alive();
    assert_true(kill_children() > 0);
    assert_status(LUATEE_NO_TEE, call("echo"));
    assert_says("session is over");
    assert_status(LUATEE_NO_TEE, call("echo"));
    assert_says("session is over");
    luatee_info info;
    assert_status(LUATEE_NO_TEE, luatee_get_info(session, &info, error));
    luatee_close(session);
    assert_status(LUATEE_OK, luatee_open(&sim, &session, error));
    assert_alive();
}

/* --- secure storage, in an app of our own */

static char app[64];

static void write_script(const char *name, const char *source)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/ta/%s.lua", app, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(source, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static luatee_status open_stored(const char *name)
{
    luatee_close(session);
    return luatee_open(&(luatee_options){ .app = name, .backend = LUATEE_SIM, .stored = true, .plaintext = true },
                       &session, error);
}

static int setup_app(void **state)
{
    char folder[80];
    if (setup_values(state) != 0)
        return 1;
    (void)strcpy(app, "/tmp/luatee-test-XXXXXX");
    if (mkdtemp(app) == NULL)
        return 1;
    (void)snprintf(folder, sizeof(folder), "%s/ta", app);
    return mkdir(folder, 0700) != 0 || open_stored(app) != LUATEE_OK;
}

static int teardown_app(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", app);
    return teardown(state) != 0 || system(command) != 0;
}

static size_t stored_count(void)
{
    luatee_stored *list;
    size_t count;
    assert_status(LUATEE_OK, luatee_store_list(session, &list, &count, error));
    free(list);
    return count;
}

static void stored_scripts_run(void **state)
{
    (void)state;
    assert_int_equal(stored_count(), 0);
    write_script("one", "return 1");
    write_script("two", "return internal_TA_call('one') + 1");
    assert_status(LUATEE_RAISED, call("one"));
    assert_status(LUATEE_OK, luatee_store_add(session, "one", error));
    assert_int_equal(stored_count(), 1);
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_int_equal(stored_count(), 2);
    assert_status(LUATEE_OK, open_stored(app));
    assert_status(LUATEE_OK, call("two"));
    assert_int_equal(luatee_get_integer(results), 2);
}

static void the_stored_copy_is_brought_up_to_date(void **state)
{
    (void)state;
    write_script("one", "return 1");
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    write_script("one", "return 100");
    assert_status(LUATEE_OK, call("one"));
    assert_int_equal(luatee_get_integer(results), 1);
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_status(LUATEE_OK, open_stored(app));
    assert_status(LUATEE_OK, call("one"));
    assert_int_equal(luatee_get_integer(results), 100);
}

static void a_stored_app_needs_no_folder(void **state)
{
    (void)state;
    write_script("one", "return 1");
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_status(LUATEE_OK, open_stored(strrchr(app, '/') + 1));
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_status(LUATEE_OK, call("one"));
    assert_int_equal(luatee_get_integer(results), 1);
    assert_status(LUATEE_USAGE, luatee_store_add(session, "one", error));
    assert_says("no folder");
}

static void the_list_has_digests(void **state)
{
    (void)state;
    static const uint8_t digest[] = "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
                                    "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad"; /* of "abc" */
    luatee_stored *list;
    size_t count;
    write_script("b", "return 1");
    write_script("a", "abc");
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_status(LUATEE_OK, luatee_store_list(session, &list, &count, error));
    assert_int_equal(count, 2);
    assert_string_equal(list[0].script, "a");
    assert_memory_equal(list[0].digest, digest, sizeof(list[0].digest));
    assert_int_equal(list[0].size, 3);
    assert_string_equal(list[1].script, "b");
    free(list);
}

static void scripts_are_removed(void **state)
{
    (void)state;
    write_script("one", "return 1");
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_status(LUATEE_OK, luatee_store_remove(session, "one", error));
    assert_int_equal(stored_count(), 0);
    assert_status(LUATEE_USAGE, luatee_store_remove(session, "one", error));
    assert_says("'one'");
    assert_status(LUATEE_USAGE, luatee_store_remove(session, "../one", error));
    assert_status(LUATEE_USAGE, luatee_store_add(session, "../one", error));
}

static void files_that_are_no_scripts(void **state)
{
    (void)state;
    char path[128];
    write_script("good", "return 1");
    write_script(".hidden", "return 1");
    (void)snprintf(path, sizeof(path), "%s/ta/pipe.lua", app);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_status(LUATEE_USAGE, luatee_store_add(session, "pipe", error));
    assert_says("regular file");
    (void)unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_status(LUATEE_USAGE, luatee_store_add(session, "pipe", error));
    (void)rmdir(path);
    write_script("bad name", "return 1");
    assert_status(LUATEE_USAGE, luatee_store_update(session, error));
    assert_says("bad name.lua");
    assert_int_equal(stored_count(), 0);
    (void)snprintf(path, sizeof(path), "%s/ta/bad name.lua", app);
    (void)unlink(path);
    assert_status(LUATEE_OK, luatee_store_update(session, error));
    assert_int_equal(stored_count(), 1);
}

static void scripts_up_to_their_limit(void **state)
{
    (void)state;
    char *source = malloc(LUATEE_SCRIPT_MAX + 2);
    assert_non_null(source);
    memset(source, '\n', LUATEE_SCRIPT_MAX + 1);
    source[LUATEE_SCRIPT_MAX + 1] = '\0';
    write_script("large", source);
    assert_status(LUATEE_USAGE, luatee_store_add(session, "large", error));
    assert_says("too large");
    source[LUATEE_SCRIPT_MAX] = '\0';
    memcpy(source + LUATEE_SCRIPT_MAX - 8, "return 1", 8);
    write_script("large", source);
    assert_status(LUATEE_OK, luatee_store_add(session, "large", error));
    assert_status(LUATEE_OK, call("large"));
    assert_int_equal(luatee_get_integer(results), 1);
    free(source);
}

/* Storage of our own, so that the tests do not meet what other runs stored. */
static char state_folder[] = "/tmp/luatee-test-state-XXXXXX";

static int setup_group(void **state)
{
    (void)state;
    return mkdtemp(state_folder) == NULL || setenv("LUATEE_SIM_STATE", state_folder, 1) != 0;
}

static int teardown_group(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", state_folder);
    return system(command);
}

#define CALL_TEST(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OPEN_TEST(name)  cmocka_unit_test_setup_teardown(name, setup_values, teardown)
#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup_app, teardown_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALL_TEST(a_call_returns_values),
        CALL_TEST(values_are_optional),
        CALL_TEST(results_can_be_passed_on),
        CALL_TEST(trusted_scripts_call_each_other),
        CALL_TEST(an_error_has_message_and_traceback),
        CALL_TEST(an_error_can_be_a_table),
        CALL_TEST(a_missing_script_is_named),
        CALL_TEST(a_syntax_error_is_reported),
        CALL_TEST(bad_names_are_refused),
        CALL_TEST(a_mistake_in_arguments_is_reported),
        CALL_TEST(trusted_print_is_handed_over),
        CALL_TEST(messages_around_the_buffer_size),
        CALL_TEST(messages_of_a_megabyte_and_more),
        CALL_TEST(messages_above_the_limit),
        OPEN_TEST(opening_a_missing_app_is_an_error),
        OPEN_TEST(opening_without_a_tee),
        OPEN_TEST(the_login_is_sent_to_the_tee),
        OPEN_TEST(logins_that_are_refused),
        OPEN_TEST(memory_has_a_minimum),
        OPEN_TEST(opening_without_a_ta),
        OPEN_TEST(a_folder_without_packages),
        OPEN_TEST(a_plaintext_manifest_sets_the_name),
        OPEN_TEST(a_broken_plaintext_manifest),
        CALL_TEST(several_sessions_at_once),
        CALL_TEST(info_returns_versions),
        CALL_TEST(a_dead_ta_ends_the_session),
        STORE_TEST(stored_scripts_run),
        STORE_TEST(the_stored_copy_is_brought_up_to_date),
        STORE_TEST(a_stored_app_needs_no_folder),
        STORE_TEST(the_list_has_digests),
        STORE_TEST(scripts_are_removed),
        STORE_TEST(files_that_are_no_scripts),
        STORE_TEST(scripts_up_to_their_limit),
    };
    return cmocka_run_group_tests_name("client_session", tests, setup_group, teardown_group);
}
