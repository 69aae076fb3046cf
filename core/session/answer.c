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
    struct vm *vm;
    const struct vm_result *result;
    size_t released;     /* functions of the host that the answer lets go */
    const char *message; /* an error message of our own in place of the result; NULL: none */
    char error[CODEC_ERROR_SIZE];
};

static void write_log(struct writer *out, const struct vm *vm)
{
    if (vm->log_size > 0)
        writer_bytes(out, vm->log, vm->log_size);
    else
        writer_nil(out);
}

/* What every answer of a call begins with: `items` of its own follow. */
static void begin_answer(struct writer *out, const struct call_answer *answer, size_t count)
{
    writer_array(out, answer->released + 1 + count);
    size_t position = 0;
    uint64_t number;
    while (answer->released > 0 && (number = held_next(&answer->vm->held, &position)) != 0)
        writer_tagged(out, LUATEE_TAG_RELEASED, number);
    write_log(out, answer->vm);
}

/* Says so in answer->error. what: "results". */
static bool too_many(struct call_answer *answer, int count, const char *what)
{
    if (count <= LUATEE_VALUES_MAX)
        return false;
    snprintf(answer->error, sizeof(answer->error), "too many %s: at most %d can cross", what, LUATEE_VALUES_MAX);
    return true;
}

static bool write_done(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct vm_result *result = answer->result;
    if (too_many(answer, result->count, "results"))
        return false;
    begin_answer(out, answer, (size_t)result->count);
    if (!codec_encode(result->at, result->first, result->count, out, &answer->vm->functions.codec, "result",
                      answer->error))
        return false;
    return true;
}

static bool write_raised(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct vm_result *result = answer->result;
    begin_answer(out, answer, 2);
    if (answer->message)
        writer_bytes(out, answer->message, strlen(answer->message));
    else if (!codec_encode(result->at, result->first, 1, out, &answer->vm->functions.codec, NULL, answer->error))
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

static bool write_question(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    bool manifest = !answer->vm->policy->ready; /* which comes before every script */
    begin_answer(out, answer, 2);
    writer_textz(out, answer->vm->question);
    writer_uint(out, manifest ? LUATEE_KIND_MANIFEST : LUATEE_KIND_SCRIPT);
    return true;
}

static bool write_call_host(struct writer *out, void *ctx)
{
    struct call_answer *answer = ctx;
    struct vm *vm = answer->vm;
    int count = lua_gettop(vm->asker);
    if (too_many(answer, count, "arguments"))
        return false;
    begin_answer(out, answer, 1 + (size_t)count);
    if (vm->callee > 0)
        writer_tagged(out, LUATEE_TAG_HOST_FUNCTION, vm->callee);
    else
        writer_textz(out, vm->question);
    if (!codec_encode(vm->asker, HOST_CALL_FIRST_ARGUMENT, count, out, &vm->functions.codec, "argument", answer->error))
        return false;
    return true;
}

/* What a refusal tells: a developer, which check failed; whoever tries packages on a device in the field, nothing. */
struct refusal {
    const struct call_answer *answer; /* of the call that ends; NULL: none does */
    char message[LUATEE_NAME_MAX + 256];
};

/* name: NULL: the manifest. */
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

static TEE_Result send_refused(struct message_buffer *t, const struct call_answer *answer, const char *name, const char *why,
                               struct session_io *io)
{
    struct refusal refusal = { .answer = answer };
    explain(&refusal, name, why);
    io->a = LUATEE_ANSWER_REFUSED;
    return message_buffer_send(t, io, write_refused, &refusal);
}

/* Why the values could not be sent, as the message of the error that is sent in their place. what: "results". */
static const char *why_not(struct call_answer *answer, const char *what, TEE_Result result)
{
    switch (result) {
    case TEE_ERROR_BAD_FORMAT:
        if (answer->vm->fuel.reserve < 0 || fuel_ended(&answer->vm->fuel))
            fuel_text(&answer->vm->fuel, answer->error, sizeof(answer->error));
        return answer->error; /* or the codec's own words */
    case TEE_ERROR_EXCESS_DATA:
        snprintf(answer->error, sizeof(answer->error), "the %s are larger than a message can be (%u bytes)", what,
                 LUATEE_MESSAGE_MAX);
        return answer->error;
    default:
        snprintf(answer->error, sizeof(answer->error), "not enough memory in the TEE for the %s", what);
        return answer->error;
    }
}

static TEE_Result send_outcome(struct message_buffer *t, struct call_answer *answer, enum vm_outcome outcome,
                               struct session_io *io)
{
    TEE_Result result = TEE_SUCCESS;
    uint64_t lent = answer->vm->functions.last;
    switch (outcome) {
    case VM_DONE:
        io->a = LUATEE_ANSWER_DONE;
        result = message_buffer_send(t, io, write_done, answer);
        break;
    case VM_RAISED:
        io->a = LUATEE_ANSWER_RAISED;
        result = message_buffer_send(t, io, write_raised, answer);
        break;
    case VM_ASKS:
        io->a = LUATEE_ANSWER_NEED_SCRIPT;
        return message_buffer_send(t, io, write_question, answer);
    case VM_SLICE_OVER:
        io->a = LUATEE_ANSWER_SLICE_OVER;
        return message_buffer_send(t, io, write_slice_over, answer);
    case VM_REFUSED:
        return send_refused(t, answer, answer->vm->policy->ready ? answer->vm->question : NULL, answer->vm->refused,
                            io);
    default: /* VM_BAD_ARGUMENTS: nothing ran */
        return TEE_ERROR_BAD_FORMAT;
    }
    if (result == TEE_SUCCESS)
        return result;
    callback_roll_back(answer->vm->L, &answer->vm->functions, lent);
    answer->message = why_not(answer, "results", result);
    io->a = LUATEE_ANSWER_RAISED;
    return message_buffer_send(t, io, write_raised, answer);
}

/* When the arguments cannot cross, the script gets an error in place of results, and its slice is over: it must not
 * keep the TEE busy by trying that again and again. Sets *outcome. */
static TEE_Result send_call_host(struct message_buffer *t, struct call_answer *answer, enum vm_outcome *outcome,
                                 struct session_io *io)
{
    struct vm *vm = answer->vm;
    uint64_t lent = vm->functions.last;
    io->a = LUATEE_ANSWER_CALL_HOST;
    TEE_Result result = message_buffer_send(t, io, write_call_host, answer);
    if (result == TEE_SUCCESS)
        return result;
    callback_roll_back(vm->L, &vm->functions, lent);
    host_call_fail(vm, why_not(answer, "arguments", result));
    *outcome = VM_SLICE_OVER;
    return send_outcome(t, answer, *outcome, io);
}

TEE_Result answer_call(struct message_buffer *t, struct vm *vm, enum vm_outcome *outcome, const struct vm_result *result,
                       struct session_io *io)
{
    struct call_answer answer;
    bool ends = *outcome != VM_ASKS && *outcome != VM_SLICE_OVER && *outcome != VM_CALLS_HOST;
    answer.vm = vm;
    answer.result = result;
    answer.message = NULL;
    (void)snprintf(answer.error, sizeof(answer.error), "a weak table lost entries while it was sent");
    if (ends)
        callback_collect(vm->L, &vm->functions); /* so that this answer can tell what is not needed any more */
    answer.released = held_select(&vm->held);
    TEE_Result sent = *outcome == VM_CALLS_HOST ? send_call_host(t, &answer, outcome, io) :
                                                  send_outcome(t, &answer, *outcome, io);
    if (sent == TEE_SUCCESS)
        held_forget_selected(&vm->held);
    vm_log_clear(vm);
    if (ends)
        vm_finish(vm);
    return sent;
}

TEE_Result answer_refused(struct message_buffer *t, const char *name, const char *why, struct session_io *io)
{
    return send_refused(t, NULL, name, why, io);
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

TEE_Result answer_list(struct message_buffer *t, const struct script_store_list *list, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(t, io, write_list, (void *)(uintptr_t)list);
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

TEE_Result answer_device_key(struct message_buffer *t, struct session_io *io)
{
    uint8_t spki[PACKAGE_SPKI_SIZE];
    TEE_Result result = device_key_public(spki);
    if (result != TEE_SUCCESS)
        return result;
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(t, io, write_device_key, spki);
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

TEE_Result answer_info(struct message_buffer *t, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return message_buffer_send(t, io, write_info, t->alloc);
}

TEE_Result answer_nothing(struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    io->b = 0;
    io->out_size = 0;
    return TEE_SUCCESS;
}
