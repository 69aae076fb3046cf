/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE Client API of the simulator. */
#define _GNU_SOURCE
#include "tests/unit/sim/sim_support.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const TEEC_UUID test_ta = SIM_TEST_UUID;

static TEEC_Session open_session(void)
{
    TEEC_Session session;

    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    return session;
}

static void contexts(void **state)
{
    TEEC_Context context;

    (void)state;
    assert_int_equal(TEEC_InitializeContext("no such TEE", &context), TEEC_ERROR_ITEM_NOT_FOUND);
    assert_int_equal(TEEC_InitializeContext("luatee-sim", &context), TEEC_SUCCESS);
    TEEC_FinalizeContext(&context);
    assert_int_equal(TEEC_InitializeContext(NULL, NULL), TEEC_ERROR_BAD_PARAMETERS);
    TEEC_FinalizeContext(NULL);
}

/* A context closes what was left open in it. */
static void finalize_closes_sessions(void **state)
{
    TEEC_Context context;
    TEEC_Session first, second;

    (void)state;
    assert_int_equal(TEEC_InitializeContext(NULL, &context), TEEC_SUCCESS);
    assert_int_equal(TEEC_OpenSession(&context, &first, &test_ta, TEEC_LOGIN_PUBLIC, NULL, NULL, NULL), TEEC_SUCCESS);
    assert_int_equal(TEEC_OpenSession(&context, &second, &test_ta, TEEC_LOGIN_PUBLIC, NULL, NULL, NULL), TEEC_SUCCESS);
    assert_int_equal(support_children(NULL), 2);
    TEEC_FinalizeContext(&context);
    assert_int_equal(support_children(NULL), 0);
    assert_int_equal(support_value(&first, SIM_TEST_HEAP, 1, NULL), TEEC_ERROR_BAD_PARAMETERS);
}

static void open_failures(void **state)
{
    const TEEC_UUID nobody = {1, 2, 3, {4}};
    TEEC_Operation operation = support_operation(TEEC_VALUE_INOUT, TEEC_NONE, TEEC_NONE);
    TEEC_Session session;
    uint32_t origin = 0;

    (void)state;
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &nobody, TEEC_LOGIN_PUBLIC, NULL, NULL, &origin),
                     TEEC_ERROR_ITEM_NOT_FOUND);
    assert_int_equal(origin, TEEC_ORIGIN_TEE);
    assert_int_equal(TEEC_OpenSession(NULL, &session, &test_ta, TEEC_LOGIN_PUBLIC, NULL, NULL, &origin),
                     TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(origin, TEEC_ORIGIN_API);
    operation.params[0].value.a = SIM_TEST_OPEN_REFUSE;
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_PUBLIC, NULL, &operation,
                                      &origin),
                     SIM_TEST_REFUSAL);
    assert_int_equal(origin, TEEC_ORIGIN_TRUSTED_APP);
    assert_int_equal(operation.params[0].value.b, SIM_TEST_MARK);
    operation.params[0].value.a = SIM_TEST_OPEN_PANIC;
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_PUBLIC, NULL, &operation,
                                      &origin),
                     TEEC_ERROR_TARGET_DEAD);
    assert_int_equal(origin, TEEC_ORIGIN_TEE);
    setenv(SIM_TEST_CREATE_FAILS, "1", 1);
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_PUBLIC, NULL, NULL, &origin),
                     SIM_TEST_REFUSAL);
    assert_int_equal(origin, TEEC_ORIGIN_TRUSTED_APP);
    unsetenv(SIM_TEST_CREATE_FAILS);
    assert_int_equal(support_children(NULL), 0);
    TEEC_CloseSession(&session);
}

/* A file that is no program, a program that is no TA, and no folder at all. */
static void ta_files(void **state)
{
    char path[256];
    TEEC_Session session;
    FILE *file;

    (void)state;
    setenv("LUATEE_SIM_TA_DIR", "/nowhere/at/all", 1);
    assert_int_equal(support_open(&session), TEEC_ERROR_ITEM_NOT_FOUND);
    setenv("LUATEE_SIM_TA_DIR", support_state, 1);
    snprintf(path, sizeof(path), "%s/%s", support_state, SIM_TEST_UUID_TEXT);
    file = fopen(path, "we");
    assert_non_null(file);
    fputs("not a program\n", file);
    fclose(file);
    assert_int_equal(support_open(&session), TEEC_ERROR_SECURITY);
    assert_int_equal(chmod(path, 0700), 0);
    assert_int_equal(support_open(&session), TEEC_ERROR_SECURITY);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/bin/true", path), 0);
    assert_int_equal(support_open(&session), TEEC_ERROR_TARGET_DEAD);
    assert_int_equal(unlink(path), 0);
}

static void logins(void **state)
{
    char text[64];
    TEEC_Operation operation = support_operation(TEEC_MEMREF_TEMP_OUTPUT, TEEC_NONE, TEEC_NONE);
    uint32_t group = getegid();
    TEEC_Session session;

    (void)state;
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_APPLICATION, NULL, NULL, NULL),
                     TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_GROUP, NULL, NULL, NULL),
                     TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_GROUP, &group, NULL, NULL),
                     TEEC_SUCCESS);
    TEEC_CloseSession(&session);
    group = 987654;
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_GROUP, &group, NULL, NULL),
                     TEEC_ERROR_ACCESS_DENIED);
    assert_int_equal(TEEC_OpenSession(&support_context, &session, &test_ta, TEEC_LOGIN_USER, NULL, NULL, NULL),
                     TEEC_SUCCESS);
    operation.params[0].tmpref.buffer = text;
    operation.params[0].tmpref.size = sizeof(text);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_CLIENT, &operation, NULL), TEEC_SUCCESS);
    /* Version 5, variant RFC 4122. */
    assert_memory_equal(text, "1:", 2);
    assert_int_equal(text[2 + 14], '5');
    TEEC_CloseSession(&session);
}

static void values(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_VALUE_INOUT, TEEC_VALUE_OUTPUT, TEEC_NONE);
    TEEC_Session session = open_session();
    uint32_t origin = 0;

    (void)state;
    operation.params[0].value.a = 10;
    operation.params[0].value.b = UINT32_MAX;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_ADD, &operation, &origin), TEEC_SUCCESS);
    assert_int_equal(origin, TEEC_ORIGIN_TRUSTED_APP);
    assert_int_equal(operation.params[0].value.a, 11);
    assert_int_equal(operation.params[0].value.b, 1);
    assert_int_equal(operation.params[1].value.a, 0x23);
    assert_int_equal(TEEC_InvokeCommand(&session, 9999, NULL, &origin), TEEC_ERROR_NOT_SUPPORTED);
    /* An input is not written back. */
    operation = support_operation(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_ADD, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(operation.params[0].value.a, 0);
    operation.paramTypes = 0x9;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_ADD, &operation, &origin), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(origin, TEEC_ORIGIN_API);
    TEEC_CloseSession(&session);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_ADD, NULL, &origin), TEEC_ERROR_BAD_PARAMETERS);
    TEEC_CloseSession(&session);
    TEEC_CloseSession(NULL);
}

static void temporary_memory(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT, TEEC_NONE);
    TEEC_Session session = open_session();
    const size_t sizes[] = {1, 4096, 100, 3000000, 17};
    char *in = malloc(3000000);
    char *out = malloc(3000000);

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        memset(in, 'a' + (int)i, sizes[i]);
        memset(out, 0, sizes[i]);
        operation.params[0].tmpref.buffer = in;
        operation.params[0].tmpref.size = sizes[i];
        operation.params[1].tmpref.buffer = out;
        operation.params[1].tmpref.size = sizes[i];
        assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_COPY, &operation, NULL), TEEC_SUCCESS);
        assert_memory_equal(in, out, sizes[i]);
    }
    operation.params[1].tmpref.size = 5;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_COPY, &operation, NULL), TEEC_ERROR_SHORT_BUFFER);
    assert_int_equal(operation.params[1].tmpref.size, 17);
    operation.params[0].tmpref.buffer = NULL;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_COPY, &operation, NULL), TEEC_ERROR_BAD_PARAMETERS);
    TEEC_CloseSession(&session);
    free(in);
    free(out);
}

static void null_memory(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_TEMP_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE);
    TEEC_SharedMemory memory = {.size = 0, .flags = TEEC_MEM_INPUT};
    TEEC_Session session = open_session();
    char byte;

    (void)state;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(operation.params[1].value.a, 1);
    operation.params[0].tmpref.buffer = &byte;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(operation.params[1].value.a, 0);
    assert_int_equal(operation.params[1].value.b, 0);
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    operation = support_operation(TEEC_MEMREF_WHOLE, TEEC_VALUE_OUTPUT, TEEC_NONE);
    operation.params[0].memref.parent = &memory;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(operation.params[1].value.a, 0);
    TEEC_ReleaseSharedMemory(&memory);
    TEEC_CloseSession(&session);
}

static void shared_memory(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_NONE);
    TEEC_SharedMemory memory = {.size = 8192, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT};
    TEEC_Session session = open_session();
    char *bytes;

    (void)state;
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    bytes = memory.buffer;
    strcpy(bytes + 100, "through shared memory");
    operation.params[0].memref = (TEEC_RegisteredMemoryReference){&memory, 22, 100};
    operation.params[1].memref = (TEEC_RegisteredMemoryReference){&memory, 100, 5000};
    for (int i = 0; i < 3; i++) {
        memset(bytes + 5000, 0, 100);
        assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_COPY, &operation, NULL), TEEC_SUCCESS);
        assert_string_equal(bytes + 5000, "through shared memory");
        assert_int_equal(operation.params[1].memref.size, 22);
    }
    operation = support_operation(TEEC_MEMREF_WHOLE, TEEC_NONE, TEEC_NONE);
    operation.params[0].memref.parent = &memory;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_INCREMENT, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(bytes[100], 't' + 1);
    assert_int_equal(operation.params[0].memref.size, 8192);
    TEEC_ReleaseSharedMemory(&memory);
    assert_null(memory.buffer);
    /* Released memory is no parent any more; releasing twice does no harm. */
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_INCREMENT, &operation, NULL), TEEC_ERROR_BAD_PARAMETERS);
    TEEC_ReleaseSharedMemory(&memory);
    TEEC_ReleaseSharedMemory(NULL);
    TEEC_CloseSession(&session);
}

static void registered_memory(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_PARTIAL_INOUT, TEEC_NONE, TEEC_NONE);
    char bytes[64] = {0};
    TEEC_SharedMemory memory = {.buffer = bytes, .size = sizeof(bytes), .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT};
    TEEC_Session session = open_session();

    (void)state;
    assert_int_equal(TEEC_RegisterSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    operation.params[0].memref = (TEEC_RegisteredMemoryReference){&memory, 3, 10};
    for (int i = 1; i < 4; i++) {
        assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_INCREMENT, &operation, NULL), TEEC_SUCCESS);
        assert_int_equal(bytes[9], 0);
        assert_int_equal(bytes[10], i);
        assert_int_equal(bytes[12], i);
        assert_int_equal(bytes[13], 0);
    }
    TEEC_ReleaseSharedMemory(&memory);
    assert_ptr_equal(memory.buffer, bytes);
    TEEC_CloseSession(&session);
}

static void memory_ranges_and_directions(void **state)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_PARTIAL_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE);
    TEEC_RegisteredMemoryReference *reference = &operation.params[0].memref;
    TEEC_SharedMemory memory = {.size = 100, .flags = TEEC_MEM_INPUT};
    TEEC_SharedMemory bad = {.size = 100, .flags = 4};
    TEEC_Session session = open_session();
    uint32_t origin = 0;

    (void)state;
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &bad), TEEC_ERROR_BAD_PARAMETERS);
    bad.flags = TEEC_MEM_INPUT;
    bad.size = SIZE_MAX;
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &bad), TEEC_ERROR_OUT_OF_MEMORY);
    bad.buffer = NULL;
    assert_int_equal(TEEC_RegisterSharedMemory(&support_context, &bad), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    *reference = (TEEC_RegisteredMemoryReference){&memory, 100, 0};
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, &origin), TEEC_SUCCESS);
    reference->offset = 1;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, &origin), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(origin, TEEC_ORIGIN_API);
    reference->offset = SIZE_MAX - 50;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, &origin), TEEC_ERROR_BAD_PARAMETERS);
    *reference = (TEEC_RegisteredMemoryReference){&memory, 10, 0};
    operation.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_OUTPUT, TEEC_NONE, TEEC_NONE);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, &origin), TEEC_ERROR_BAD_PARAMETERS);
    reference->parent = NULL;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_NULLS, &operation, &origin), TEEC_ERROR_BAD_PARAMETERS);
    /* A TA that writes to what is shared for input only has lost. */
    *reference = (TEEC_RegisteredMemoryReference){&memory, 10, 0};
    operation.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_VALUE_OUTPUT, TEEC_NONE, TEEC_NONE);
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_SPOIL, &operation, &origin), TEEC_ERROR_TARGET_DEAD);
    TEEC_ReleaseSharedMemory(&memory);
    TEEC_CloseSession(&session);
}

struct background {
    TEEC_Session *session;
    TEEC_Operation operation;
    uint32_t command;
    TEEC_Result result;
    atomic_bool ended;
};

static void *invoke(void *argument)
{
    struct background *background = argument;

    background->result = TEEC_InvokeCommand(background->session, background->command, &background->operation, NULL);
    atomic_store(&background->ended, true);
    return NULL;
}

/* The TA sees a change that the client makes while the command runs. */
static void memory_is_really_shared(void **state)
{
    TEEC_SharedMemory memory = {.size = 16, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT};
    TEEC_Session session = open_session();
    struct background background = {.session = &session, .command = SIM_TEST_WATCH};
    pthread_t thread;

    (void)state;
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    background.operation = support_operation(TEEC_MEMREF_WHOLE, TEEC_NONE, TEEC_NONE);
    background.operation.params[0].memref.parent = &memory;
    assert_int_equal(pthread_create(&thread, NULL, invoke, &background), 0);
    while (((volatile char *)memory.buffer)[1] == 0) /* it watches from then on */
        usleep(1000);
    *(volatile char *)memory.buffer = 1;
    pthread_join(thread, NULL);
    assert_int_equal(background.result, TEEC_SUCCESS);
    TEEC_ReleaseSharedMemory(&memory);
    TEEC_CloseSession(&session);
}

/* A cancellation that comes before the TA waits counts as well. */
static TEEC_Result wait_and_cancel(TEEC_Session *session, uint32_t milliseconds, uint32_t unmask)
{
    struct background background = {.session = session, .command = SIM_TEST_WAIT};
    pthread_t thread;

    background.operation = support_operation(TEEC_VALUE_INPUT, TEEC_NONE, TEEC_NONE);
    background.operation.params[0].value.a = milliseconds;
    background.operation.params[0].value.b = unmask;
    assert_int_equal(pthread_create(&thread, NULL, invoke, &background), 0);
    /* Not earlier than the operation begins: then it would be for nobody. */
    do
        TEEC_RequestCancellation(&background.operation);
    while (usleep(1000), !atomic_load(&background.ended));
    pthread_join(thread, NULL);
    /* Too late, and for nobody. */
    TEEC_RequestCancellation(&background.operation);
    TEEC_RequestCancellation(NULL);
    return background.result;
}

static void cancellation(void **state)
{
    TEEC_Session session = open_session();

    (void)state;
    assert_int_equal(wait_and_cancel(&session, 3600000, 1), TEEC_ERROR_CANCEL);
    assert_int_equal(wait_and_cancel(&session, 300, 0), TEEC_SUCCESS);
    /* The next operation is not cancelled by what came too late. */
    assert_int_equal(support_value(&session, SIM_TEST_WAIT, 1, NULL), TEEC_SUCCESS);
    TEEC_CloseSession(&session);
}

#define THREADS 4
#define ROUNDS 300

static void *many_calls(void *argument)
{
    TEEC_Operation operation = support_operation(TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT, TEEC_NONE);
    char in[64], out[64];

    for (int i = 0; i < ROUNDS; i++) {
        snprintf(in, sizeof(in), "%p %d", (void *)&operation, i);
        operation.params[0].tmpref.buffer = in;
        operation.params[0].tmpref.size = sizeof(in);
        operation.params[1].tmpref.buffer = out;
        operation.params[1].tmpref.size = sizeof(out);
        if (TEEC_InvokeCommand(argument, SIM_TEST_COPY, &operation, NULL) || strcmp(in, out) != 0)
            return argument;
    }
    return NULL;
}

static void threads_on_one_session(void **state)
{
    TEEC_Session session = open_session();
    pthread_t threads[THREADS];
    void *failed;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, many_calls, &session), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    TEEC_CloseSession(&session);
}

static void *sessions_of_a_thread(void *argument)
{
    TEEC_Session session;

    for (int i = 0; i < 5; i++) {
        if (support_open(&session) || many_calls(&session))
            return argument;
        TEEC_CloseSession(&session);
    }
    return NULL;
}

static void threads_with_sessions_of_their_own(void **state)
{
    pthread_t threads[THREADS];
    void *failed;

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sessions_of_a_thread, &support_context), 0);
    (void)state;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

/* Nothing of the client gets into the TA, and nothing is left behind by sessions, memories and panics. */
static void descriptors(void **state)
{
    TEEC_SharedMemory memory = {.size = 16, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT};
    TEEC_Operation operation = support_operation(TEEC_MEMREF_WHOLE, TEEC_NONE, TEEC_NONE);
    int before = support_descriptors(getpid());
    int leaky = dup(STDERR_FILENO);
    TEEC_Session session = open_session();
    pid_t child = 0;

    (void)state;
    assert_int_equal(TEEC_AllocateSharedMemory(&support_context, &memory), TEEC_SUCCESS);
    operation.params[0].memref.parent = &memory;
    assert_int_equal(TEEC_InvokeCommand(&session, SIM_TEST_INCREMENT, &operation, NULL), TEEC_SUCCESS);
    assert_int_equal(support_children(&child), 1);
    /* stdin, stdout, stderr, two sockets. */
    assert_int_equal(support_descriptors(child), 5);
    assert_int_equal(support_value(&session, SIM_TEST_MISUSE, SIM_TEST_PANIC, NULL), TEEC_ERROR_TARGET_DEAD);
    TEEC_CloseSession(&session);
    TEEC_ReleaseSharedMemory(&memory);
    close(leaky);
    assert_int_equal(support_descriptors(getpid()), before);
}

static void ta_killed(void **state)
{
    TEEC_Session session = open_session();
    uint32_t origin = 0;
    pid_t child = 0;

    (void)state;
    assert_int_equal(support_children(&child), 1);
    kill(child, SIGKILL);
    assert_int_equal(support_value(&session, SIM_TEST_HEAP, 1, &origin), TEEC_ERROR_TARGET_DEAD);
    assert_int_equal(origin, TEEC_ORIGIN_TEE);
    assert_int_equal(support_children(NULL), 0);
    TEEC_CloseSession(&session);
}

/* A client of its own opens a session, says which process the TA is, and does `command` until it is killed. */
static pid_t start_client(uint32_t command, pid_t *ta)
{
    int pipe_fds[2];
    pid_t client;

    assert_int_equal(pipe(pipe_fds), 0);
    client = fork();
    assert_true(client >= 0);
    if (client == 0) {
        TEEC_Session session;
        pid_t child = 0;

        if (support_open(&session) || support_children(&child) != 1 || write(pipe_fds[1], &child, sizeof(child)) < 0)
            _exit(1);
        if (command)
            (void)support_value(&session, command, 0, NULL);
        pause();
        _exit(0);
    }
    assert_int_equal(read(pipe_fds[0], ta, sizeof(*ta)), sizeof(*ta));
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return client;
}

static void read_diary(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    size_t got;

    assert_non_null(file);
    got = fread(text, 1, room - 1, file);
    text[got] = '\0';
    fclose(file);
}

static void client_killed(void **state)
{
    char diary[128], text[64];
    pid_t ta = 0;
    pid_t client;

    (void)state;
    snprintf(diary, sizeof(diary), "%s/diary", support_state);
    setenv(SIM_TEST_DIARY, diary, 1);
    client = start_client(0, &ta);
    kill(client, SIGKILL);
    waitpid(client, NULL, 0);
    assert_int_equal(support_wait_gone(ta), 0);
    read_diary(diary, text, sizeof(text));
    unsetenv(SIM_TEST_DIARY);
    assert_string_equal(text, "close\ndestroy\n");
}

static void client_killed_while_the_ta_spins(void **state)
{
    pid_t ta = 0;
    pid_t client = start_client(SIM_TEST_SPIN, &ta);

    (void)state;
    usleep(100000);
    kill(client, SIGKILL);
    waitpid(client, NULL, 0);
    assert_int_equal(support_wait_gone(ta), 0);
}

static void closing_closes_and_destroys(void **state)
{
    char diary[128], text[64];
    TEEC_Session session;

    (void)state;
    snprintf(diary, sizeof(diary), "%s/diary", support_state);
    setenv(SIM_TEST_DIARY, diary, 1);
    session = open_session();
    TEEC_CloseSession(&session);
    unsetenv(SIM_TEST_DIARY);
    read_diary(diary, text, sizeof(text));
    assert_string_equal(text, "close\ndestroy\n");
}

/* A client without standard streams gets what any other gets. */
static void closed_standard_streams(void **state)
{
    pid_t client = fork();
    int status = 0;

    (void)state;
    assert_true(client >= 0);
    if (client == 0) {
        char text[] = "stored without streams";
        size_t size = sizeof(text);
        TEEC_Session session;

        close(0);
        close(1);
        close(2);
        if (support_open(&session))
            _exit(1);
        if (support_object(&session, SIM_TEST_STORE, "id", text, &size, 0))
            _exit(2);
        memset(text, 0, sizeof(text));
        if (support_object(&session, SIM_TEST_LOAD, "id", text, &size, 1))
            _exit(3);
        TEEC_CloseSession(&session);
        _exit(strcmp(text, "stored without streams") ? 4 : 0);
    }
    assert_int_equal(waitpid(client, &status, 0), client);
    assert_int_equal(status, 0);
}

/* A signal in the client neither breaks nor repeats a call; a terminal's Ctrl-C does not reach the TA. */
static void ignore_alarm(int signal_number)
{
    (void)signal_number;
}

static void signals_in_the_client(void **state)
{
    struct sigaction action = {.sa_handler = ignore_alarm};
    TEEC_Session session = open_session();
    pid_t child = 0;

    (void)state;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    ualarm(20000, 20000);
    assert_int_equal(support_value(&session, SIM_TEST_WAIT, 300, NULL), TEEC_SUCCESS);
    ualarm(0, 0);
    signal(SIGALRM, SIG_DFL);
    assert_int_equal(support_children(&child), 1);
    assert_int_not_equal(getsid(child), getsid(0));
    TEEC_CloseSession(&session);
}

/* The library exports the TEE Client API and nothing else that a client might trip over. */
static void exports(void **state)
{
    void *library = dlopen("libteec.so.2", RTLD_NOW | RTLD_NOLOAD);

    (void)state;
    assert_non_null(library);
    assert_non_null(dlsym(library, "TEEC_RequestCancellation"));
    assert_null(dlsym(library, "wire_send"));
    assert_null(dlsym(library, "session_create"));
    dlclose(library);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, support_begin, support_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(contexts),
        TEST(finalize_closes_sessions),
        TEST(open_failures),
        TEST(ta_files),
        TEST(logins),
        TEST(values),
        TEST(temporary_memory),
        TEST(null_memory),
        TEST(shared_memory),
        TEST(registered_memory),
        TEST(memory_ranges_and_directions),
        TEST(memory_is_really_shared),
        TEST(cancellation),
        TEST(threads_on_one_session),
        TEST(threads_with_sessions_of_their_own),
        TEST(descriptors),
        TEST(ta_killed),
        TEST(client_killed),
        TEST(client_killed_while_the_ta_spins),
        TEST(closing_closes_and_destroys),
        TEST(closed_standard_streams),
        TEST(signals_in_the_client),
        TEST(exports),
    };

    return cmocka_run_group_tests_name("simulator: TEE Client API", tests, NULL, NULL);
}
