/* SPDX-License-Identifier: BSD-2-Clause */
/* A call from its first request to its last answer. */
#include <stdio.h>
#include <string.h>

#include "client/internal.h"
#include "client/message.h"
#include "client/scripts.h"
#include "client/show.h"
#include "client/values.h"
#include "core/codec/writer.h"

luatee_status luatee_bad_name(const char *script, luatee_error *error)
{
    return luatee_error_set(error, LUATEE_USAGE,
                            "'%.80s' cannot be a script's name: use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot",
                            script, LUATEE_NAME_MAX);
}

/* What the trusted side printed. */
static bool take_log(luatee_session *session, struct cursor *in)
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

/* Every answer of a call is an array that begins with the functions that the TEE lets go, and with what the trusted
 * side printed meanwhile. *count: the items after them. */
static bool take_beginning(luatee_session *session, struct cursor *in, uint64_t *count)
{
    uint64_t number;
    for (*count = cursor_array(in); *count > 0 && cursor_tagged(in, LUATEE_TAG_RELEASED, &number); --*count)
        if (session->take_back != NULL && number <= INT64_MAX)
            session->take_back(session->take_back_context, number);
    return (*count)-- > 0 && take_log(session, in);
}

luatee_status luatee_find_script(luatee_session *session, const char *name, enum luatee_script_kind kind,
                                 struct luatee_script *script, luatee_error *error)
{
    if (session->plaintext && kind == LUATEE_KIND_MANIFEST) {
        if (session->manifest.size == 0)
            return luatee_error_set(error, LUATEE_USAGE, "the app '%s' has no manifest", session->app);
        return luatee_script_copy(kind, session->manifest.data, session->manifest.size, script, error);
    }
    if (session->folder == NULL)
        return luatee_error_set(error, LUATEE_USAGE, "no trusted script '%s': the app '%s' has no folder here", name,
                                session->app);
    if (session->plaintext)
        return luatee_script_read(session->folder, name, script, error);
    luatee_error why;
    luatee_error_init(&why);
    luatee_status status = luatee_package_read(session->folder, name, kind, script, &why);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    const char *advice = status == LUATEE_USAGE ? "; luatee pack APP makes it" : "";
    return luatee_error_set(error, status, "%.900s%s", why.message, advice);
}

static luatee_status resume_without(luatee_session *session, const char *reason, struct luatee_buffer *message,
                                    struct luatee_buffer *response, enum luatee_answer *answer, luatee_error *error)
{
    if (!luatee_message_no_script(message, reason))
        return luatee_error_memory(error);
    return luatee_exchange(session, LUATEE_CMD_DECLINE_SCRIPT, message->data, message->size, response, answer, error);
}

/* Goes on with the script, or with the reason why there is none: the waiting call always gets its answer. */
static luatee_status resume(luatee_session *session, const char *name, enum luatee_script_kind kind,
                            struct luatee_buffer *response, enum luatee_answer *answer, luatee_error *error)
{
    luatee_error why;
    struct luatee_script script;
    struct luatee_buffer message = { 0 };
    luatee_error_init(&why);
    luatee_status status = luatee_find_script(session, name, kind, &script, &why);
    if (status == LUATEE_OK) {
        if (luatee_message_script(&message, &script))
            status = luatee_exchange(session, LUATEE_CMD_SUPPLY_SCRIPT, message.data, message.size, response, answer, &why);
        else
            status = luatee_error_memory(&why);
        luatee_buffer_free(&script.data);
    }
    if (status != LUATEE_OK && !session->over)
        status = resume_without(session, why.message, &message, response, answer, &why);
    luatee_buffer_free(&message);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    session->over = true; /* the call still waits for an answer that we cannot give */
    return luatee_error_set(error, status, "%s", why.message);
}

static luatee_status answer_need_script(luatee_session *session, struct cursor *in, struct luatee_buffer *response,
                                        enum luatee_answer *answer, luatee_error *error)
{
    size_t size;
    uint64_t kind;
    luatee_script_name name;
    const char *text = cursor_text(in, 1, LUATEE_NAME_MAX, &size);
    kind = cursor_uint(in);
    if (!cursor_finish(in) || !luatee_name_valid(text, size) ||
        (kind != LUATEE_KIND_SCRIPT && kind != LUATEE_KIND_MANIFEST))
        return luatee_bad_answer(session, error);
    memcpy(name, text, size); /* the text is in the response, which is about to be overwritten */
    name[size] = '\0';
    return resume(session, name, (enum luatee_script_kind)kind, response, answer, error);
}

luatee_status luatee_call_run(luatee_session *session, enum luatee_command command, const uint8_t *request, size_t size,
                              struct luatee_buffer *response, struct cursor *in, uint64_t *count,
                              enum luatee_answer *answer, luatee_error *error)
{
    *answer = LUATEE_ANSWER_DONE; /* in case that there is none */
    luatee_status status = luatee_exchange(session, command, request, size, response, answer, error);
    while (status == LUATEE_OK) {
        cursor_begin(in, response->data, response->size);
        if (!take_beginning(session, in, count))
            return luatee_bad_answer(session, error);
        switch (*answer) {
        case LUATEE_ANSWER_DONE:
        case LUATEE_ANSWER_RAISED:
        case LUATEE_ANSWER_CALL_HOST:
            return LUATEE_OK;
        case LUATEE_ANSWER_NEED_SCRIPT:
            if (*count != 2)
                return luatee_bad_answer(session, error);
            status = answer_need_script(session, in, response, answer, error);
            break;
        case LUATEE_ANSWER_SLICE_OVER:
            if (*count != 0 || !cursor_finish(in))
                return luatee_bad_answer(session, error);
            status = luatee_answer_slice_over(session, response, answer, error);
            break;
        case LUATEE_ANSWER_REFUSED:
            return luatee_refused(session, response, error);
        default:
            return luatee_bad_answer(session, error);
        }
    }
    return status;
}

/* Small enough for a TEE whose memory is full. */
#define REASON_MAX 800

luatee_status luatee_resume_without_results(luatee_session *session, struct luatee_buffer *response, struct cursor *in,
                                            uint64_t *count, enum luatee_answer *answer, luatee_error *error)
{
    char reason[REASON_MAX];
    struct writer w;
    (void)snprintf(reason, sizeof(reason), "a function of the host: %s", luatee_error_message(error));
    luatee_error_init(error);
    writer_begin(&w, luatee_request_room(session), LUATEE_BUFFER_SIZE);
    writer_array(&w, 2);
    writer_bytes(&w, reason, strlen(reason));
    writer_bytes(&w, "", 0);
    return luatee_call_run(session, LUATEE_CMD_HOST_RAISED, luatee_request_room(session), writer_size(&w), response, in,
                           count, answer, error);
}

/* What a request asks for: a script or module by name, or a function. */
struct target {
    enum luatee_command command;
    const char *name;
    uint64_t number;   /* above 0: of a function */
    uint32_t deadline; /* in ms; 0: none */
};

/* Heads of items, a released function with its tag, and a name. */
#define HEAD_SIZE(released) (LUATEE_NAME_MAX + 24 + 16 * (released))

/* The request of a call whose arguments are encoded already: in shared memory if it fits, otherwise in `large`. NULL:
 * out of memory. */
static const uint8_t *write_call(luatee_session *session, const struct target *target, const luatee_values *arguments,
                                 struct luatee_buffer *large, size_t *size)
{
    size_t body_size, released = luatee_released_pick(session->borrowed);
    const uint8_t *body = luatee_values_bytes(arguments, &body_size);
    uint8_t *room = luatee_request_room(session);
    size_t needed = HEAD_SIZE(released) + body_size;
    if (needed > LUATEE_BUFFER_SIZE) {
        if (!luatee_buffer_reserve(large, needed))
            return NULL;
        room = large->data;
    }
    struct writer w;
    writer_begin(&w, room, needed);
    writer_array(&w, released + 1 + luatee_count(arguments));
    luatee_released_write(session->borrowed, &w);
    if (target->number > 0)
        writer_tagged(&w, LUATEE_TAG_TEE_FUNCTION, target->number);
    else
        writer_textz(&w, target->name);
    writer_raw(&w, body, body_size);
    *size = writer_size(&w);
    return room;
}

/* results: holds the response that `in` reads. */
static luatee_status take_raised(luatee_session *session, luatee_values *results, struct cursor *in, uint64_t count,
                                 luatee_error *error)
{
    size_t traceback_size, message_size;
    if (count != 2 || !luatee_values_adopt(results, in, 1, session->borrowed))
        return luatee_bad_answer(session, error);
    const uint8_t *traceback = cursor_bytes(in, 0, LUATEE_TRACEBACK_MAX, &traceback_size);
    if (!cursor_finish(in))
        return luatee_bad_answer(session, error);
    if (luatee_next_kind(results) != LUATEE_BYTES)
        return luatee_error_raised(error, "(the error is not a string)", strlen("(the error is not a string)"),
                                   traceback, traceback_size);
    const char *message = luatee_get_bytes(results, &message_size);
    luatee_rewind(results);
    return luatee_error_raised(error, message, message_size, traceback, traceback_size);
}

/* As long as the TEE calls functions of the host. */
static luatee_status run_exports(luatee_session *session, struct luatee_buffer *response, struct cursor *in,
                                 uint64_t *count, enum luatee_answer *answer, luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    struct luatee_buffer returned = { 0 };
    while (status == LUATEE_OK && *answer == LUATEE_ANSWER_CALL_HOST) {
        enum luatee_command command = LUATEE_CMD_HOST_RETURNED;
        status = luatee_export_run(session, in, *count, response, &returned, &command, error);
        size_t cancel = luatee_cancel_request(session);
        if (status == LUATEE_OK)
            status =
                luatee_call_run(session, cancel > 0 ? LUATEE_CMD_CANCEL : command,
                                cancel > 0 ? luatee_request_room(session) : returned.data, cancel > 0 ? cancel : returned.size, response, in, count, answer, error);
        bool refused = status == LUATEE_FAILED && !session->over;
        if (refused)
            status = luatee_resume_without_results(session, response, in, count, answer, error);
        if (cancel == 0 && !refused && luatee_got_through(status, *answer))
            luatee_released_forget(session->borrowed);
        if (!luatee_got_through(status, *answer))
            session->over = true; /* the call waits for an answer that we cannot give */
    }
    luatee_buffer_free(&returned);
    return status;
}

static luatee_status call(luatee_session *session, const struct target *target, const luatee_values *arguments,
                          luatee_values *results, luatee_error *error)
{
    struct luatee_buffer large = { 0 };
    struct luatee_buffer *response = luatee_values_buffer(results);
    struct cursor in;
    uint64_t count;
    enum luatee_answer answer;
    size_t size;
    const uint8_t *request = write_call(session, target, arguments, &large, &size);
    if (request == NULL)
        return luatee_error_memory(error);
    luatee_status status =
        luatee_call_run(session, target->command, request, size, response, &in, &count, &answer, error);
    luatee_buffer_free(&large);
    if (luatee_got_through(status, answer))
        luatee_released_forget(session->borrowed);
    if (status != LUATEE_OK)
        return status;
    status = run_exports(session, response, &in, &count, &answer, error);
    if (status != LUATEE_OK)
        return status;
    if (answer == LUATEE_ANSWER_RAISED)
        return take_raised(session, results, &in, count, error);
    if (!luatee_values_adopt(results, &in, count, session->borrowed) || !cursor_finish(&in))
        return luatee_bad_answer(session, error);
    return LUATEE_OK;
}

static luatee_status checked_call(luatee_session *session, const struct target *target, const luatee_values *arguments,
                                  luatee_values *results, luatee_error *error)
{
    luatee_values none, unwanted;
    luatee_values_init(&none);
    luatee_values_init(&unwanted);
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
    if (arguments->borrowed != NULL && arguments->borrowed != session->borrowed)
        return luatee_error_set(error, LUATEE_USAGE, "a function of another session cannot be an argument");

    luatee_lock(session);
    uint64_t outer = luatee_running_begin(session, target->deadline);
    status = call(session, target, arguments, results, error);
    luatee_running_end(session, outer);
    if (status != LUATEE_OK && status != LUATEE_RAISED)
        luatee_values_clear(results);
    luatee_unlock(session);
    luatee_values_drop(&unwanted);
    return status;
}

static uint32_t deadline_of(const luatee_call_options *options)
{
    return options == NULL ? 0 : options->deadline;
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
    struct target target = { .command = LUATEE_CMD_CALL, .name = script, .deadline = deadline_of(options) };
    return checked_call(session, &target, arguments, results, error);
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
    struct target target = { .command = LUATEE_CMD_IMPORT, .name = module, .deadline = deadline_of(options) };
    return checked_call(session, &target, NULL, results, error);
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
    if (function->borrowed != session->borrowed)
        return luatee_error_set(error, LUATEE_USAGE, "the function belongs to another session");
    struct target target = { .command = LUATEE_CMD_CALL, .number = function->number, .deadline = deadline_of(options) };
    return checked_call(session, &target, arguments, results, error);
}
