/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/session.h"

#include <string.h>

#include "abi/commands.h"
#include "core/base/flavour.h"
#include "core/codec/cursor.h"
#include "core/session/answer.h"
#include "core/session/message_buffer.h"
#include "core/session/stored.h"
#include "core/session/supplied.h"
#include "core/trust/package_policy.h"
#include "core/trust/script_store.h"
#include "core/vm/host_call.h"
#include "core/vm/vm.h"

struct session {
    struct alloc *alloc;
    struct vm *vm;
    struct message_buffer transfer;
    enum vm_outcome waiting; /* what the call that began last stopped with; VM_DONE: no call waits */
    bool stored;
    struct package_policy policy;
    char app[LUATEE_NAME_MAX + 1];
};

#define KNOWN_FLAGS (LUATEE_HELLO_STORED | LUATEE_HELLO_PLAINTEXT)

struct hello {
    char app[LUATEE_NAME_MAX + 1];
    uint64_t flags;
    uint64_t fuel, memory; /* 0: no limits of the host's own */
};

static TEE_Result read_hello(const void *message, size_t size, struct hello *hello)
{
    struct cursor c;
    *hello = (struct hello){ 0 };
    cursor_begin(&c, message, size);
    uint64_t items = cursor_array(&c);
    if ((items != 2 && items != 4) || !supplied_name(&c, hello->app))
        return TEE_ERROR_BAD_FORMAT;
    hello->flags = cursor_uint(&c);
    if (items == 4) {
        hello->fuel = cursor_uint(&c);
        hello->memory = cursor_uint(&c);
    }
    if (!cursor_finish(&c) || (hello->memory > 0 && hello->memory < LUATEE_MEMORY_MIN))
        return TEE_ERROR_BAD_FORMAT;
    const uint64_t *flags = &hello->flags;
    if (*flags & ~(uint64_t)KNOWN_FLAGS)
        return TEE_ERROR_NOT_SUPPORTED;
    if ((*flags & LUATEE_HELLO_PLAINTEXT) && !FLAVOUR_IS_DEV)
        return TEE_ERROR_NOT_SUPPORTED;
    return TEE_SUCCESS;
}

static void set_limits(struct vm *vm, const struct hello *hello)
{
    if (hello->fuel > 0)
        vm->fuel_max = hello->fuel;
    if (hello->memory > 0)
        vm->memory_max = hello->memory;
    vm->manifest->memory = LUATEE_TA_MEMORY_MAX; /* until the manifest is known: a first call may be large */
    vm_apply_limits(vm);
}

/* message is our own copy. */
static TEE_Result open_with(struct alloc *alloc, const void *message, size_t size, struct session **session)
{
    struct hello hello;
    TEE_Result result = read_hello(message, size, &hello);
    if (result != TEE_SUCCESS)
        return result;
    struct session *s = alloc_block(alloc, sizeof(*s));
    if (!s)
        return TEE_ERROR_OUT_OF_MEMORY;
    *s = (struct session){ .alloc = alloc, .waiting = VM_DONE };
    memcpy(s->app, hello.app, sizeof(s->app));
    message_buffer_init(&s->transfer, alloc);
    s->stored = (hello.flags & LUATEE_HELLO_STORED) != 0;
    s->policy =
        (struct package_policy) { .alloc = alloc, .app = s->app, .plaintext = (hello.flags & LUATEE_HELLO_PLAINTEXT) != 0 };
    s->vm = vm_new(alloc, s->app, s->stored, &s->policy);
    if (!s->vm)
        return TEE_ERROR_OUT_OF_MEMORY; /* whoever owns the allocator gives everything back */
    set_limits(s->vm, &hello); /* those of the manifest come with it, before anything runs */
    *session = s;
    return TEE_SUCCESS;
}

TEE_Result session_open(const void *hello, size_t size, struct session **session)
{
    uint8_t copy[2 * LUATEE_NAME_MAX];
    if (size == 0 || size > sizeof(copy))
        return TEE_ERROR_BAD_FORMAT;
    memcpy(copy, hello, size);
    struct alloc *alloc = alloc_new();
    if (!alloc)
        return TEE_ERROR_OUT_OF_MEMORY;
    TEE_Result result = open_with(alloc, copy, size, session);
    if (result != TEE_SUCCESS)
        alloc_delete(alloc);
    return result;
}

void session_close(struct session *s)
{
    if (!s)
        return;
    struct alloc *alloc = s->alloc;
    vm_close(s->vm);
    alloc_delete(alloc); /* and with it everything, this session included */
}

static TEE_Result answer(struct session *s, enum vm_outcome outcome, const struct vm_result *result,
                         struct session_io *io)
{
    TEE_Result sent = answer_call(&s->transfer, s->vm, &outcome, result, io);
    bool stopped = outcome == VM_ASKS || outcome == VM_SLICE_OVER || outcome == VM_CALLS_HOST;
    if (stopped)
        s->waiting = outcome;
    else
        s->waiting = s->vm->asker ? VM_CALLS_HOST : VM_DONE;
    return sent;
}

/* What a call does next when its manifest came, or did not: VM_READY, or how it ends. */
static enum vm_outcome after_manifest(struct session *s, TEE_Result result, const char *why, struct vm_result *end)
{
    if (result == TEE_SUCCESS) {
        vm_take_budgets(s->vm);
        return VM_READY;
    }
    if (result == TEE_ERROR_SECURITY) {
        s->vm->refused = why;
        return VM_READY; /* to be refused, with its name, as any script */
    }
    return vm_fail(s->vm, result == TEE_ERROR_OUT_OF_MEMORY ? "not enough memory for the app's manifest" :
                                                              "the app's manifest cannot be read", end);
}

/* Of a plaintext session. */
static enum vm_outcome no_manifest(struct session *s)
{
    policy_default_manifest(&s->policy, s->vm->manifest);
    vm_take_budgets(s->vm);
    return VM_READY;
}

/* With -s. */
static enum vm_outcome load_manifest(struct session *s, struct vm_result *end)
{
    struct script_store_record record;
    const char *why = NULL;
    struct script_store_object object = stored_object(&s->policy, "", LUATEE_KIND_MANIFEST);
    TEE_Result result = script_store_get(s->alloc, &object, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND && s->policy.plaintext)
        return no_manifest(s);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return vm_fail(s->vm,
                       "no packages of this app are in the TEE's secure storage; make them with luatee pack APP, and "
                       "add them with luatee store add APP",
                       end);
    if (result == TEE_SUCCESS) {
        result = policy_accept_manifest(&s->policy, record.data, record.size, s->vm->manifest, &why);
        script_store_record_free(s->alloc, &record);
    }
    return after_manifest(s, result, why, end);
}

/* Nothing of an app runs before its manifest is known. */
static enum vm_outcome take_manifest(struct session *s, struct vm_result *end)
{
    if (s->policy.ready)
        return VM_READY;
    memcpy(s->vm->question, PACKAGE_MANIFEST_NAME, sizeof(PACKAGE_MANIFEST_NAME));
    return s->stored ? load_manifest(s, end) : VM_ASKS;
}

/* Takes the beginning of a message: its head, and the list of functions that the host lets go. What they were is given
 * up by give_up_released(), later. Returns how many items follow. */
static uint64_t take_released(struct cursor *c, struct cursor *released)
{
    uint64_t number, items = cursor_array(c);
    *released = *c;
    while (items > 0 && cursor_tagged(c, LUATEE_TAG_RELEASED, &number))
        items--;
    return items;
}

static void give_up_released(struct session *s, struct cursor *released)
{
    uint64_t number;
    while (cursor_tagged(released, LUATEE_TAG_RELEASED, &number))
        if (number <= INT64_MAX)
            callback_reclaim(s->vm->L, &s->vm->functions, number);
}

static bool take_target(struct cursor *c, uint32_t command, struct vm_target *target)
{
    if (command == LUATEE_CMD_CALL && cursor_tagged(c, LUATEE_TAG_TEE_FUNCTION, &target->number)) {
        target->kind = VM_FUNCTION;
        return target->number > 0 && target->number <= INT64_MAX;
    }
    target->kind = command == LUATEE_CMD_CALL ? VM_SCRIPT : VM_MODULE;
    return supplied_name(c, target->name);
}

/* request = call or import */
static TEE_Result call(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    struct vm_target target;
    struct cursor released;
    if (s->waiting != VM_DONE && s->waiting != VM_CALLS_HOST)
        return TEE_ERROR_BAD_STATE;
    uint64_t items = take_released(c, &released);
    if (items == 0 || !take_target(c, command, &target) || (target.kind == VM_MODULE && items > 1))
        return TEE_ERROR_BAD_FORMAT;
    struct vm_result result;
    enum vm_outcome outcome = vm_prepare(s->vm, &target, c, items - 1, &result);
    if (outcome != VM_BAD_ARGUMENTS)
        give_up_released(s, &released);
    message_buffer_drop_request(&s->transfer);
    if (outcome == VM_READY)
        outcome = take_manifest(s, &result);
    if (outcome == VM_READY)
        outcome = vm_run(s->vm, &result);
    return answer(s, outcome, &result, io);
}

/* The host has no script, or no manifest. */
static enum vm_outcome decline(struct session *s, const char *reason, size_t size, struct vm_result *end)
{
    if (s->policy.ready) {
        vm_decline(s->vm, reason, size);
        return VM_READY;
    }
    if (!s->policy.plaintext)
        return vm_fail(s->vm, "the app has no packed manifest: make it with luatee pack APP", end);
    return no_manifest(s);
}

static enum vm_outcome supply(struct session *s, const struct supplied *supplied, struct vm_result *end)
{
    if (s->policy.ready) {
        vm_supply(s->vm, supplied->data, supplied->size);
        return VM_READY;
    }
    const char *why = NULL;
    TEE_Result result = policy_accept_manifest(&s->policy, supplied->data, supplied->size, s->vm->manifest, &why);
    return after_manifest(s, result, why, end);
}

/* request = cancel */
static TEE_Result take_cancel(struct session *s, struct cursor *c)
{
    cursor_expect_array(c, 1);
    uint64_t reason = cursor_uint(c);
    if (!cursor_finish(c) || (reason != LUATEE_CANCEL_WANTED && reason != LUATEE_CANCEL_DEADLINE))
        return TEE_ERROR_BAD_FORMAT;
    fuel_cancel(&s->vm->fuel, reason == LUATEE_CANCEL_WANTED ? FUEL_CANCELLED : FUEL_LATE);
    return TEE_SUCCESS;
}

/* request = script. *outcome: VM_READY, or how the call ends. */
static TEE_Result take_script(struct session *s, struct cursor *c, enum vm_outcome *outcome, struct vm_result *result)
{
    struct supplied supplied;
    cursor_expect_array(c, SUPPLIED_ITEMS);
    TEE_Result taken = supplied_take(c, s->policy.plaintext ? LUATEE_SCRIPT_MAX : PACKAGE_SIZE_MAX, &supplied);
    if (taken != TEE_SUCCESS)
        return taken;
    if ((supplied.kind == LUATEE_KIND_MANIFEST) == s->policy.ready)
        return TEE_ERROR_BAD_FORMAT; /* the call waits for the other kind */
    *outcome = supply(s, &supplied, result);
    return TEE_SUCCESS;
}

/* request = no-script. *outcome: VM_READY, or how the call ends. */
static TEE_Result take_no_script(struct session *s, struct cursor *c, enum vm_outcome *outcome,
                                 struct vm_result *result)
{
    size_t size;
    cursor_expect_array(c, 1);
    const char *reason = cursor_text(c, 0, LUATEE_MESSAGE_MAX, &size);
    if (!cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    *outcome = decline(s, reason, size, result);
    return TEE_SUCCESS;
}

/* request = host-returned or host-raised */
static TEE_Result take_returned(struct session *s, struct cursor *c, bool raised)
{
    struct cursor released;
    uint64_t items = take_released(c, &released);
    if (c->failure != CURSOR_FINE || !host_call_return(s->vm, c, items, raised))
        return TEE_ERROR_BAD_FORMAT;
    give_up_released(s, &released);
    return TEE_SUCCESS;
}

/* Whether a call that stopped with `waiting` waits for this command. */
static bool waits_for(enum vm_outcome waiting, uint32_t command)
{
    switch (command) {
    case LUATEE_CMD_SUPPLY_SCRIPT:
    case LUATEE_CMD_DECLINE_SCRIPT:
        return waiting == VM_ASKS;
    case LUATEE_CMD_HOST_RETURNED:
    case LUATEE_CMD_HOST_RAISED:
        return waiting == VM_CALLS_HOST;
    case LUATEE_CMD_CONTINUE:
        return waiting == VM_SLICE_OVER;
    default: /* LUATEE_CMD_CANCEL */
        return waiting == VM_SLICE_OVER || waiting == VM_CALLS_HOST;
    }
}

/* *outcome: VM_READY, or how the call ends. */
static TEE_Result take_answer(struct session *s, uint32_t command, struct cursor *c, enum vm_outcome *outcome,
                              struct vm_result *result)
{
    switch (command) {
    case LUATEE_CMD_SUPPLY_SCRIPT:
        return take_script(s, c, outcome, result);
    case LUATEE_CMD_DECLINE_SCRIPT:
        return take_no_script(s, c, outcome, result);
    case LUATEE_CMD_HOST_RETURNED:
    case LUATEE_CMD_HOST_RAISED:
        return take_returned(s, c, command == LUATEE_CMD_HOST_RAISED);
    case LUATEE_CMD_CANCEL:
        return take_cancel(s, c);
    default: /* LUATEE_CMD_CONTINUE */
        return cursor_left(c) == 0 ? TEE_SUCCESS : TEE_ERROR_BAD_FORMAT;
    }
}

static TEE_Result resume(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    struct vm_result result;
    enum vm_outcome outcome = VM_READY;
    if (!waits_for(s->waiting, command))
        return TEE_ERROR_BAD_STATE;
    TEE_Result taken = take_answer(s, command, c, &outcome, &result);
    if (taken != TEE_SUCCESS)
        return taken;
    message_buffer_drop_request(&s->transfer);
    if (outcome == VM_READY)
        outcome = vm_run(s->vm, &result);
    return answer(s, outcome, &result, io);
}

/* Commands that run scripts, until a deadline. */
static bool runs_scripts(uint32_t command)
{
    return command >= LUATEE_CMD_CALL && command <= LUATEE_CMD_CANCEL;
}

/* Commands whose request is a message. */
static TEE_Result with_request(struct session *s, uint32_t command, struct session_io *io)
{
    if ((io->a != 0 && !runs_scripts(command)) || io->b != 0)
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_Result result = message_buffer_receive(&s->transfer, io);
    if (result != TEE_SUCCESS)
        return result;
    if (runs_scripts(command))
        cancel_begin(&s->vm->cancel, io->a);
    struct cursor c;
    cursor_begin(&c, s->transfer.request.data, s->transfer.request.size);
    switch (command) {
    case LUATEE_CMD_CALL:
    case LUATEE_CMD_IMPORT:
        return call(s, command, &c, io);
    case LUATEE_CMD_STORE_ADD:
        return stored_add(&s->policy, &s->transfer, &c, io);
    case LUATEE_CMD_STORE_LIST:
        return stored_list(&s->policy, &s->transfer, &c, io);
    case LUATEE_CMD_STORE_REMOVE:
        return stored_remove(&s->policy, &c, io);
    default:
        return resume(s, command, &c, io);
    }
}

/* Commands without a request. */
static TEE_Result without_request(struct session *s, uint32_t command, struct session_io *io)
{
    if (io->in_size != 0 || io->a != 0 || io->b != 0)
        return TEE_ERROR_BAD_PARAMETERS;
    switch (command) {
    case LUATEE_CMD_DEVICE_KEY:
        return answer_device_key(&s->transfer, io);
    default:
        return answer_info(&s->transfer, io);
    }
}

static TEE_Result dispatch(struct session *s, uint32_t command, struct session_io *io)
{
    switch (command) {
    case LUATEE_CMD_CALL:
    case LUATEE_CMD_IMPORT:
    case LUATEE_CMD_SUPPLY_SCRIPT:
    case LUATEE_CMD_DECLINE_SCRIPT:
    case LUATEE_CMD_HOST_RETURNED:
    case LUATEE_CMD_HOST_RAISED:
    case LUATEE_CMD_CONTINUE:
    case LUATEE_CMD_CANCEL:
    case LUATEE_CMD_STORE_ADD:
    case LUATEE_CMD_STORE_REMOVE:
    case LUATEE_CMD_STORE_LIST:
        return with_request(s, command, io);
    case LUATEE_CMD_INFO:
    case LUATEE_CMD_DEVICE_KEY:
        return without_request(s, command, io);
    case LUATEE_CMD_PART:
        return message_buffer_part(&s->transfer, io);
    case LUATEE_CMD_MORE:
        return message_buffer_more(&s->transfer, io);
    default:
        return TEE_ERROR_BAD_PARAMETERS;
    }
}

TEE_Result session_command(struct session *s, uint32_t command, struct session_io *io)
{
    if (command != LUATEE_CMD_MORE)
        message_buffer_drop_response(&s->transfer);
    TEE_Result result = dispatch(s, command, io);
    /* A request stays only while its pieces are coming in. */
    bool collecting = command == LUATEE_CMD_PART || command == LUATEE_CMD_MORE;
    if (!collecting || result != TEE_SUCCESS)
        message_buffer_drop_request(&s->transfer);
    if (result != TEE_SUCCESS) {
        io->out_size = 0;
        io->a = 0;
        io->b = 0;
    }
    return result;
}
