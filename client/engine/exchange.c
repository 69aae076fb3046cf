/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/exchange.h"

#include <string.h>

#include "client/base/error.h"
#include "client/engine/session.h"
#include "client/engine/slice.h"

/* One TEEC_InvokeCommand. */
struct piece {
    enum luatee_command command;
    size_t request_size; /* bytes in the request half of the shared memory */
    uint32_t value;      /* params[2].a of the request */

    /* The result. */
    uint32_t answer;
    uint32_t left; /* bytes of the response that are still to be fetched */
    size_t size;   /* bytes in the response half of the shared memory */
};

uint8_t *luatee_request_room(luatee_session *session)
{
    return session->memory.buffer;
}

luatee_status luatee_bad_answer(luatee_session *session, luatee_error *error)
{
    session->over = true;
    return luatee_error_set(
        error, LUATEE_FAILED,
        "the TA's answer makes no sense, and the session is over: install the program and the TA of the same release");
}

static luatee_status invoke(luatee_session *session, struct piece *piece, luatee_error *error)
{
    /* libteec's part is zeroed, too: the canceller may ask for the operation before libteec knows it. */
    TEEC_Operation operation = { 0 };
    uint32_t origin = 0;
    operation.paramTypes =
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE);
    operation.params[0].memref = (TEEC_RegisteredMemoryReference){ &session->memory, piece->request_size, 0 };
    operation.params[1].memref =
        (TEEC_RegisteredMemoryReference){ &session->memory, LUATEE_BUFFER_SIZE, LUATEE_BUFFER_SIZE };
    operation.params[2].value = (TEEC_Value){ piece->value, 0 };

    luatee_canceller_enter(&session->canceller, &operation);
    TEEC_Result result = session->teec->invoke_command(&session->session, piece->command, &operation, &origin);
    luatee_canceller_leave(&session->canceller);
    if (result != TEEC_SUCCESS) {
        session->over = luatee_teec_is_over(result);
        return luatee_teec_invoke_error(session->backend, result, origin, error);
    }
    piece->answer = operation.params[2].value.a;
    piece->left = operation.params[2].value.b;
    piece->size = operation.params[1].memref.size;
    if (piece->size > LUATEE_BUFFER_SIZE)
        return luatee_bad_answer(session, error);
    return LUATEE_OK;
}

void luatee_exchange_nothing(luatee_session *session)
{
    struct piece piece = { .command = LUATEE_CMD_MORE, .value = UINT32_MAX }; /* there is no such offset */
    if (!session->over)
        (void)invoke(session, &piece, NULL);
}

/* Sends all pieces but the last one, and puts that into shared memory. Sets *last to its size. */
static luatee_status send_pieces(luatee_session *session, const uint8_t *request, size_t size, size_t *last,
                                 luatee_error *error)
{
    uint8_t *room = luatee_request_room(session);
    size_t offset = 0;
    while (size - offset > LUATEE_BUFFER_SIZE) {
        struct piece piece = { .command = LUATEE_CMD_PART,
                               .request_size = LUATEE_BUFFER_SIZE,
                               .value = (uint32_t)size };
        memcpy(room, request + offset, LUATEE_BUFFER_SIZE);
        luatee_status status = invoke(session, &piece, error);
        if (status != LUATEE_OK)
            return status;
        offset += LUATEE_BUFFER_SIZE;
    }
    *last = size - offset;
    if (request != room && *last > 0)
        memcpy(room, request + offset, *last);
    return LUATEE_OK;
}

/* Copies a piece into private memory: the TA can change shared memory at any time. */
static void copy_piece(luatee_session *session, struct luatee_buffer *response, size_t size)
{
    if (size > 0)
        memcpy(response->data + response->size, luatee_request_room(session) + LUATEE_BUFFER_SIZE, size);
    response->size += size;
}

static luatee_status fetch_rest(luatee_session *session, struct luatee_buffer *response, size_t total,
                                luatee_error *error)
{
    while (response->size < total) {
        struct piece piece = { .command = LUATEE_CMD_MORE, .value = (uint32_t)response->size };
        size_t left = total - response->size;
        luatee_status status = invoke(session, &piece, error);
        if (status != LUATEE_OK)
            return status;
        if (piece.size == 0 || piece.size > left || piece.left != left - piece.size)
            return luatee_bad_answer(session, error);
        copy_piece(session, response, piece.size);
    }
    return LUATEE_OK;
}

static bool runs_scripts(enum luatee_command command)
{
    return command >= LUATEE_CMD_CALL && command <= LUATEE_CMD_CANCEL;
}

luatee_status luatee_exchange(luatee_session *session, enum luatee_command command, const uint8_t *request, size_t size,
                              struct luatee_response *response, luatee_error *error)
{
    response->taken = false;
    if (session->over)
        return luatee_error_set(error, LUATEE_NO_TEE, "the session is over: open a new session");
    if (size > LUATEE_MESSAGE_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the request is too large: it takes %zu bytes of at most %u", size,
                                LUATEE_MESSAGE_MAX);
    struct piece piece = { .command = command, .value = runs_scripts(command) ? luatee_time_left(session) : 0 };
    luatee_status status = send_pieces(session, request, size, &piece.request_size, error);
    if (status == LUATEE_OK)
        status = invoke(session, &piece, error);
    if (status != LUATEE_OK)
        return status;
    response->taken = true;
    response->answer = (enum luatee_answer)piece.answer;
    size_t total = piece.size + (size_t)piece.left;
    if (total > LUATEE_MESSAGE_MAX)
        return luatee_bad_answer(session, error);
    response->buffer.size = 0;
    if (!luatee_buffer_reserve(&response->buffer, total > 0 ? total : 1)) /* an empty response has an address, too */
        return luatee_error_memory(error);
    copy_piece(session, &response->buffer, piece.size);
    return fetch_rest(session, &response->buffer, total, error);
}
