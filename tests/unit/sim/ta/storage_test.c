/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulator's storage between processes, against damage, and against death at any moment. */
#define _GNU_SOURCE
#include "tests/unit/support/few.h"
#include "tests/unit/sim/sim_support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ 1u
#define WRITE 2u
#define META 4u
#define SHARE_READ 0x10u
#define OVERWRITE 0x400u

#define CORRUPT_OBJECT 0xF0100001u

#define PATH_SIZE 512

static TEEC_Result store(TEEC_Session *session, const char *id, const char *text)
{
    size_t size = strlen(text);

    return support_object(session, SIM_TEST_STORE, id, (char *)(uintptr_t)text, &size, OVERWRITE);
}

static TEEC_Result load(TEEC_Session *session, const char *id, char *text, size_t room)
{
    size_t size = room - 1;
    TEEC_Result result = support_object(session, SIM_TEST_LOAD, id, text, &size, READ | SHARE_READ);

    text[result == TEEC_SUCCESS ? size : 0] = '\0';
    return result;
}

static void assert_loads(TEEC_Session *session, const char *id, const char *expected)
{
    char text[64];

    assert_int_equal(load(session, id, text, sizeof(text)), TEEC_SUCCESS);
    assert_string_equal(text, expected);
}

static size_t read_file(const char *path, uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "rbe");
    size_t size;

    assert_non_null(file);
    size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

static void write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void lasts_beyond_the_session(void **state)
{
    TEEC_Session session;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "id", "first"), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_loads(&session, "id", "first");
    assert_int_equal(store(&session, "id", "second"), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_loads(&session, "id", "second");
    assert_int_equal(support_object(&session, SIM_TEST_REMOVE, "id", NULL, NULL, 0), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    assert_int_equal(support_count("o."), 0);
}

/* No identifier and no data in names and files; nobody else may look. */
static void reveals_nothing(void **state)
{
    char path[PATH_SIZE];
    uint8_t bytes[4096];
    struct stat status;
    TEEC_Session session;
    size_t size;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "identifier", "plaintext"), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    support_file("o.", path, sizeof(path));
    size = read_file(path, bytes, sizeof(bytes));
    assert_null(memmem(bytes, size, "identifier", 10));
    assert_null(memmem(bytes, size, "plaintext", 9));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s/device.key", support_state);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 32);
}

/* Every byte counts; so does the length. What is corrupt is reported once and gone. */
static void damage_is_noticed(void **state)
{
    uint8_t bytes[512], damaged[512];
    char path[PATH_SIZE], text[64];
    TEEC_Session session;
    size_t size;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "id", "text"), TEEC_SUCCESS);
    support_file("o.", path, sizeof(path));
    size = read_file(path, bytes, sizeof(bytes));
    for (size_t i = 0; i < size; i++) {
        memcpy(damaged, bytes, size);
        damaged[i] ^= 0x40;
        write_file(path, damaged, size);
        assert_int_equal(load(&session, "id", text, sizeof(text)), CORRUPT_OBJECT);
        assert_int_equal(load(&session, "id", text, sizeof(text)), TEEC_ERROR_ITEM_NOT_FOUND);
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        write_file(path, bytes, cut);
        assert_int_equal(load(&session, "id", text, sizeof(text)), CORRUPT_OBJECT);
    }
    write_file(path, bytes, size);
    assert_loads(&session, "id", "text");
    TEEC_CloseSession(&session);
}

/* A sound file of this TA under another object's name. */
static void exchanged_files_are_noticed(void **state)
{
    char first[PATH_SIZE], text[64];
    TEEC_Session session;
    uint8_t bytes[512];
    TEEC_Operation operation = support_operation(TEEC_NONE, TEEC_VALUE_OUTPUT, TEEC_NONE);
    size_t size;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "one", "1"), TEEC_SUCCESS);
    support_file("o.", first, sizeof(first));
    size = read_file(first, bytes, sizeof(bytes));
    assert_int_equal(support_object(&session, SIM_TEST_REMOVE, "one", NULL, NULL, 0), TEEC_SUCCESS);
    assert_int_equal(store(&session, "two", "2"), TEEC_SUCCESS);
    support_file("o.", first, sizeof(first));
    write_file(first, bytes, size);
    assert_int_equal(store(&session, "three", "3"), TEEC_SUCCESS);
    /* An enumeration passes what it cannot read. */
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_LIST, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(operation.params[1].value.a, 1);
    assert_int_equal(operation.params[1].value.b, 1);
    assert_int_equal(load(&session, "two", text, sizeof(text)), CORRUPT_OBJECT);
    TEEC_CloseSession(&session);
}

static void processes_share_as_handles_do(void **state)
{
    TEEC_Session one, two;
    char text[64];

    (void)state;
    assert_int_equal(support_open(&one), TEEC_SUCCESS);
    assert_int_equal(support_open(&two), TEEC_SUCCESS);
    assert_int_equal(store(&one, "id", "text"), TEEC_SUCCESS);
    assert_int_equal(support_object(&one, SIM_TEST_HOLD, "id", NULL, NULL, READ | SHARE_READ), TEEC_SUCCESS);
    assert_loads(&two, "id", "text");
    assert_int_equal(store(&two, "id", "other"), TEEC_ERROR_ACCESS_CONFLICT);
    assert_int_equal(support_object(&two, SIM_TEST_REMOVE, "id", NULL, NULL, 0), TEEC_ERROR_ACCESS_CONFLICT);
    assert_int_equal(store(&two, "unrelated", "other"), TEEC_SUCCESS);
    /* What a TA held is free when it is dead. */
    assert_int_equal(support_value(&one, SIM_TEST_MISUSE, SIM_TEST_PANIC, NULL), TEEC_ERROR_TARGET_DEAD);
    assert_int_equal(store(&two, "id", "other"), TEEC_SUCCESS);
    assert_int_equal(support_object(&two, SIM_TEST_HOLD, "id", NULL, NULL, META), TEEC_SUCCESS);
    TEEC_CloseSession(&one);
    assert_int_equal(support_open(&one), TEEC_SUCCESS);
    assert_int_equal(load(&one, "id", text, sizeof(text)), TEEC_ERROR_ACCESS_CONFLICT);
    TEEC_CloseSession(&two);
    assert_loads(&one, "id", "other");
    TEEC_CloseSession(&one);
}

/* Many first users at once: one device key, and everybody's objects readable by all. */
static void first_use_by_many(void **state)
{
    enum { CLIENTS = 8 };
    pid_t clients[CLIENTS];
    TEEC_Session session;
    char id[8];
    int status;

    (void)state;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = fork();
        assert_true(clients[i] >= 0);
        if (clients[i] == 0) {
            snprintf(id, sizeof(id), "id%d", i);
            status = support_open(&session) || store(&session, id, id);
            TEEC_CloseSession(&session);
            _exit(status);
        }
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(waitpid(clients[i], &status, 0), clients[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    for (int i = 0; i < CLIENTS; i++) {
        snprintf(id, sizeof(id), "id%d", i);
        assert_loads(&session, id, id);
    }
    TEEC_CloseSession(&session);
}

#define WHOLE_SIZE 50000u
#define DEATHS few_or(8, 40)

/* Stores a run of 'a', then of 'b', and so on, until it is killed. */
static void store_forever(int ready)
{
    static char text[WHOLE_SIZE + 1];
    TEEC_Session session;
    pid_t ta;

    if (support_open(&session) || support_children(&ta) != 1)
        _exit(1);
    for (int i = 0;; i++) {
        memset(text, 'a' + i % 26, WHOLE_SIZE);
        if (store(&session, "id", text))
            _exit(2);
        if (i == 0 && write(ready, &ta, sizeof(ta)) < 0)
            _exit(3);
    }
}

/* Renames to and fro until it is killed. */
static void rename_forever(int ready)
{
    const char *names[] = {"name", "eman"};
    TEEC_Session session;
    size_t size = 4;
    pid_t ta;
    int from = 1;

    if (support_open(&session) || support_children(&ta) != 1)
        _exit(1);
    /* Whichever name it has: from here on it is the second. */
    (void)support_object(&session, SIM_TEST_RENAME, names[0], (char *)(uintptr_t)names[1], &size, 0);
    if (write(ready, &ta, sizeof(ta)) < 0)
        _exit(2);
    for (;; from = !from)
        if (support_object(&session, SIM_TEST_RENAME, names[from], (char *)(uintptr_t)names[!from], &size, 0))
            _exit(3);
}

/* Runs it in a client of its own, and kills the client, or the TA, after some microseconds. */
static void kill_in_between(void (*forever)(int), int victim_is_ta, unsigned int microseconds)
{
    int ready[2];
    pid_t client, ta = 0;

    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    client = fork();
    assert_true(client >= 0);
    if (client == 0)
        forever(ready[1]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &ta, sizeof(ta)), sizeof(ta));
    close(ready[0]);
    usleep(microseconds);
    kill(victim_is_ta ? ta : client, SIGKILL);
    waitpid(client, NULL, 0);
    assert_int_equal(support_wait_gone(ta), 0);
}

static void death_while_storing(void **state)
{
    static char text[WHOLE_SIZE + 2];
    TEEC_Session session;

    (void)state;
    for (int i = 0; i < DEATHS; i++) {
        kill_in_between(store_forever, i % 4 != 0, (unsigned int)(i * 997) % 9000);
        assert_int_equal(support_open(&session), TEEC_SUCCESS);
        assert_int_equal(load(&session, "id", text, sizeof(text)), TEEC_SUCCESS);
        assert_int_equal(strlen(text), WHOLE_SIZE);
        assert_int_equal(strspn(text, (char[]){text[0], '\0'}), WHOLE_SIZE);
        TEEC_CloseSession(&session);
        assert_int_equal(support_count("new"), 0);
        assert_int_equal(support_count("o."), 1);
    }
}

static void death_while_renaming(void **state)
{
    TEEC_Session session;
    char text[16];
    int found;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "name", "value"), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    for (int i = 0; i < DEATHS; i++) {
        kill_in_between(rename_forever, 1, (unsigned int)(i * 1499) % 20000);
        assert_int_equal(support_open(&session), TEEC_SUCCESS);
        found = 0;
        for (int k = 0; k < 2; k++) {
            if (load(&session, k ? "name" : "eman", text, sizeof(text)) != TEEC_SUCCESS)
                continue;
            assert_string_equal(text, "value");
            found++;
        }
        TEEC_CloseSession(&session);
        assert_int_equal(found, 1);
        assert_int_equal(support_count("journal"), 0);
        assert_int_equal(support_count("new"), 0);
    }
}

/* The limit on file sizes, set for the TA process alone, stands for a full disk. */
static void full_disk(void **state)
{
    const struct rlimit limit = {20000, 20000};
    static char text[WHOLE_SIZE + 1];
    TEEC_Session session;
    size_t size = WHOLE_SIZE;
    pid_t ta = 0;

    (void)state;
    memset(text, 'x', WHOLE_SIZE);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(support_children(&ta), 1);
    assert_int_equal(prlimit(ta, RLIMIT_FSIZE, &limit, NULL), 0);
    assert_int_equal(store(&session, "id", "small"), TEEC_SUCCESS);
    assert_int_equal(store(&session, "id", text), TEEC_ERROR_STORAGE_NO_SPACE);
    assert_int_equal(support_object(&session, SIM_TEST_EXTEND, "id", text, &size, 0), TEEC_ERROR_STORAGE_NO_SPACE);
    assert_loads(&session, "id", "small");
    TEEC_CloseSession(&session);
    assert_int_equal(support_count("new"), 0);
}

static void no_state_directory(void **state)
{
    TEEC_Session session;

    (void)state;
    setenv("LUATEE_SIM_STATE", "/proc/self/no/such/place", 1);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "id", "text"), TEEC_ERROR_STORAGE_NOT_AVAILABLE);
    /* A TA that stores nothing does not mind. */
    assert_int_equal(support_value(&session, SIM_TEST_HEAP, 1, NULL), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
}

static void broken_device_key(void **state)
{
    char path[PATH_SIZE];
    TEEC_Session session;

    (void)state;
    snprintf(path, sizeof(path), "%s/device.key", support_state);
    write_file(path, (const uint8_t *)"short", 5);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(store(&session, "id", "text"), TEEC_ERROR_STORAGE_NOT_AVAILABLE);
    TEEC_CloseSession(&session);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, support_begin, support_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lasts_beyond_the_session),
        TEST(reveals_nothing),
        TEST(damage_is_noticed),
        TEST(exchanged_files_are_noticed),
        TEST(processes_share_as_handles_do),
        TEST(first_use_by_many),
        TEST(death_while_storing),
        TEST(death_while_renaming),
        TEST(full_disk),
        TEST(no_state_directory),
        TEST(broken_device_key),
    };

    return cmocka_run_group_tests_name("simulator: storage", tests, NULL, NULL);
}
