/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures a client of a TA that does nothing. Prints "null_call NANOSECONDS" and "null_open NANOSECONDS", the medians
 * of several rounds. A call passes two small memory references into one registered shared memory. An open is all that a
 * program does up to its first answer: context, shared memory, session, call.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tee_client_api.h>

#include "bench/null_ta/null_ta.h"

#define BUFFER_SIZE (16u * 1024u)
#define MESSAGE_SIZE 64u
#define ROUNDS 11 /* odd, for the median */
#define CALLS 100 /* in each round */

struct client {
    TEEC_Context context;
    TEEC_SharedMemory memory;
    TEEC_Session session;
    uint8_t *buffers;
};

static uint64_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void check(TEEC_Result result, const char *what)
{
    if (result == TEEC_SUCCESS)
        return;
    fprintf(stderr, "null_client: %s: 0x%08" PRIx32 "\n", what, (uint32_t)result);
    exit(1);
}

static void client_open(struct client *c)
{
    const TEEC_UUID uuid = NULL_TA_UUID;
    check(TEEC_InitializeContext(NULL, &c->context), "TEEC_InitializeContext");
    c->memory = (TEEC_SharedMemory){
        .buffer = c->buffers, .size = 2 * BUFFER_SIZE, .flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT
    };
    check(TEEC_RegisterSharedMemory(&c->context, &c->memory), "TEEC_RegisterSharedMemory");
    check(TEEC_OpenSession(&c->context, &c->session, &uuid, TEEC_LOGIN_PUBLIC, NULL, NULL, NULL), "TEEC_OpenSession");
}

static void client_call(struct client *c)
{
    TEEC_Operation operation = {
        .paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_NONE, TEEC_NONE),
        .params = {
            { .memref = { .parent = &c->memory, .size = MESSAGE_SIZE, .offset = 0 } },
            { .memref = { .parent = &c->memory, .size = MESSAGE_SIZE, .offset = BUFFER_SIZE } },
        },
    };
    check(TEEC_InvokeCommand(&c->session, NULL_TA_CMD, &operation, NULL), "TEEC_InvokeCommand");
}

static void client_close(struct client *c)
{
    TEEC_CloseSession(&c->session);
    TEEC_ReleaseSharedMemory(&c->memory);
    TEEC_FinalizeContext(&c->context);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t median(uint64_t rounds[ROUNDS])
{
    qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
    return rounds[ROUNDS / 2];
}

static uint64_t measure_calls(struct client *c)
{
    uint64_t rounds[ROUNDS];
    client_open(c);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = now();
        for (int i = 0; i < CALLS; i++)
            client_call(c);
        rounds[round] = (now() - start) / CALLS;
    }
    client_close(c);
    return median(rounds);
}

static uint64_t measure_opens(struct client *c)
{
    uint64_t rounds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = now();
        client_open(c);
        client_call(c);
        rounds[round] = now() - start;
        client_close(c);
    }
    return median(rounds);
}

int main(void)
{
    struct client c = { .buffers = aligned_alloc(4096, 2 * BUFFER_SIZE) };
    if (c.buffers == NULL)
        return 1;
    printf("null_call %" PRIu64 "\n", measure_calls(&c));
    printf("null_open %" PRIu64 "\n", measure_opens(&c));
    free(c.buffers);
    return 0;
}
