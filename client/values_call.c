/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls with C values: a user of client/engine/call.h. */
#include <string.h>

#include "abi/name.h"
#include "client/base/error.h"
#include "client/base/scripts.h"
#include "client/engine/call.h"
#include "client/engine/slice.h"
#include "client/exports.h"
#include "client/values.h"

/* The context of the engine's callbacks. */
struct sender {
    const luatee_values *values; /* of the next message: the call's arguments, or `returned` */
    luatee_values returned;      /* what the last export returned or raised */
    bool raised;                 /* `returned` is an error value */
};

static luatee_status encode(void *context, struct writer *out, luatee_error *error)
{
    const struct sender *sender = context;
    size_t size;
    const uint8_t *bytes = luatee_values_bytes(sender->values, &size);
    (void)error;
    writer_raw(out, bytes, size);
    if (sender->raised)
        writer_bytes(out, "", 0); /* the traceback: C has none */
    return LUATEE_OK;
}

static luatee_status run_export(void *context, struct call *call)
{
    struct sender *sender = context;
    luatee_values_clear(&sender->returned);
    luatee_status status = luatee_export_run(call, &sender->returned, &sender->raised);
    sender->values = &sender->returned;
    call->command = sender->raised ? LUATEE_CMD_HOST_RAISED : LUATEE_CMD_HOST_RETURNED;
    call->count = luatee_count(&sender->returned) + sender->raised;
    return status;
}

static const struct call_user values_user = { .encode = encode, .run_export = run_export };

/* Makes the response of the call `results`, and reads the error value that was raised. */
static luatee_status read_raised(struct call *call, luatee_values *results)
{
    static const char unknown[] = "(the error is not a string)";
    size_t traceback_size, message_size;
    if (call->items != 2 || !luatee_values_adopt(results, &call->in, 1, luatee_session_borrowed(call->session)))
        return luatee_bad_answer(call->session, call->error);
    const uint8_t *traceback = cursor_bytes(&call->in, 0, LUATEE_TRACEBACK_MAX, &traceback_size);
    if (!cursor_finish(&call->in))
        return luatee_bad_answer(call->session, call->error);
    if (luatee_next_kind(results) != LUATEE_BYTES)
        return luatee_error_raised(call->error, unknown, strlen(unknown), traceback, traceback_size);
    const char *message = luatee_get_bytes(results, &message_size);
    luatee_rewind(results);
    return luatee_error_raised(call->error, message, message_size, traceback, traceback_size);
}

static luatee_status read_results(struct call *call, luatee_values *results)
{
    if (call->response.answer == LUATEE_ANSWER_RAISED)
        return read_raised(call, results);
    if (luatee_values_adopt(results, &call->in, call->items, luatee_session_borrowed(call->session)) &&
        cursor_finish(&call->in))
        return LUATEE_OK;
    return luatee_bad_answer(call->session, call->error);
}

/* Performs the call with these arguments. The response is received into the memory of `results`. */
static luatee_status perform_locked(struct call *call, const luatee_values *arguments, luatee_values *results)
{
    struct sender sender; /* not zeroed as a whole: it is large */
    sender.values = arguments;
    sender.raised = false;
    luatee_values_init(&sender.returned);
    call->user = &values_user;
    call->context = &sender;
    call->count = luatee_count(arguments);
    call->response.buffer = *luatee_values_buffer(results);
    luatee_status status = luatee_call_perform(call);
    *luatee_values_buffer(results) = call->response.buffer;
    luatee_values_drop(&sender.returned);
    if (status == LUATEE_OK)
        status = read_results(call, results);
    if (status != LUATEE_OK && status != LUATEE_RAISED)
        luatee_values_clear(results);
    return status;
}

/* Checks the objects, and performs the call, of which session, target, command and deadline are set. */
static luatee_status perform(struct call *call, const luatee_values *arguments, luatee_values *results,
                             luatee_error *error)
{
    luatee_values none, unwanted;
    luatee_error unread;
    luatee_values_init(&none);
    luatee_values_init(&unwanted);
    luatee_error_init(&unread);
    if (arguments == NULL)
        arguments = &none;
    if (results == NULL)
        results = &unwanted;
    if (results == arguments)
        return luatee_error_set(error, LUATEE_USAGE, "arguments and results must be two objects");
    luatee_values_clear(results);
    luatee_status status = luatee_values_status(arguments, error);
    if (status != LUATEE_OK)
        return status;
    if (arguments->borrowed != NULL && arguments->borrowed != luatee_session_borrowed(call->session))
        return luatee_error_set(error, LUATEE_USAGE, "a function of another session cannot be an argument");
    call->error = error != NULL ? error : &unread; /* the engine sends its text to the TEE when results cannot cross */
    luatee_lock(call->session);
    status = perform_locked(call, arguments, results);
    luatee_unlock(call->session);
    luatee_values_drop(&unwanted);
    return status;
}

static uint32_t deadline_of(const luatee_call_options *options)
{
    return options == NULL ? 0 : options->deadline;
}

bool luatee_cancel(luatee_session *session)
{
    return luatee_running_cancel(session);
}

luatee_status luatee_call(luatee_session *session, const char *script, const luatee_values *arguments,
                          luatee_values *results, luatee_error *error)
{
    return luatee_call_with(session, NULL, script, arguments, results, error);
}

luatee_status luatee_call_with(luatee_session *session, const luatee_call_options *options, const char *script,
                               const luatee_values *arguments, luatee_values *results, luatee_error *error)
{
    if (!luatee_name_valid(script, strlen(script)))
        return luatee_bad_name(script, error);
    struct call call = { .session = session, .command = LUATEE_CMD_CALL, .deadline = deadline_of(options) };
    call.target = (struct call_target){ .name = script, .name_size = strlen(script) };
    return perform(&call, arguments, results, error);
}

luatee_status luatee_import(luatee_session *session, const char *module, luatee_values *results, luatee_error *error)
{
    return luatee_import_with(session, NULL, module, results, error);
}

luatee_status luatee_import_with(luatee_session *session, const luatee_call_options *options, const char *module,
                                 luatee_values *results, luatee_error *error)
{
    if (!luatee_name_valid(module, strlen(module)))
        return luatee_bad_name(module, error);
    struct call call = { .session = session, .command = LUATEE_CMD_IMPORT, .deadline = deadline_of(options) };
    call.target = (struct call_target){ .name = module, .name_size = strlen(module) };
    return perform(&call, NULL, results, error);
}

luatee_status luatee_call_function(luatee_session *session, const luatee_function *function,
                                   const luatee_values *arguments, luatee_values *results, luatee_error *error)
{
    return luatee_call_function_with(session, NULL, function, arguments, results, error);
}

luatee_status luatee_call_function_with(luatee_session *session, const luatee_call_options *options,
                                        const luatee_function *function, const luatee_values *arguments,
                                        luatee_values *results, luatee_error *error)
{
    if (function->borrowed != luatee_session_borrowed(session))
        return luatee_error_set(error, LUATEE_USAGE, "the function belongs to another session");
    struct call call = { .session = session, .command = LUATEE_CMD_CALL, .deadline = deadline_of(options) };
    call.target = (struct call_target){ .number = function->number };
    return perform(&call, arguments, results, error);
}
