/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the TA remembers, and the device's key: also across restarts and between sessions, which are processes of this
 * program: `rollback_test COMMAND ARGUMENT...` is one session.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/sha256.h"
#include "core/storage/object.h"
#include "core/trust/device_key.h"
#include "core/trust/rollback.h"
#include "sim/ta/memory.h"
#include "sim/ta/panic.h"
#include "tests/unit/core/trust/trusted_support.h"

#define SESSIONS 8
#define STEPS 25
#define KILLS 20
#define ARGUMENTS_MAX 3

/* --- sessions of their own */

struct session {
    pid_t process;
    int output;
};

static void session_start(struct session *s, const char *const arguments[ARGUMENTS_MAX])
{
    char *argv[ARGUMENTS_MAX + 2] = { (char *)(uintptr_t) "session" };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    s->process = fork();
    assert_true(s->process >= 0);
    if (s->process == 0) {
        if (dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO && close(ends[0]) == 0)
            execv("/proc/self/exe", argv);
        _exit(127);
    }
    (void)close(ends[1]);
    s->output = ends[0];
}
#define START(s, ...) session_start(s, (const char *const[ARGUMENTS_MAX]) { __VA_ARGS__ })

/* All that it printed, and its exit status. */
static int session_end(struct session *s, char *output, size_t room)
{
    size_t size = 0;
    ssize_t got;
    int status;
    while (size + 1 < room && (got = read(s->output, output + size, room - 1 - size)) > 0)
        size += (size_t)got;
    output[size] = '\0';
    (void)close(s->output);
    assert_int_equal(waitpid(s->process, &status, 0), s->process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static uint64_t sequence_elsewhere(const char *app)
{
    struct session s;
    char output[64];
    START(&s, "sequence", app);
    assert_int_equal(session_end(&s, output, sizeof(output)), 0);
    return strtoull(output, NULL, 10);
}

static void make_id(unsigned i, uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    memset(id, 0x77, PACKAGE_PUBLISHER_ID_SIZE);
    id[0] = (uint8_t)i;
}

/* Every SESSIONS-th sequence from the first on; false when one was lost. Tells each one that is remembered. */
static bool advance_all(const char *app, uint64_t first, uint64_t last)
{
    for (uint64_t sequence = first; sequence <= last; sequence += SESSIONS) {
        uint64_t highest;
        TEE_Result result = rollback_advance(app, sequence);
        if ((result != TEE_SUCCESS && result != TEE_ERROR_SECURITY) || rollback_sequence(app, &highest) != TEE_SUCCESS ||
            highest < sequence)
            return false;
        if (result == TEE_SUCCESS && (printf("%llu\n", (unsigned long long)sequence) < 0 || fflush(stdout) != 0))
            return false;
    }
    return true;
}

static bool revoke_all(unsigned first)
{
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    for (unsigned i = first; i < SESSIONS * 4; i += SESSIONS) {
        make_id(i, id);
        if (rollback_revoke(PUBLISHERS - 1, id) != TEE_SUCCESS || rollback_check_publisher(id) != TEE_ERROR_SECURITY)
            return false;
    }
    return true;
}

static bool print_device_key(void)
{
    uint8_t spki[PACKAGE_SPKI_SIZE];
    if (device_key_public(spki) != TEE_SUCCESS)
        return false;
    for (size_t i = 0; i < sizeof(spki); i++)
        printf("%02x", spki[i]);
    return true;
}

static bool print_sequence(const char *app)
{
    uint64_t sequence;
    return rollback_sequence(app, &sequence) == TEE_SUCCESS && printf("%llu", (unsigned long long)sequence) > 0;
}

/* Ends with a panic, of which the exit status tells. */
static bool steal_device_key(void)
{
    uint8_t number[PACKAGE_POINT_SIZE];
    size_t size = sizeof(number);
    TEE_ObjectHandle key;
    return device_key_open(true, &key) == TEE_SUCCESS &&
           TEE_GetObjectBufferAttribute(key, TEE_ATTR_ECC_PRIVATE_VALUE, number, &size) == TEE_SUCCESS;
}

static int run_session(char **arguments)
{
    const char *command = arguments[0];
    bool fine = sim_memory_start();
    if (strcmp(command, "advance") == 0)
        fine = fine && advance_all(arguments[1], strtoull(arguments[2], NULL, 10), SESSIONS * STEPS);
    else if (strcmp(command, "climb") == 0)
        fine = fine && advance_all(arguments[1], strtoull(arguments[2], NULL, 10), UINT32_MAX);
    else if (strcmp(command, "sequence") == 0)
        fine = fine && print_sequence(arguments[1]);
    else if (strcmp(command, "revoke") == 0)
        fine = fine && revoke_all((unsigned)strtoul(arguments[1], NULL, 10));
    else if (strcmp(command, "device") == 0)
        fine = fine && print_device_key();
    else
        fine = fine && steal_device_key();
    return fine ? 0 : 1;
}

/* --- sequences */

static void assert_sequence(const char *app, uint64_t expected)
{
    uint64_t sequence = 1;
    assert_int_equal(rollback_sequence(app, &sequence), TEE_SUCCESS);
    assert_int_equal(sequence, expected);
}

static void a_sequence_never_falls(void **state)
{
    (void)state;
    assert_sequence("one", 0);
    assert_int_equal(rollback_advance("one", 0), TEE_SUCCESS);
    assert_sequence("one", 0);
    assert_int_equal(rollback_advance("one", 5), TEE_SUCCESS);
    assert_int_equal(rollback_advance("one", 5), TEE_SUCCESS);
    assert_int_equal(rollback_advance("one", 4), TEE_ERROR_SECURITY);
    assert_int_equal(rollback_advance("one", 0), TEE_ERROR_SECURITY);
    assert_sequence("one", 5);
    assert_int_equal(rollback_advance("one", 7), TEE_SUCCESS);
    assert_int_equal(rollback_advance("one", PACKAGE_SEQUENCE_MAX), TEE_SUCCESS);
    assert_int_equal(rollback_advance("one", PACKAGE_SEQUENCE_MAX - 1), TEE_ERROR_SECURITY);
    assert_sequence("one", PACKAGE_SEQUENCE_MAX);
}

static void apps_have_sequences_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(rollback_advance("two", 9), TEE_SUCCESS);
    assert_int_equal(rollback_advance("two.b", 3), TEE_SUCCESS);
    assert_sequence("two", 9);
    assert_sequence("two.b", 3);
    assert_sequence("tw", 0);
}

static void a_sequence_outlives_its_session(void **state)
{
    (void)state;
    assert_int_equal(rollback_advance("three", 11), TEE_SUCCESS);
    assert_int_equal(sequence_elsewhere("three"), 11);
}

static void parallel_sessions_lose_no_sequence(void **state)
{
    (void)state;
    struct session sessions[SESSIONS];
    char first[SESSIONS][8], output[4096];
    for (int i = 0; i < SESSIONS; i++) {
        (void)snprintf(first[i], sizeof(first[i]), "%d", i + 1);
        START(&sessions[i], "advance", "four", first[i]);
    }
    for (int i = 0; i < SESSIONS; i++)
        assert_int_equal(session_end(&sessions[i], output, sizeof(output)), 0);
    assert_sequence("four", SESSIONS * STEPS);
}

/* Killed at any moment: what was remembered stays, and the next session goes on from there. */
static void a_killed_session_loses_no_sequence(void **state)
{
    (void)state;
    uint64_t sequence = 1;
    for (int i = 0; i < KILLS; i++) {
        struct session s;
        char first[32], output[65536];
        (void)snprintf(first, sizeof(first), "%llu", (unsigned long long)sequence);
        START(&s, "climb", "five", first);
        assert_true(read(s.output, output, 1) == 1);
        (void)usleep((useconds_t)(500 + 1700 * i % 5000));
        (void)kill(s.process, SIGKILL);
        (void)session_end(&s, output, sizeof(output));
        const char *last = strrchr(output, '\n');
        uint64_t told = 0;
        if (last != NULL && last != output) {
            const char *before = memrchr(output, '\n', (size_t)(last - output));
            told = strtoull(before == NULL ? output : before + 1, NULL, 10);
        }
        uint64_t remembered = sequence_elsewhere("five");
        assert_true(remembered >= sequence && remembered >= told);
        sequence = remembered + 1;
    }
}

static void make_highest(const char *app, uint32_t flags, const void *data, size_t size, TEE_ObjectHandle *object)
{
    uint8_t id[1 + LUATEE_DIGEST_SIZE] = { OBJECT_HIGHEST };
    assert_int_equal(sha256_digest(app, strlen(app), id + 1), TEE_SUCCESS);
    assert_int_equal(
        TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, sizeof(id), flags, TEE_HANDLE_NULL, data, size, object),
        TEE_SUCCESS);
}

static void a_sequence_that_is_none_is_an_error(void **state)
{
    (void)state;
    static const char *const none[] = { "a", "\1", "\1\0", "\1\0\11", "\0\0\0", "\2\0\0" };
    static const size_t sizes[] = { 1, 1, 2, 3, 3, 3 };
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        char app[] = "six.0";
        uint64_t sequence;
        TEE_ObjectHandle object;
        app[4] = (char)(app[4] + i);
        make_highest(app, TEE_DATA_FLAG_ACCESS_READ, none[i], sizes[i], &object);
        TEE_CloseObject(object);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(rollback_sequence(app, &sequence), TEE_ERROR_CORRUPT_OBJECT);
            assert_int_equal(rollback_advance(app, 1), TEE_ERROR_CORRUPT_OBJECT);
        }
    }
}

/* A session that never lets go does not hold the others for ever. */
static void waiting_for_another_session_ends(void **state)
{
    (void)state;
    uint64_t sequence;
    TEE_ObjectHandle object;
    make_highest("seven", TEE_DATA_FLAG_ACCESS_WRITE, "\1\0\0", 3, &object);
    assert_int_equal(rollback_sequence("seven", &sequence), TEE_ERROR_ACCESS_CONFLICT);
    TEE_CloseObject(object);
    assert_int_equal(rollback_sequence("seven", &sequence), TEE_SUCCESS);
}

/* --- revocation */

static void a_key_is_revoked_only_by_a_later_one(void **state)
{
    (void)state;
    static const struct {
        unsigned publisher, revoked;
    } without_effect[] = { { 0, 0 }, { 0, 1 }, { 0, 2 }, { 1, 1 }, { 1, 2 }, { 2, 2 } };
    for (size_t i = 0; i < sizeof(without_effect) / sizeof(without_effect[0]); i++) {
        const uint8_t *id = trusted.publisher_ids[without_effect[i].revoked];
        assert_int_equal(rollback_revoke(without_effect[i].publisher, id), TEE_SUCCESS);
        assert_int_equal(rollback_check_publisher(id), TEE_SUCCESS);
    }
    for (unsigned i = 0; i + 1 < PUBLISHERS; i++) {
        assert_int_equal(rollback_revoke(i + 1, trusted.publisher_ids[i]), TEE_SUCCESS);
        assert_int_equal(rollback_check_publisher(trusted.publisher_ids[i]), TEE_ERROR_SECURITY);
        assert_int_equal(rollback_check_publisher(trusted.publisher_ids[i + 1]), TEE_SUCCESS);
    }
}

static void a_foreign_key_is_revoked_only_by_the_last_one(void **state)
{
    (void)state;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    make_id(200, id);
    for (unsigned i = 0; i + 1 < PUBLISHERS; i++) {
        assert_int_equal(rollback_revoke(i, id), TEE_SUCCESS);
        assert_int_equal(rollback_check_publisher(id), TEE_SUCCESS);
    }
    assert_int_equal(rollback_revoke(PUBLISHERS - 1, id), TEE_SUCCESS);
    assert_int_equal(rollback_check_publisher(id), TEE_ERROR_SECURITY);
}

static void parallel_sessions_lose_no_revocation(void **state)
{
    (void)state;
    struct session sessions[SESSIONS];
    char first[SESSIONS][8], output[64];
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    for (int i = 0; i < SESSIONS; i++) {
        (void)snprintf(first[i], sizeof(first[i]), "%d", i);
        START(&sessions[i], "revoke", first[i]);
    }
    for (int i = 0; i < SESSIONS; i++)
        assert_int_equal(session_end(&sessions[i], output, sizeof(output)), 0);
    for (unsigned i = 0; i < SESSIONS * 4; i++) {
        make_id(i, id);
        assert_int_equal(rollback_check_publisher(id), TEE_ERROR_SECURITY);
    }
}

/* Two of the built-in keys, a foreign one and those of the sessions are revoked by now; repeating them takes no room.
 */
static void revocations_are_limited(void **state)
{
    (void)state;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    unsigned count = PUBLISHERS - 1 + 1 + SESSIONS * 4;
    for (unsigned i = 100; count < ROLLBACK_REVOKED_MAX; i++, count++) {
        make_id(i, id);
        assert_int_equal(rollback_revoke(PUBLISHERS - 1, id), TEE_SUCCESS);
        assert_int_equal(rollback_revoke(PUBLISHERS - 1, id), TEE_SUCCESS);
    }
    make_id(201, id);
    assert_int_equal(rollback_revoke(PUBLISHERS - 1, id), TEE_ERROR_STORAGE_NO_SPACE);
    assert_int_equal(rollback_check_publisher(id), TEE_SUCCESS);
    make_id(200, id);
    assert_int_equal(rollback_check_publisher(id), TEE_ERROR_SECURITY);
}

/* --- the device */

static void sessions_agree_on_the_device_key(void **state)
{
    (void)state;
    struct session sessions[SESSIONS];
    char keys[SESSIONS][2 * PACKAGE_SPKI_SIZE + 2];
    uint8_t device_key[] = { OBJECT_DEVICE_KEY };
    for (int round = 0; round < STEPS; round++) {
        TEE_ObjectHandle key;
        assert_int_equal(object_open(device_key, sizeof(device_key), TEE_DATA_FLAG_ACCESS_WRITE_META, &key),
                         TEE_SUCCESS);
        assert_int_equal(TEE_CloseAndDeletePersistentObject1(key), TEE_SUCCESS);
        for (int i = 0; i < SESSIONS; i++)
            START(&sessions[i], "device");
        for (int i = 0; i < SESSIONS; i++) {
            assert_int_equal(session_end(&sessions[i], keys[i], sizeof(keys[i])), 0);
            assert_int_equal(strlen(keys[i]), 2 * PACKAGE_SPKI_SIZE);
            assert_string_equal(keys[i], keys[0]);
        }
    }
}

static void a_device_key_is_made_only_when_it_shall(void **state)
{
    (void)state;
    uint8_t device_key[] = { OBJECT_DEVICE_KEY }, one[PACKAGE_SPKI_SIZE], other[PACKAGE_SPKI_SIZE];
    TEE_ObjectHandle key;
    assert_int_equal(device_key_public(one), TEE_SUCCESS);
    assert_int_equal(object_open(device_key, sizeof(device_key), TEE_DATA_FLAG_ACCESS_WRITE_META, &key), TEE_SUCCESS);
    assert_int_equal(TEE_CloseAndDeletePersistentObject1(key), TEE_SUCCESS);
    assert_int_equal(device_key_open(false, &key), TEE_ERROR_ITEM_NOT_FOUND);
    assert_int_equal(device_key_public(other), TEE_SUCCESS);
    assert_memory_not_equal(one, other, sizeof(one));
    assert_int_equal(device_key_public(one), TEE_SUCCESS);
    assert_memory_equal(one, other, sizeof(one));
}

static void the_private_half_stays_inside(void **state)
{
    (void)state;
    struct session s;
    char output[64];
    TEE_ObjectInfo info;
    TEE_ObjectHandle key;
    START(&s, "steal");
    assert_int_equal(session_end(&s, output, sizeof(output)), SIM_STATUS_PANIC);
    assert_int_equal(device_key_open(false, &key), TEE_SUCCESS);
    assert_int_equal(TEE_GetObjectInfo1(key, &info), TEE_SUCCESS);
    assert_int_equal(info.objectUsage, TEE_USAGE_DERIVE);
    TEE_CloseObject(key);
}

static void the_simulator_protects_nothing(void **state)
{
    (void)state;
    assert_int_equal(rollback_protection(), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_never_falls),
        cmocka_unit_test(apps_have_sequences_of_their_own),
        cmocka_unit_test(a_sequence_outlives_its_session),
        cmocka_unit_test(parallel_sessions_lose_no_sequence),
        cmocka_unit_test(a_killed_session_loses_no_sequence),
        cmocka_unit_test(a_sequence_that_is_none_is_an_error),
        cmocka_unit_test(waiting_for_another_session_ends),
        cmocka_unit_test(a_key_is_revoked_only_by_a_later_one),
        cmocka_unit_test(a_foreign_key_is_revoked_only_by_the_last_one),
        cmocka_unit_test(parallel_sessions_lose_no_revocation),
        cmocka_unit_test(revocations_are_limited),
        cmocka_unit_test(sessions_agree_on_the_device_key),
        cmocka_unit_test(a_device_key_is_made_only_when_it_shall),
        cmocka_unit_test(the_private_half_stays_inside),
        cmocka_unit_test(the_simulator_protects_nothing),
    };
    return argc > 1 ? run_session(argv + 1)
                    : cmocka_run_group_tests_name("rollback", tests, trusted_start, trusted_stop);
}
