/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/call.h"

#include <stdio.h>
#include <string.h>

#include "client/base/error.h"
#include "client/base/show.h"
#include "client/engine/exchange.h"
#include "client/engine/need_script.h"
#include "client/engine/refusal.h"
#include "client/engine/session.h"
#include "client/engine/slice.h"

/* An error in place of results is cut to this many bytes: it must fit into a TEE whose memory is full. */
#define REASON_MAX 800

static bool waits(const struct call *call)
{
    switch (call->response.answer) {
    case LUATEE_ANSWER_NEED_SCRIPT:
    case LUATEE_ANSWER_CALL_HOST:
    case LUATEE_ANSWER_SLICE_OVER:
        return true;
    default:
        return false;
    }
}

/* --- what every answer begins with */

/* An inner call that C values make may bring news for the Lua module, whose call is around it. */
static void reclaim(const struct call *call, uint64_t number)
{
    while (call != NULL && call->user->reclaim == NULL)
        call = call->outer;
    if (call != NULL && number <= INT64_MAX)
        call->user->reclaim(call->context, number);
}

/* Shows what the trusted side printed. */
static bool read_log(luatee_session *session, struct cursor *in)
{
    size_t size;
    if (cursor_nil(in))
        return true;
    const uint8_t *text = cursor_bytes(in, 0, LUATEE_LOG_MAX, &size);
    if (text == NULL)
        return false;
    if (session->log != NULL)
        session->log(session->log_context, (const char *)text, size);
    else
        luatee_show(stderr, (const char *)text, size);
    return true;
}

/* Reads the functions that the TEE releases, and the log. */
static bool read_beginning(struct call *call)
{
    uint64_t number;
    struct cursor *in = &call->in;
    cursor_begin(in, call->response.buffer.data, call->response.buffer.size);
    for (call->items = cursor_array(in); call->items > 0 && cursor_tagged(in, LUATEE_TAG_RELEASED, &number);
         --call->items)
        reclaim(call, number);
    return call->items-- > 0 && read_log(call->session, in);
}

luatee_status luatee_call_send(struct call *call, enum luatee_command command, const uint8_t *request, size_t size)
{
    luatee_status status = luatee_exchange(call->session, command, request, size, &call->response, call->error);
    if (status != LUATEE_OK)
        return status;
    if (call->response.answer > LUATEE_ANSWER_REFUSED || !read_beginning(call))
        return luatee_bad_answer(call->session, call->error);
    if (call->response.answer == LUATEE_ANSWER_REFUSED)
        return luatee_refused(call->session, &call->response.buffer, call->error);
    return LUATEE_OK;
}

/* --- messages with values */

static const char *role_of(enum luatee_command command)
{
    if (command == LUATEE_CMD_HOST_RETURNED)
        return "result";
    return command == LUATEE_CMD_HOST_RAISED ? "error" : "argument";
}

/* call, import, host-returned or host-raised: abi/messages.cddl */
static luatee_status encode(struct call *call, size_t released, struct writer *out)
{
    const struct call_target *target = &call->target;
    bool starts = call->command == LUATEE_CMD_CALL || call->command == LUATEE_CMD_IMPORT;
    writer_array(out, released + starts + call->count);
    if (released > 0)
        luatee_released_write(call->session->borrowed, out);
    if (starts && target->name != NULL)
        writer_text(out, target->name, target->name_size);
    else if (starts)
        writer_tagged(out, LUATEE_TAG_TEE_FUNCTION, target->number);
    return call->user->encode(call->context, out, call->error);
}

/* Encodes the next message into shared memory, or again into `large` when it does not fit there. */
static luatee_status encode_to_fit(struct call *call, struct luatee_buffer *large, struct writer *out)
{
    const char *role = role_of(call->command);
    size_t released = luatee_released_pick(call->session->borrowed);
    if (call->count > LUATEE_VALUES_MAX)
        return luatee_error_set(call->error, LUATEE_USAGE, "too many %ss: at most %d can cross", role,
                                LUATEE_VALUES_MAX);
    writer_begin(out, luatee_request_room(call->session), LUATEE_BUFFER_SIZE);
    luatee_status status = encode(call, released, out);
    while (status == LUATEE_OK && !writer_fits(out)) {
        size_t size = writer_size(out);
        if (size > LUATEE_MESSAGE_MAX)
            return luatee_error_set(call->error, LUATEE_USAGE,
                                    "the %ss are too large: they take %zu bytes of at most %u", role, size,
                                    LUATEE_MESSAGE_MAX);
        if (!luatee_buffer_reserve(large, size))
            return luatee_error_memory(call->error);
        writer_begin(out, large->data, large->capacity);
        status = encode(call, released, out);
    }
    return status;
}

/* Sends the next message. Borrowed functions stay released, and lent functions stay lent, only if the TA took it. */
static luatee_status send_values(struct call *call)
{
    const struct call_user *user = call->user;
    struct luatee_buffer large = { 0 };
    struct writer out = { 0 };
    uint64_t mark = user->mark != NULL ? user->mark(call->context) : 0;
    call->response.taken = false;
    luatee_status status = encode_to_fit(call, &large, &out);
    if (status == LUATEE_OK)
        status = luatee_call_send(call, call->command, out.begin, writer_size(&out));
    if (call->response.taken)
        luatee_released_forget(call->session->borrowed);
    else if (user->roll_back != NULL)
        user->roll_back(call->context, mark);
    luatee_buffer_free(&large);
    return status;
}

/* --- functions of the host */

/* Sends call->error in place of what a function of the host returned. */
static luatee_status send_reason(struct call *call)
{
    char reason[REASON_MAX];
    struct writer out;
    uint8_t *room = luatee_request_room(call->session);
    (void)snprintf(reason, sizeof(reason), "a function of the host: %s", luatee_error_message(call->error));
    luatee_error_init(call->error);
    writer_begin(&out, room, LUATEE_BUFFER_SIZE);
    writer_array(&out, 2);
    writer_bytes(&out, reason, strlen(reason));
    writer_bytes(&out, "", 0);
    return luatee_call_send(call, LUATEE_CMD_HOST_RAISED, room, writer_size(&out));
}

static luatee_status answer_call_host(struct call *call)
{
    luatee_session *session = call->session;
    call->response.taken = false;
    luatee_status status = call->user->run_export(call->context, call);
    if (session->over && status != LUATEE_OK)
        return status;
    size_t cancel = luatee_cancel_request(session);
    if (cancel > 0)
        status = luatee_call_send(call, LUATEE_CMD_CANCEL, luatee_request_room(session), cancel);
    else if (status == LUATEE_OK)
        status = send_values(call);
    if (status != LUATEE_OK && !call->response.taken && !session->over)
        status = send_reason(call);
    return status;
}

/* --- the call */

static luatee_status answer(struct call *call)
{
    switch (call->response.answer) {
    case LUATEE_ANSWER_NEED_SCRIPT:
        return luatee_answer_need_script(call);
    case LUATEE_ANSWER_SLICE_OVER:
        return luatee_answer_slice_over(call);
    default:
        return answer_call_host(call);
    }
}

luatee_status luatee_call_perform(struct call *call)
{
    luatee_session *session = call->session;
    call->response.answer = LUATEE_ANSWER_DONE; /* the TA does not know of this call yet */
    luatee_lock(session);
    luatee_running_begin(call);
    luatee_status status = send_values(call);
    while (status == LUATEE_OK && waits(call))
        status = answer(call);
    if (status != LUATEE_OK && waits(call))
        session->over = true;
    luatee_running_end(call);
    luatee_unlock(session);
    return status;
}
