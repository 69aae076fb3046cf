/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/answer.h"

#include <stdio.h>
#include <string.h>

#include "abi/commands.h"
#include "core/codec/value.h"
#include "core/vm/flavour.h"

struct call_answer {
    struct vm *vm;
    const struct vm_result *result;
    const char *message; /* an error message of our own in place of the result; NULL: none */
    char error[CODEC_ERROR_SIZE];
};

static void write_text(CborEncoder *enc, const char *text)
{
    (void)cbor_encode_text_string(enc, text, strlen(text));
}

static void write_bytes(CborEncoder *enc, const char *text, size_t size)
{
    (void)cbor_encode_byte_string(enc, (const uint8_t *)text, size);
}

static void write_log(CborEncoder *enc, const struct vm *vm)
{
    if (vm->log_size > 0)
        write_bytes(enc, vm->log, vm->log_size);
    else
        (void)cbor_encode_null(enc);
}

static bool write_done(CborEncoder *enc, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct vm_result *result = answer->result;
    CborEncoder items;
    (void)cbor_encoder_create_array(enc, &items, 1 + (size_t)result->count);
    write_log(&items, answer->vm);
    if (!codec_encode(result->at, result->first, result->count, &items, "result", answer->error))
        return false;
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

static bool write_raised(CborEncoder *enc, void *ctx)
{
    struct call_answer *answer = ctx;
    const struct vm_result *result = answer->result;
    CborEncoder items;
    (void)cbor_encoder_create_array(enc, &items, 3);
    write_log(&items, answer->vm);
    if (answer->message)
        write_bytes(&items, answer->message, strlen(answer->message));
    else if (!codec_encode(result->at, result->first, 1, &items, NULL, answer->error))
        return false;
    const char *traceback = result->traceback ? result->traceback : "";
    size_t size = strlen(traceback);
    write_bytes(&items, traceback, size < LUATEE_TRACEBACK_MAX ? size : LUATEE_TRACEBACK_MAX);
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

static bool write_slice_over(CborEncoder *enc, void *ctx)
{
    const struct call_answer *answer = ctx;
    CborEncoder items;
    (void)cbor_encoder_create_array(enc, &items, 1);
    write_log(&items, answer->vm);
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

static bool write_question(CborEncoder *enc, void *ctx)
{
    struct call_answer *answer = ctx;
    CborEncoder items;
    (void)cbor_encoder_create_array(enc, &items, 2);
    write_log(&items, answer->vm);
    write_text(&items, answer->vm->question);
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

/* Why the result or error could not be sent, as the message of the error that is sent in its place. */
static const char *why_not(struct call_answer *answer, TEE_Result result)
{
    switch (result) {
    case TEE_ERROR_BAD_FORMAT:
        return answer->error; /* the codec's own words */
    case TEE_ERROR_EXCESS_DATA:
        snprintf(answer->error, sizeof(answer->error), "the results are larger than a message can be (%u bytes)",
                 LUATEE_MESSAGE_MAX);
        return answer->error;
    default:
        return "not enough memory in the TEE for the results";
    }
}

static TEE_Result send_outcome(struct transfer *t, struct call_answer *answer, enum vm_outcome outcome, struct session_io *io)
{
    TEE_Result result = TEE_SUCCESS;
    switch (outcome) {
    case VM_DONE:
        io->a = LUATEE_ANSWER_DONE;
        result = transfer_send(t, io, write_done, answer);
        break;
    case VM_RAISED:
        io->a = LUATEE_ANSWER_RAISED;
        result = transfer_send(t, io, write_raised, answer);
        break;
    case VM_ASKS:
        io->a = LUATEE_ANSWER_NEED_SCRIPT;
        return transfer_send(t, io, write_question, answer);
    case VM_SLICE_OVER:
        io->a = LUATEE_ANSWER_SLICE_OVER;
        return transfer_send(t, io, write_slice_over, answer);
    default: /* VM_BAD_ARGUMENTS: nothing ran */
        return TEE_ERROR_BAD_FORMAT;
    }
    if (result == TEE_SUCCESS)
        return result;
    answer->message = why_not(answer, result);
    io->a = LUATEE_ANSWER_RAISED;
    return transfer_send(t, io, write_raised, answer);
}

TEE_Result answer_call(struct transfer *t, struct vm *vm, enum vm_outcome outcome, const struct vm_result *result,
                       struct session_io *io)
{
    struct call_answer answer;
    answer.vm = vm;
    answer.result = result;
    answer.message = NULL;
    TEE_Result sent = send_outcome(t, &answer, outcome, io);
    vm_log_clear(vm);
    if (outcome != VM_ASKS && outcome != VM_SLICE_OVER)
        vm_finish(vm);
    return sent;
}

static bool write_list(CborEncoder *enc, void *ctx)
{
    const struct store_list *list = ctx;
    CborEncoder items, item;
    (void)cbor_encoder_create_array(enc, &items, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct store_entry *entry = &list->entries[i];
        (void)cbor_encoder_create_array(&items, &item, 3);
        write_text(&item, entry->name);
        (void)cbor_encode_byte_string(&item, entry->digest, sizeof(entry->digest));
        (void)cbor_encode_uint(&item, entry->size);
        (void)cbor_encoder_close_container(&items, &item);
    }
    (void)cbor_encoder_close_container(enc, &items);
    return true;
}

TEE_Result answer_list(struct transfer *t, const struct store_list *list, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return transfer_send(t, io, write_list, (void *)(uintptr_t)list);
}

/* A property of the TEE, or "" when it has none of that name. */
#define PROPERTY_MAX 128
static void write_property(CborEncoder *enc, const char *key, const char *name)
{
    char value[PROPERTY_MAX];
    size_t size = sizeof(value);
    if (TEE_GetPropertyAsString(TEE_PROPSET_TEE_IMPLEMENTATION, name, value, &size) != TEE_SUCCESS)
        value[0] = '\0';
    write_text(enc, key);
    write_text(enc, value);
}

static void write_number(CborEncoder *enc, const char *key, uint64_t value)
{
    write_text(enc, key);
    (void)cbor_encode_uint(enc, value);
}

static bool write_info(CborEncoder *enc, void *ctx)
{
    const struct alloc *alloc = ctx;
    CborEncoder map;
    (void)cbor_encoder_create_map(enc, &map, 9);
    write_number(&map, "protocol", LUATEE_PROTOCOL_VERSION);
    write_text(&map, "version");
    write_text(&map, LUATEE_VERSION);
    write_text(&map, "flavour");
    write_text(&map, FLAVOUR_NAME);
    write_text(&map, "lua");
    write_text(&map, LUA_RELEASE);
    write_property(&map, "tee", "gpd.tee.description");
    write_property(&map, "api", "gpd.tee.apiversion");
    write_number(&map, "memory", alloc_used(alloc));
    write_number(&map, "memory_peak", alloc_peak(alloc));
    write_number(&map, "memory_max", alloc_quota(alloc));
    (void)cbor_encoder_close_container(enc, &map);
    return true;
}

TEE_Result answer_info(struct transfer *t, struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    return transfer_send(t, io, write_info, t->alloc);
}

TEE_Result answer_nothing(struct session_io *io)
{
    io->a = LUATEE_ANSWER_DONE;
    io->b = 0;
    io->out_size = 0;
    return TEE_SUCCESS;
}
