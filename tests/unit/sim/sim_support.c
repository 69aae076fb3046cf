/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "tests/unit/sim/sim_support.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Half an hour: only a hang lasts longer. */
#define POLL_MICROSECONDS 1000
#define HANGS_AFTER 1800000L

TEEC_Context support_context;
/* In memory where that can be had: it is not the disk's speed that is tested. */
#define STATE_IN_MEMORY "/dev/shm/sim-state-XXXXXX"
#define STATE_ON_DISK "/tmp/sim-state-XXXXXX"
char support_state[sizeof(STATE_IN_MEMORY)];

static const TEEC_UUID test_ta = SIM_TEST_UUID;

static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    char name[4096];

    while (directory && (entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (unlink(name) < 0)
            remove_tree(name);
    }
    if (directory)
        closedir(directory);
    rmdir(path);
}

int support_begin(void **state)
{
    (void)state;
    strcpy(support_state, STATE_IN_MEMORY);
    if (!mkdtemp(support_state)) {
        strcpy(support_state, STATE_ON_DISK);
        if (!mkdtemp(support_state))
            return -1;
    }
    setenv("LUATEE_SIM_STATE", support_state, 1);
    setenv("LUATEE_SIM_TA_DIR", SIM_TEST_TA_DIR, 1);
    return TEEC_InitializeContext(NULL, &support_context) == TEEC_SUCCESS ? 0 : -1;
}

int support_end(void **state)
{
    (void)state;
    TEEC_FinalizeContext(&support_context);
    remove_tree(support_state);
    return support_children(NULL) == 0 ? 0 : -1;
}

TEEC_Result support_open(TEEC_Session *session)
{
    return TEEC_OpenSession(&support_context, session, &test_ta, TEEC_LOGIN_PUBLIC, NULL, NULL, NULL);
}

TEEC_Operation support_operation(uint32_t t0, uint32_t t1, uint32_t t2)
{
    TEEC_Operation operation;

    memset(&operation, 0, sizeof(operation));
    operation.paramTypes = TEEC_PARAM_TYPES(t0, t1, t2, TEEC_NONE);
    return operation;
}

TEEC_Result support_value(TEEC_Session *session, uint32_t command, uint32_t a, uint32_t *origin)
{
    TEEC_Operation operation = support_operation(TEEC_VALUE_INPUT, TEEC_NONE, TEEC_NONE);

    operation.params[0].value.a = a;
    return TEEC_InvokeCommand(session, command, &operation, origin);
}

TEEC_Result support_object(TEEC_Session *session, uint32_t command, const char *id, void *bytes, size_t *size,
                           uint32_t flags)
{
    uint32_t type = command == SIM_TEST_LOAD ? TEEC_MEMREF_TEMP_OUTPUT : TEEC_MEMREF_TEMP_INPUT;
    TEEC_Operation operation = support_operation(TEEC_MEMREF_TEMP_INPUT, type, TEEC_VALUE_INPUT);
    TEEC_Result result;

    operation.params[0].tmpref.buffer = (void *)(uintptr_t)id;
    operation.params[0].tmpref.size = strlen(id);
    operation.params[1].tmpref.buffer = bytes;
    operation.params[1].tmpref.size = size ? *size : 0;
    operation.params[2].value.a = flags;
    result = TEEC_InvokeCommand(session, command, &operation, NULL);
    if (size)
        *size = operation.params[1].tmpref.size;
    return result;
}

void support_check(uint32_t which)
{
    TEEC_Operation operation = support_operation(TEEC_VALUE_INOUT, TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT);
    TEEC_Session session;
    char in[10] = "input";
    char out[20];

    operation.params[0].value.a = which;
    operation.params[1].tmpref.buffer = in;
    operation.params[1].tmpref.size = sizeof(in);
    operation.params[2].tmpref.buffer = out;
    operation.params[2].tmpref.size = sizeof(out);
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_CHECK, &operation, NULL), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    /* The line, in the TA's source, of what failed. */
    assert_int_equal(operation.params[0].value.a, 0);
}

void support_misuse(uint32_t which)
{
    TEEC_Session session;
    uint32_t origin = 0;

    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    if (support_value(&session, SIM_TEST_MISUSE, which, &origin) != TEEC_ERROR_TARGET_DEAD)
        fail_msg("sim_test_misuse %u did not panic", which);
    assert_int_equal(origin, TEEC_ORIGIN_TEE);
    assert_int_equal(support_children(NULL), 0);
    /* And ever after. */
    assert_int_equal(support_value(&session, SIM_TEST_HEAP, 1, &origin), TEEC_ERROR_TARGET_DEAD);
    assert_int_equal(origin, TEEC_ORIGIN_TEE);
    TEEC_CloseSession(&session);
}

int support_children(pid_t *first)
{
    FILE *file = fopen("/proc/thread-self/children", "re");
    int count = 0;
    int child;

    if (!file)
        return -1;
    while (fscanf(file, "%d", &child) == 1)
        if (count++ == 0 && first)
            *first = child;
    fclose(file);
    return count;
}

int support_descriptors(pid_t process)
{
    char path[64];
    DIR *directory;
    int count = 0;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)process);
    directory = opendir(path);
    while (directory && readdir(directory))
        count++;
    if (directory)
        closedir(directory);
    /* "." and "..". */
    return count - 2;
}

int support_wait_gone(pid_t process)
{
    for (long polls = 0; polls < HANGS_AFTER; polls++) {
        if (kill(process, 0) < 0 && errno == ESRCH)
            return 0;
        usleep(POLL_MICROSECONDS);
    }
    return -1;
}

static int find(const char *beginning, char *path, size_t room)
{
    char folder[256];
    struct dirent *entry;
    DIR *directory;
    int count = 0;

    snprintf(folder, sizeof(folder), "%s/%s", support_state, SIM_TEST_UUID_TEXT);
    directory = opendir(folder);
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, beginning, strlen(beginning)) != 0)
            continue;
        count++;
        if (path)
            snprintf(path, room, "%s/%s", folder, entry->d_name);
    }
    if (directory)
        closedir(directory);
    return count;
}

void support_file(const char *beginning, char *path, size_t room)
{
    assert_int_equal(find(beginning, path, room), 1);
}

int support_count(const char *beginning)
{
    return find(beginning, NULL, 0);
}
