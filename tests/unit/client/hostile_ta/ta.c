/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TA with luatee's UUID that answers nonsense: which kind, the name of the script that is called tells. It runs in
 * the simulator; tests/unit/client/hostile_test.c is the client.
 */
#include <string.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "tee_internal_api.h"

struct nonsense {
    const char *script;
    const char *bytes;
    uint32_t size;      /* of bytes */
    uint32_t answer;    /* enum luatee_answer, or what is none */
    uint32_t left;      /* claimed with the first piece */
    uint32_t more_size; /* what MORE sends, */
    uint32_t more_left; /* and claims */
};

#define BYTES(text) text, sizeof(text) - 1

static const struct nonsense all[] = {
    { "fine", BYTES("\x82\xf6\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "empty", BYTES(""), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "no_array", BYTES("\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "no_log", BYTES("\x80"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "bad_log", BYTES("\x82\x01\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "long_log", BYTES("\x81\x5a\x7f\xff\xff\xff\x61"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "trailing", BYTES("\x82\xf6\x01\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "cut", BYTES("\x83\xf6\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "many", BYTES("\x9a\x7f\xff\xff\xff\xf6\x01"), LUATEE_ANSWER_DONE, 0, 0, 0 },
    { "answer", BYTES("\x82\xf6\x01"), 99, 0, 0, 0 },
    { "raised_short", BYTES("\x82\xf6\x01"), LUATEE_ANSWER_RAISED, 0, 0, 0 },
    { "raised_long", BYTES("\x84\xf6\x01\x40\x40"), LUATEE_ANSWER_RAISED, 0, 0, 0 },
    { "raised_number", BYTES("\x83\xf6\x01\x01"), LUATEE_ANSWER_RAISED, 0, 0, 0 },
    { "ask_path", BYTES("\x83\xf6\x67../echo\x00"), LUATEE_ANSWER_NEED_SCRIPT, 0, 0, 0 },
    { "ask_root", BYTES("\x83\xf6\x69/etc/host\x00"), LUATEE_ANSWER_NEED_SCRIPT, 0, 0, 0 },
    { "ask_nothing", BYTES("\x83\xf6\x60\x00"), LUATEE_ANSWER_NEED_SCRIPT, 0, 0, 0 },
    { "ask_twice", BYTES("\x84\xf6\x61\x61\x00\x00"), LUATEE_ANSWER_NEED_SCRIPT, 0, 0, 0 },
    { "huge", BYTES("\x82\xf6\x01"), LUATEE_ANSWER_DONE, LUATEE_MESSAGE_MAX, 16, 0 },
    { "overflow", BYTES("\x82\xf6\x01"), LUATEE_ANSWER_DONE, UINT32_MAX, 16, 0 },
    { "more_nothing", BYTES("\x82\xf6"), LUATEE_ANSWER_DONE, 1, 0, 1 },
    { "more_than_left", BYTES("\x82\xf6"), LUATEE_ANSWER_DONE, 1, 2, 0 },
    { "more_for_ever", BYTES("\x82\xf6"), LUATEE_ANSWER_DONE, 100, 1, 100 },
    { "more_grows", BYTES("\x82\xf6"), LUATEE_ANSWER_DONE, 100, 1, UINT32_MAX },
    /* calls the export `over` */
    { "host", BYTES("\x82\xf6\x64over"), LUATEE_ANSWER_CALL_HOST, 0, 0, 0 },
    /* calls the export `seven`, and rejects whatever comes back */
    { "deaf", BYTES("\x82\xf6\x65seven"), LUATEE_ANSWER_CALL_HOST, 0, 0, 0 },
};

static const struct nonsense *current;

/* The call's script name: a short text right behind the array's head. */
static void choose(const uint8_t *request, uint32_t size)
{
    current = NULL;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        size_t length = strlen(all[i].script);
        if (size >= 2 + length && request[1] == 0x60 + length && memcmp(request + 2, all[i].script, length) == 0)
            current = &all[i];
    }
}

TEE_Result TA_CreateEntryPoint(void)
{
    return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS], void **context)
{
    (void)types;
    (void)params;
    (void)context;
    return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
    (void)context;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    (void)context;
    (void)types;
    params[2].value.a = LUATEE_ANSWER_DONE;
    params[2].value.b = 0;
    if (command == LUATEE_CMD_MORE && current != NULL) {
        TEE_MemFill(params[1].memref.buffer, 0x01, current->more_size);
        params[1].memref.size = current->more_size;
        params[2].value.b = current->more_left;
        return TEE_SUCCESS;
    }
    if ((command == LUATEE_CMD_HOST_RETURNED || command == LUATEE_CMD_HOST_RAISED) && current != NULL &&
        strcmp(current->script, "deaf") == 0)
        return TEE_ERROR_BAD_STATE;
    if (command == LUATEE_CMD_CALL)
        choose(params[0].memref.buffer, (uint32_t)params[0].memref.size);
    else
        current = &all[8]; /* a claim of many items, whatever the command */
    if (current == NULL)
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_MemMove(params[1].memref.buffer, current->bytes, current->size);
    params[1].memref.size = current->size;
    params[2].value.a = current->answer;
    params[2].value.b = current->left;
    return TEE_SUCCESS;
}
