/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/call_commands.h"

#include <string.h>

#include "abi/commands.h"
#include "core/session/answer.h"
#include "core/session/stored.h"
#include "core/session/supplied.h"
#include "core/vm/host_call.h"

/* --- answering ---------------------------------------------------------------------------------------------------- */

/* Answers with the state of the call. A call that has ended is finished afterwards: its results are in the answer. */
static TEE_Result answer(struct session *s, enum call_outcome outcome, const struct call_result *result,
                         struct session_io *io)
{
    struct calls *calls = s->vm->calls;
    char why[CODEC_ERROR_SIZE];
    if (outcome != CALL_WAITS)
        callback_collect(s->vm->L, &calls->callbacks); /* so that this answer can release functions of the host */
    TEE_Result sent = answer_call(&s->messages, s, outcome, result, io, why);
    if (sent != TEE_SUCCESS && outcome == CALL_WAITS && calls->pending.kind == PENDING_HOST_CALL) {
        host_call_abandon(s->vm, why);
        sent = answer_call(&s->messages, s, outcome, result, io, why);
    }
    call_log_clear(s->vm);
    if (outcome != CALL_WAITS)
        call_finish(s->vm);
    return sent;
}

static TEE_Result run(struct session *s, enum call_outcome outcome, struct call_result *result, struct session_io *io)
{
    message_buffer_drop_request(&s->messages);
    if (outcome == CALL_READY)
        outcome = call_run(s->vm, result);
    return answer(s, outcome, result, io);
}

/* --- the manifest, before anything of an app runs ----------------------------------------------------------------- */

/* Continues a call whose manifest was read with `result`. Returns CALL_READY, or the outcome of a call that ends. */
static enum call_outcome after_manifest(struct session *s, TEE_Result result, const char *why, struct call_result *end)
{
    if (result == TEE_SUCCESS) {
        session_apply_limits(s);
        call_restart_budget(s->vm);
        return CALL_READY;
    }
    if (result == TEE_ERROR_SECURITY) {
        call_refuse_prepared(s->vm, PACKAGE_MANIFEST_NAME, why);
        return CALL_READY;
    }
    return call_fail(s->vm, result == TEE_ERROR_OUT_OF_MEMORY ? "not enough memory for the app's manifest" :
                                                                "the app's manifest cannot be read", end);
}

/* A plaintext session may run without a manifest. */
static enum call_outcome accept_no_manifest(struct session *s, struct call_result *end)
{
    policy_default_manifest(&s->sandbox.policy, &s->sandbox.manifest);
    return after_manifest(s, TEE_SUCCESS, NULL, end);
}

static enum call_outcome load_manifest(struct session *s, struct call_result *end)
{
    struct package_policy *policy = &s->sandbox.policy;
    struct script_store_record record;
    const char *why = NULL;
    struct script_store_object object = stored_object(policy, "", LUATEE_KIND_MANIFEST);
    TEE_Result result = script_store_get(s->alloc, &object, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && policy->plaintext)
        return accept_no_manifest(s, end);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return call_fail(s->vm,
                         "no packages of this app are in the TEE's secure storage; make them with luatee pack APP, and "
                         "add them with luatee store add APP",
                         end);
    if (result == TEE_SUCCESS) {
        result = policy_accept_manifest(policy, record.data, record.size, &s->sandbox.manifest, &why);
        script_store_record_free(s->alloc, &record);
    }
    return after_manifest(s, result, why, end);
}

static enum call_outcome need_manifest(struct session *s, struct call_result *end)
{
    if (s->sandbox.policy.ready)
        return CALL_READY;
    return s->sandbox.stored ? load_manifest(s, end) : call_await_manifest(s->vm, PACKAGE_MANIFEST_NAME);
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

/* Reads the beginning of a message: its head, and the functions that the host releases. They are reclaimed only by
 * reclaim_released(), when the rest of the message is known to be good. Returns how many items follow. */
static uint64_t read_released(struct cursor *c, struct cursor *released)
{
    uint64_t number, items = cursor_array(c);
    *released = *c;
    while (items > 0 && cursor_tagged(c, LUATEE_TAG_RELEASED, &number))
        items--;
    return items;
}

static void reclaim_released(struct session *s, struct cursor *released)
{
    uint64_t number;
    while (cursor_tagged(released, LUATEE_TAG_RELEASED, &number))
        if (number <= INT64_MAX)
            callback_reclaim(s->vm->L, &s->vm->calls->callbacks, number);
}

static bool read_target(struct cursor *c, uint32_t command, struct call_target *target)
{
    if (command == LUATEE_CMD_CALL && cursor_tagged(c, LUATEE_TAG_TEE_FUNCTION, &target->number)) {
        target->kind = CALL_FUNCTION;
        return target->number > 0 && target->number <= INT64_MAX;
    }
    target->kind = command == LUATEE_CMD_CALL ? CALL_SCRIPT : CALL_MODULE;
    return supplied_name(c, target->name);
}

TEE_Result call_command_start(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    enum pending_kind pending = s->vm->calls->pending.kind;
    struct call_target target;
    struct cursor released;
    if (pending != PENDING_NOTHING && pending != PENDING_HOST_CALL)
        return TEE_ERROR_BAD_STATE;
    uint64_t items = read_released(c, &released);
    if (items == 0 || !read_target(c, command, &target) || (target.kind == CALL_MODULE && items > 1))
        return TEE_ERROR_BAD_FORMAT;
    struct call_result result;
    enum call_outcome outcome = call_prepare(s->vm, &target, c, items - 1, &result);
    if (outcome != CALL_BAD_ARGUMENTS)
        reclaim_released(s, &released);
    if (outcome == CALL_READY)
        outcome = need_manifest(s, &result);
    return run(s, outcome, &result, io);
}

/* Each receive_* below handles the request of one command. *outcome is CALL_READY before, and is set when the call
 * ends. */

/* request = script */
static TEE_Result receive_script(struct session *s, struct cursor *c, enum call_outcome *outcome,
                              struct call_result *result)
{
    struct package_policy *policy = &s->sandbox.policy;
    struct supplied supplied;
    bool wants_manifest = s->vm->calls->pending.kind == PENDING_MANIFEST;
    cursor_expect_array(c, SUPPLIED_ITEMS);
    TEE_Result received = supplied_read(c, policy->plaintext ? LUATEE_SCRIPT_MAX : PACKAGE_SIZE_MAX, &supplied);
    if (received != TEE_SUCCESS)
        return received;
    if ((supplied.kind == LUATEE_KIND_MANIFEST) != wants_manifest)
        return TEE_ERROR_BAD_FORMAT;
    if (wants_manifest) {
        const char *why = NULL;
        TEE_Result accepted =
            policy_accept_manifest(policy, supplied.data, supplied.size, &s->sandbox.manifest, &why);
        *outcome = after_manifest(s, accepted, why, result);
    } else {
        call_supply(s->vm, supplied.data, supplied.size);
    }
    return TEE_SUCCESS;
}

/* request = no-script */
static TEE_Result receive_no_script(struct session *s, struct cursor *c, enum call_outcome *outcome,
                                 struct call_result *result)
{
    size_t size;
    cursor_expect_array(c, 1);
    const char *reason = cursor_text(c, 0, LUATEE_MESSAGE_MAX, &size);
    if (!cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    if (s->vm->calls->pending.kind == PENDING_SCRIPT)
        call_decline(s->vm, reason, size);
    else if (s->sandbox.policy.plaintext)
        *outcome = accept_no_manifest(s, result);
    else
        *outcome = call_fail(s->vm, "the app has no packed manifest: make it with luatee pack APP", result);
    return TEE_SUCCESS;
}

/* request = host-returned or host-raised */
static TEE_Result receive_returned(struct session *s, struct cursor *c, bool raised)
{
    struct cursor released;
    uint64_t items = read_released(c, &released);
    if (c->failure != CURSOR_FINE || !host_call_return(s->vm, c, items, raised))
        return TEE_ERROR_BAD_FORMAT;
    reclaim_released(s, &released);
    return TEE_SUCCESS;
}

/* request = cancel */
static TEE_Result receive_cancel(struct session *s, struct cursor *c)
{
    cursor_expect_array(c, 1);
    uint64_t reason = cursor_uint(c);
    if (!cursor_finish(c) || (reason != LUATEE_CANCEL_WANTED && reason != LUATEE_CANCEL_DEADLINE))
        return TEE_ERROR_BAD_FORMAT;
    fuel_cancel(&s->vm->calls->fuel, reason == LUATEE_CANCEL_WANTED ? FUEL_CANCELLED : FUEL_LATE);
    return TEE_SUCCESS;
}

/* Returns whether the command continues a call that waits for `pending`. */
static bool continues(enum pending_kind pending, uint32_t command)
{
    switch (command) {
    case LUATEE_CMD_SUPPLY_SCRIPT:
    case LUATEE_CMD_DECLINE_SCRIPT:
        return pending == PENDING_SCRIPT || pending == PENDING_MANIFEST;
    case LUATEE_CMD_HOST_RETURNED:
    case LUATEE_CMD_HOST_RAISED:
        return pending == PENDING_HOST_CALL;
    case LUATEE_CMD_CONTINUE:
        return pending == PENDING_SLICE;
    default: /* LUATEE_CMD_CANCEL */
        return pending == PENDING_SLICE || pending == PENDING_HOST_CALL;
    }
}

TEE_Result call_command_continue(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    struct call_result result;
    enum call_outcome outcome = CALL_READY;
    TEE_Result received = TEE_ERROR_BAD_STATE;
    if (!continues(s->vm->calls->pending.kind, command))
        return received;
    switch (command) {
    case LUATEE_CMD_SUPPLY_SCRIPT:
        received = receive_script(s, c, &outcome, &result);
        break;
    case LUATEE_CMD_DECLINE_SCRIPT:
        received = receive_no_script(s, c, &outcome, &result);
        break;
    case LUATEE_CMD_HOST_RETURNED:
    case LUATEE_CMD_HOST_RAISED:
        received = receive_returned(s, c, command == LUATEE_CMD_HOST_RAISED);
        break;
    case LUATEE_CMD_CANCEL:
        received = receive_cancel(s, c);
        break;
    default: /* LUATEE_CMD_CONTINUE: an empty request */
        received = cursor_left(c) == 0 ? TEE_SUCCESS : TEE_ERROR_BAD_FORMAT;
    }
    return received == TEE_SUCCESS ? run(s, outcome, &result, io) : received;
}
