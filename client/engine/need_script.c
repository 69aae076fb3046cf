/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/need_script.h"

#include <string.h>

#include "client/base/error.h"
#include "client/engine/exchange.h"
#include "client/engine/script_message.h"
#include "client/engine/session.h"

/* Sends the script. On failure, response.taken says whether the TA got it. */
static luatee_status supply(struct call *call, const char *name, enum luatee_script_kind kind,
                            struct luatee_buffer *message)
{
    struct luatee_script script;
    luatee_status status = luatee_app_read(&call->session->app, name, kind, &script, call->error);
    if (status != LUATEE_OK)
        return status;
    if (luatee_message_script(message, &script))
        status = luatee_call_send(call, LUATEE_CMD_SUPPLY_SCRIPT, message->data, message->size);
    else
        status = luatee_error_memory(call->error);
    luatee_buffer_free(&script.data);
    return status;
}

/* Sends call->error in place of the script. */
static luatee_status decline(struct call *call, struct luatee_buffer *message)
{
    if (!luatee_message_no_script(message, luatee_error_message(call->error)))
        return luatee_error_memory(call->error);
    luatee_error_init(call->error);
    return luatee_call_send(call, LUATEE_CMD_DECLINE_SCRIPT, message->data, message->size);
}

luatee_status luatee_answer_need_script(struct call *call)
{
    size_t size;
    luatee_script_name name;
    struct luatee_buffer message = { 0 };
    const char *text = cursor_text(&call->in, 1, LUATEE_NAME_MAX, &size);
    uint64_t kind = cursor_uint(&call->in);
    if (call->items != 2 || !cursor_finish(&call->in) || !luatee_name_valid(text, size) ||
        (kind != LUATEE_KIND_SCRIPT && kind != LUATEE_KIND_MANIFEST))
        return luatee_bad_answer(call->session, call->error);
    memcpy(name, text, size); /* the next response overwrites the text */
    name[size] = '\0';
    call->response.taken = false;
    luatee_status status = supply(call, name, (enum luatee_script_kind)kind, &message);
    if (status != LUATEE_OK && !call->response.taken && !call->session->over)
        status = decline(call, &message);
    luatee_buffer_free(&message);
    return status;
}
