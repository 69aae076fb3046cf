/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/answer.h"

#include <stdio.h>
#include <string.h>

#include "abi/commands.h"
#include "core/base/flavour.h"
#include "core/base/property.h"
#include "core/codec/codec.h"
#include "core/trust/device_key.h"
#include "core/trust/publisher_keys.h"
#include "core/trust/rollback.h"
#include "core/vm/host_call.h"

struct call_answer {
    struct calls *calls;
    const struct call_result *result;
    size_t released;     /* functions of the host that the answer releases */
    const char *message; /* the runtime's own error message instead of the result; NULL: the result */
    char *error;         /* CODEC_ERROR_SIZE bytes: the reason why values cannot be sent */
};

static void write_log(struct writer *out, const struct calls *calls)
{
    if (calls->log_size > 0)
        writer_bytes(out, calls->log, calls->log_size);
    else
        writer_nil(out);
}

/* Begins every answer of a call; `count` items of its own follow. */
static void begin_answer(struct writer *out, const struct call_answer *answer, size_t count)
{
    writer_array(out, answer->released + 1 + count);
    size_t position = 0;
    uint64_t number;
    while (answer->released > 0 && (number = held_next(&answer->calls->held, &position)) != 0)
        writer_tagged(out, LUATEE_TAG_RELEASED, number);
    write_log(out, answer->calls);
}

/* Returns whether there are too many values, and writes that into answer->error. values: "results" or "arguments". */
static bool too_many(struct call_answer *answer, int count, const char *values)
{
    if (count <= LUATEE_VALUES_MAX)
        return false;
    snprintf(answer->error, CODEC_ERROR_SIZE, "too many %s: at most %d can cross", values, LUATEE_VALUES_MAX);
    return true;
}

static bool write_done(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct call_result *result = answer->result;
    if (too_many(answer, result->count, "results"))
        return false;
    begin_answer(out, answer, (size_t)result->count);
    return codec_encode(result->at, result->first, result->count, out, &answer->calls->callbacks.codec, "result",
                        answer->error);
}

static bool write_raised(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct call_result *result = answer->result;
    begin_answer(out, answer, 2);
    if (answer->message)
        writer_bytes(out, answer->message, strlen(answer->message));
    else if (!codec_encode(result->at, result->first, 1, out, &answer->calls->callbacks.codec, NULL, answer->error))
        return false;
    const char *traceback = result->traceback ? result->traceback : "";
    size_t size = strlen(traceback);
    writer_bytes(out, traceback, size < LUATEE_TRACEBACK_MAX ? size : LUATEE_TRACEBACK_MAX);
    return true;
}

static bool write_slice_over(struct writer *out, void *ctx)
{
    begin_answer(out, ctx, 0);
    return true;
}

static bool write_need_script(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct pending *pending = &answer->calls->pending;
    begin_answer(out, answer, 2);
    writer_textz(out, pending->name);
    writer_uint(out, pending->kind == PENDING_MANIFEST ? LUATEE_KIND_MANIFEST : LUATEE_KIND_SCRIPT);
    return true;
}

static bool write_call_host(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct pending *pending = &answer->calls->pending;
    int count = lua_gettop(pending->thread);
    if (too_many(answer, count, "arguments"))
        return false;
    begin_answer(out, answer, 1 + (size_t)count);
    if (pending->number > 0)
        writer_tagged(out, LUATEE_TAG_HOST_FUNCTION, pending->number);
    else
        writer_textz(out, pending->name);
    return codec_encode(pending->thread, HOST_CALL_FIRST_ARGUMENT, count, out, &answer->calls->callbacks.codec,
                        "argument", answer->error);
}

/* A refusal names the failed check in the dev flavour only: an attacker who tries packages on a device in the field
 * learns nothing. */
struct refusal {
    const struct call_answer *answer; /* the answer of the call that ends; NULL: there is no call */
    char message[LUATEE_NAME_MAX + 256];
};

/* Writes the message. name: the script's; NULL for the manifest. */
static void explain(struct refusal *refusal, const char *name, const char *why)
{
    if (FLAVOUR_IS_DEV && name)
        snprintf(refusal->message, sizeof(refusal->message), "the TEE refuses script '%s': %s", name, why);
    else if (FLAVOUR_IS_DEV)
        snprintf(refusal->message, sizeof(refusal->message), "the TEE refuses the app's manifest: %s", why);
    else
        snprintf(refusal->message, sizeof(refusal->message), "refused");
}

static bool write_refused(struct writer *out, void *ctx)
{
    const struct refusal *refusal = ctx;
    if (refusal->answer) {
        begin_answer(out, refusal->answer, 1);
    } else {
        writer_array(out, 2);
        writer_nil(out);
    }
    writer_bytes(out, refusal->message, strlen(refusal->message));
    return true;
}

static TEE_Result send_refused(struct message_buffer *messages, const struct call_answer *answer, const char *name, const char *why,
                               struct session_io *io)
{
    struct refusal refusal = { .answer = answer };
    explain(&refusal, name, why);
    io->a = LUATEE_ANSWER_REFUSED;
    return message_buffer_send(messages, io, write_refused, &refusal);
}

/* Writes the reason why the values could not be sent into answer->error. values: "results" or "arguments". */
static void explain_failure(struct call_answer *answer, const char *values, TEE_Result result)
{
    const struct fuel *fuel = &answer->calls->fuel;
    switch (result) {
    case TEE_ERROR_BAD_FORMAT:
        if (fuel->reserve < 0 || fuel_ended(fuel))
            fuel_text(fuel, answer->error, CODEC_ERROR_SIZE);
        break; /* otherwise the codec has written it */
    case TEE_ERROR_EXCESS_DATA:
        snprintf(answer->error, CODEC_ERROR_SIZE, "the %s are larger than a message can be (%u bytes)", values,
                 LUATEE_MESSAGE_MAX);
        break;
    default:
        snprintf(answer->error, CODEC_ERROR_SIZE, "not enough memory in the TEE for the %s", values);
        break;
    }
}

/* Sends a message with values. If that fails, functions in the message are not lent, and answer->error has the
 * reason. */
static TEE_Result send_values(struct message_buffer *messages, struct call_answer *answer, const struct session *s,
                              message_buffer_writer write, struct session_io *io)
{
    struct callbacks *callbacks = &answer->calls->callbacks;
    uint64_t lent = callbacks->last;
    TEE_Result result = message_buffer_send(messages, io, write, answer);
    if (result == TEE_SUCCESS)
        return result;
    callback_roll_back(s->vm->L, callbacks, lent);
    explain_failure(answer, write == write_call_host ? "arguments" : "results", result);
    return result;
}

/* Sends results or an error value. The runtime's own error message replaces them when they cannot be sent. */
static TEE_Result send_end(struct message_buffer *messages, struct call_answer *answer, const struct session *s,
                           enum call_outcome outcome, struct session_io *io)
{
    io->a = outcome == CALL_DONE ? LUATEE_ANSWER_DONE : LUATEE_ANSWER_RAISED;
    TEE_Result result = send_values(messages, answer, s, outcome == CALL_DONE ? write_done : write_raised, io);
    if (result == TEE_SUCCESS)
        return result;
    answer->message = answer->error;
    io->a = LUATEE_ANSWER_RAISED;
    return message_buffer_send(messages, io, write_raised, answer);
}

static TEE_Result send_pending(struct message_buffer *messages, struct call_answer *answer, const struct session *s,
                               struct session_io *io)
{
    switch (answer->calls->pending.kind) {
    case PENDING_MANIFEST:
    case PENDING_SCRIPT:
        io->a = LUATEE_ANSWER_NEED_SCRIPT;
        return message_buffer_send(messages, io, write_need_script, answer);
    case PENDING_HOST_CALL:
        io->a = LUATEE_ANSWER_CALL_HOST;
        return send_values(messages, answer, s, write_call_host, io);
    default: /* PENDING_SLICE */
        io->a = LUATEE_ANSWER_SLICE_OVER;
        return message_buffer_send(messages, io, write_slice_over, answer);
    }
}

static TEE_Result send_outcome(struct message_buffer *messages, struct call_answer *answer, const struct session *s,
                               enum call_outcome outcome, struct session_io *io)
{
    const struct calls *calls = answer->calls;
    switch (outcome) {
    case CALL_DONE:
    case CALL_RAISED:
        return send_end(messages, answer, s, outcome, io);
    case CALL_WAITS:
        return send_pending(messages, answer, s, io);
    case CALL_REFUSED:
        return send_refused(messages, answer, s->sandbox.policy.ready ? calls->refused_name : NULL, calls->refused, io);
    default: /* CALL_BAD_ARGUMENTS */
        return TEE_ERROR_BAD_FORMAT;
    }
}

TEE_Result answer_call(struct message_buffer *messages, const struct session *s, enum call_outcome outcome,
                       const struct call_result *result, struct session_io *io, char why[CODEC_ERROR_SIZE])
{
    struct calls *calls = s->vm->calls;
    struct call_answer answer = { .calls = calls, .result = result, .error = why };
    (void)snprintf(why, CODEC_ERROR_SIZE, "a weak table lost entries while it was sent");
    answer.released = held_select(&calls->held);
    TEE_Result sent = send_outcome(messages, &answer, s, outcome, io);
    if (sent == TEE_SUCCESS)
        held_forget_selected(&calls->held);
    return sent;
}

TEE_Result answer_refused(struct message_buffer *messages, const char *name, const char *why, struct session_io *io)
{
    return send_refused(messages, NULL, name, why, io);
}

static bool write_list(struct writer *out, void *ctx)
{
    const struct script_store_list *list = ctx;
    writer_array(out, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct script_store_entry *entry = &list->entries[i];
        bool manifest = entry->kind == OBJECT_MANIFEST || entry->kind == OBJECT_PACKAGED_MANIFEST;
        writer_array(out, 4);
        writer_textz(out, entry->name);
        writer_uint(out, manifest ? LUATEE_KIND_MANIFEST : LUATEE_KIND_SCRIPT);
        writer_bytes(out, entry->digest, sizeof(entry->digest));
        writer_uint(out, entry->size);
    }
    return true;
}

TEE_Result answer_list(struct message_buffer *messages, const struct script_store_list *list, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(messages, io, write_list, (void *)(uintptr_t)list);
}

static void write_property(struct writer *out, const char *key, const char *name)
{
    char value[PROPERTY_MAX];
    writer_textz(out, key);
    writer_textz(out, property_text(name, value));
}

static void write_number(struct writer *out, const char *key, uint64_t value)
{
    writer_textz(out, key);
    writer_uint(out, value);
}

static bool write_device_key(struct writer *out, void *ctx)
{
    writer_array(out, 1);
    writer_bytes(out, ctx, PACKAGE_SPKI_SIZE);
    return true;
}

TEE_Result answer_device_key(struct message_buffer *messages, struct session_io *io)
{
    uint8_t spki[PACKAGE_SPKI_SIZE];
    TEE_Result result = device_key_public(spki);
    if (result != TEE_SUCCESS)
        return result;
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(messages, io, write_device_key, spki);
}

static enum package_publisher_state publisher_state(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    switch (rollback_check_publisher(id)) {
    case TEE_SUCCESS:
        return PACKAGE_PUBLISHER_TRUSTED;
    case TEE_ERROR_SECURITY:
        return PACKAGE_PUBLISHER_REVOKED;
    default:
        return PACKAGE_PUBLISHER_DAMAGED;
    }
}

static void write_publishers(struct writer *out)
{
    uint8_t ids[PACKAGE_PUBLISHERS_MAX * PACKAGE_PUBLISHER_ID_SIZE], states[PACKAGE_PUBLISHERS_MAX];
    for (unsigned i = 0; i < publisher_keys_count; i++) {
        memcpy(ids + i * PACKAGE_PUBLISHER_ID_SIZE, publisher_keys[i].id, PACKAGE_PUBLISHER_ID_SIZE);
        states[i] = (uint8_t)publisher_state(publisher_keys[i].id);
    }
    writer_textz(out, "publishers");
    writer_bytes(out, ids, publisher_keys_count * (size_t)PACKAGE_PUBLISHER_ID_SIZE);
    writer_textz(out, "publisher_states");
    writer_bytes(out, states, publisher_keys_count);
}

static bool write_info(struct writer *out, void *ctx)
{
    const struct alloc *alloc = ctx;
    writer_map(out, 14);
    write_number(out, "protocol", LUATEE_PROTOCOL_VERSION);
    writer_textz(out, "version");
    writer_textz(out, LUATEE_VERSION);
    writer_textz(out, "flavour");
    writer_textz(out, FLAVOUR_NAME);
    writer_textz(out, "lua");
    writer_textz(out, LUA_RELEASE);
    write_property(out, "tee", PROPERTY_TEE);
    write_property(out, "tee_version", PROPERTY_TEE_VERSION);
    write_property(out, "api", PROPERTY_API);
    write_property(out, "device", PROPERTY_DEVICE);
    write_number(out, "memory", alloc_held(alloc));
    write_number(out, "memory_peak", alloc_held_peak(alloc));
    write_number(out, "memory_max", alloc_quota(alloc));
    write_number(out, "rollback", rollback_protection());
    write_publishers(out);
    return true;
}

TEE_Result answer_info(struct message_buffer *messages, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(messages, io, write_info, messages->alloc);
}

TEE_Result answer_nothing(struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    io->b = 0;
    io->out_size = 0;
    return TEE_SUCCESS;
}
