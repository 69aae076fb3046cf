/* SPDX-License-Identifier: BSD-2-Clause */
/* One command with its response: pieces of long requests and of long responses, and nothing about what they mean. */
#include <string.h>

#include "client/internal.h"

/* What came back from one TEEC_InvokeCommand. */
struct piece {
    uint32_t answer;
    uint32_t left; /* bytes of response that are still to be fetched */
    size_t size;   /* bytes in the response half of the shared memory */
};

luatee_status luatee_bad_answer(luatee_session *session, luatee_error *error)
{
    session->over = true;
    return luatee_error_set(
        error, LUATEE_FAILED,
        "the TA's answer makes no sense: this session is over; are program and TA of the same release?");
}

luatee_status luatee_refused(luatee_session *session, const struct luatee_buffer *response, luatee_error *error)
{
    struct cursor in;
    size_t size;
    cursor_begin(&in, response->data, response->size);
    uint64_t released, count = cursor_array(&in);
    while (count > 2 && cursor_tagged(&in, LUATEE_TAG_RELEASED, &released))
        count--;
    if (!cursor_nil(&in))
        (void)cursor_bytes(&in, 0, LUATEE_LOG_MAX, &size);
    const uint8_t *message = cursor_bytes(&in, 1, LUATEE_ERROR_SIZE, &size);
    if (!cursor_finish(&in) || count != 2)
        return luatee_bad_answer(session, error);
    if (size == strlen("refused") && memcmp(message, "refused", size) == 0)
        return luatee_error_set(
            error, LUATEE_REFUSED,
            "the TEE refuses a package of app '%s' (a release TA does not say why): see that it is of "
            "the publisher and for the devices of this TA, and not older than what ran here",
            session->app);
    return luatee_error_set(error, LUATEE_REFUSED,
                            "%.*s (luatee pack makes the packages anew; luatee info tells whose this TA trusts)",
                            (int)size, (const char *)message);
}

/* value: params[2].a. The request's `size` bytes are in shared memory. */
static luatee_status invoke(luatee_session *session, enum luatee_command command, size_t size, uint32_t value,
                            struct piece *piece, luatee_error *error)
{
    TEEC_Operation operation = { 0 }; /* libteec's part of it, too: it may be asked to cancel it before it knows it */
    uint32_t origin = 0;
    operation.paramTypes =
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE);
    operation.params[0].memref = (TEEC_RegisteredMemoryReference){ &session->memory, size, 0 };
    operation.params[1].memref =
        (TEEC_RegisteredMemoryReference){ &session->memory, LUATEE_BUFFER_SIZE, LUATEE_BUFFER_SIZE };
    operation.params[2].value = (TEEC_Value){ value, 0 };

    luatee_canceller_enter(&session->canceller, &operation);
    TEEC_Result result = session->teec->invoke_command(&session->session, command, &operation, &origin);
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
    struct piece piece;
    luatee_error ignored;
    luatee_error_init(&ignored);
    if (!session->over)
        (void)invoke(session, LUATEE_CMD_MORE, 0, UINT32_MAX, &piece, &ignored); /* there is no such offset */
}

/* Sends all but the last piece, and puts that into shared memory. *last: its size. */
static luatee_status send_pieces(luatee_session *session, const uint8_t *request, size_t size, size_t *last,
                                 luatee_error *error)
{
    uint8_t *room = luatee_request_room(session);
    size_t offset = 0;
    while (size - offset > LUATEE_BUFFER_SIZE) {
        struct piece piece;
        memcpy(room, request + offset, LUATEE_BUFFER_SIZE);
        luatee_status status = invoke(session, LUATEE_CMD_PART, LUATEE_BUFFER_SIZE, (uint32_t)size, &piece, error);
        if (status != LUATEE_OK)
            return status;
        offset += LUATEE_BUFFER_SIZE;
    }
    *last = size - offset;
    if (request != room && *last > 0)
        memcpy(room, request + offset, *last);
    return LUATEE_OK;
}

/* The TA can change shared memory at any time: what is parsed is a private copy. */
static void take_piece(luatee_session *session, struct luatee_buffer *response, size_t size)
{
    if (size > 0)
        memcpy(response->data + response->size, luatee_request_room(session) + LUATEE_BUFFER_SIZE, size);
    response->size += size;
}

static luatee_status fetch_rest(luatee_session *session, struct luatee_buffer *response, size_t total,
                                luatee_error *error)
{
    while (response->size < total) {
        struct piece piece;
        size_t left = total - response->size;
        luatee_status status = invoke(session, LUATEE_CMD_MORE, 0, (uint32_t)response->size, &piece, error);
        if (status != LUATEE_OK)
            return status;
        if (piece.size == 0 || piece.size > left || piece.left != left - piece.size)
            return luatee_bad_answer(session, error);
        take_piece(session, response, piece.size);
    }
    return LUATEE_OK;
}

static bool runs_scripts(enum luatee_command command)
{
    return command >= LUATEE_CMD_CALL && command <= LUATEE_CMD_CANCEL;
}

luatee_status luatee_exchange(luatee_session *session, enum luatee_command command, const uint8_t *request, size_t size,
                              struct luatee_buffer *response, enum luatee_answer *answer, luatee_error *error)
{
    if (session->over)
        return luatee_error_set(error, LUATEE_NO_TEE, "the session is over, as was said before: open a new session");
    if (size > LUATEE_MESSAGE_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "too large: the message takes %zu bytes of at most %u", size,
                                LUATEE_MESSAGE_MAX);
    size_t last;
    luatee_status status = send_pieces(session, request, size, &last, error);
    if (status != LUATEE_OK)
        return status;

    struct piece piece;
    status = invoke(session, command, last, runs_scripts(command) ? luatee_time_left(session) : 0, &piece, error);
    if (status != LUATEE_OK)
        return status;
    size_t total = piece.size + (size_t)piece.left;
    if (total > LUATEE_MESSAGE_MAX)
        return luatee_bad_answer(session, error);
    response->size = 0;
    if (!luatee_buffer_reserve(response, total > 0 ? total : 1)) /* an empty response has an address, too */
        return luatee_error_memory(error);
    take_piece(session, response, piece.size);
    *answer = (enum luatee_answer)piece.answer;
    return fetch_rest(session, response, total, error);
}
