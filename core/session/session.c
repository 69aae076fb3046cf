/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/session.h"

#include <string.h>

#include "abi/commands.h"
#include "abi/name.h"
#include "core/codec/cursor.h"
#include "core/package/digest.h"
#include "core/package/store.h"
#include "core/session/answer.h"
#include "core/session/transfer.h"
#include "core/vm/flavour.h"
#include "core/vm/host.h"
#include "core/vm/vm.h"

struct session {
    struct alloc *alloc;
    struct vm *vm;
    struct transfer transfer;
    enum vm_outcome waiting; /* what the call that began last stopped with; VM_DONE: no call waits */
    char app[LUATEE_NAME_MAX + 1];
};

#define KNOWN_FLAGS (LUATEE_HELLO_STORED | LUATEE_HELLO_PLAINTEXT)

static bool take_name(struct cursor *c, char name[LUATEE_NAME_MAX + 1])
{
    size_t size;
    const char *text = cursor_text(c, 1, LUATEE_NAME_MAX, &size);
    if (!text || !luatee_name_valid(text, size))
        return false;
    memcpy(name, text, size);
    name[size] = '\0';
    return true;
}

static TEE_Result read_hello(const void *hello, size_t size, char app[LUATEE_NAME_MAX + 1], uint64_t *flags)
{
    struct cursor c;
    cursor_begin(&c, hello, size);
    cursor_expect_array(&c, 2);
    if (!take_name(&c, app))
        return TEE_ERROR_BAD_FORMAT;
    *flags = cursor_uint(&c);
    if (!cursor_finish(&c))
        return TEE_ERROR_BAD_FORMAT;
    if (*flags & ~(uint64_t)KNOWN_FLAGS)
        return TEE_ERROR_NOT_SUPPORTED;
    if ((*flags & LUATEE_HELLO_PLAINTEXT) && !FLAVOUR_IS_DEV)
        return TEE_ERROR_NOT_SUPPORTED;
    return TEE_SUCCESS;
}

/* hello is our own copy. */
static TEE_Result open_with(struct alloc *alloc, const void *hello, size_t size, struct session **session)
{
    char app[LUATEE_NAME_MAX + 1];
    uint64_t flags;
    TEE_Result result = read_hello(hello, size, app, &flags);
    if (result != TEE_SUCCESS)
        return result;
    struct session *s = alloc_block(alloc, sizeof(*s));
    if (!s)
        return TEE_ERROR_OUT_OF_MEMORY;
    *s = (struct session){ .alloc = alloc, .waiting = VM_DONE };
    memcpy(s->app, app, sizeof(app));
    transfer_init(&s->transfer, alloc);
    s->vm = vm_new(alloc, s->app, (flags & LUATEE_HELLO_STORED) != 0);
    if (!s->vm)
        return TEE_ERROR_OUT_OF_MEMORY; /* whoever owns the allocator gives everything back */
    if (flags & LUATEE_HELLO_PLAINTEXT) { /* no manifest comes with it, and the dev flavour has nothing to protect */
        s->vm->manifest->memory = LUATEE_TA_MEMORY_MAX;
        s->vm->manifest->permissions |= MANIFEST_LOAD | MANIFEST_HOST_ANY;
    }
    alloc_limit(alloc, s->vm->manifest->memory);
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

static TEE_Result answer(struct session *s, enum vm_outcome outcome, const struct vm_result *result, struct session_io *io)
{
    TEE_Result sent = answer_call(&s->transfer, s->vm, &outcome, result, io);
    bool stopped = outcome == VM_ASKS || outcome == VM_SLICE_OVER || outcome == VM_CALLS_HOST;
    if (stopped)
        s->waiting = outcome;
    else
        s->waiting = s->vm->asker ? VM_CALLS_HOST : VM_DONE;
    return sent;
}

/* Takes the beginning of a message: its head, and the list of functions that the host lets go. What they were is given up by
 * give_up_released(), later. Returns how many items follow. */
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
            functions_take_back(s->vm->L, &s->vm->functions, number);
}

static bool take_target(struct cursor *c, uint32_t command, struct vm_target *target)
{
    if (command == LUATEE_CMD_CALL && cursor_tagged(c, LUATEE_TAG_TEE_FUNCTION, &target->number)) {
        target->kind = VM_FUNCTION;
        return target->number > 0 && target->number <= INT64_MAX;
    }
    target->kind = command == LUATEE_CMD_CALL ? VM_SCRIPT : VM_MODULE;
    return take_name(c, target->name);
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
    transfer_drop_request(&s->transfer);
    if (outcome == VM_READY)
        outcome = vm_run(s->vm, &result);
    return answer(s, outcome, &result, io);
}

/* digest, source: the end of script and stored-script. Returns TEE_ERROR_SECURITY when they do not match. */
static TEE_Result take_source(struct cursor *c, const uint8_t **digest, const uint8_t **source, size_t *size)
{
    *digest = cursor_bytes_of(c, LUATEE_DIGEST_SIZE);
    *source = cursor_bytes(c, 0, LUATEE_MESSAGE_MAX, size);
    if (!cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    if (*size > LUATEE_SCRIPT_MAX)
        return TEE_ERROR_EXCESS_DATA;
    return digest_check(*source, *size, *digest);
}

/* request = go-on */
static TEE_Result take_go_on(struct session *s, struct cursor *c)
{
    cursor_expect_array(c, 1);
    uint64_t what = cursor_uint(c);
    if (!cursor_finish(c) || what > LUATEE_GO_ON_DEADLINE)
        return TEE_ERROR_BAD_FORMAT;
    if (what != LUATEE_GO_ON)
        fuel_cancel(&s->vm->fuel, what == LUATEE_GO_ON_CANCEL ? FUEL_CANCELLED : FUEL_LATE);
    return TEE_SUCCESS;
}

/* request = script */
static TEE_Result take_script(struct session *s, struct cursor *c)
{
    cursor_expect_array(c, 2);
    if (cursor_nil(c)) {
        size_t size;
        const char *reason = cursor_text(c, 0, LUATEE_MESSAGE_MAX, &size);
        if (!cursor_finish(c))
            return TEE_ERROR_BAD_FORMAT;
        vm_decline(s->vm, reason, size);
    } else {
        const uint8_t *digest, *source;
        size_t size;
        TEE_Result result = take_source(c, &digest, &source, &size);
        if (result != TEE_SUCCESS)
            return result;
        vm_supply(s->vm, source, size);
    }
    return TEE_SUCCESS;
}

/* request = host-returned */
static TEE_Result take_returned(struct session *s, struct cursor *c)
{
    struct cursor released;
    uint64_t items = take_released(c, &released);
    bool fine = cursor_bool(c);
    if (items == 0 || c->failure != CURSOR_FINE || !host_return(s->vm, c, items - 1, !fine))
        return TEE_ERROR_BAD_FORMAT;
    give_up_released(s, &released);
    return TEE_SUCCESS;
}

/* request = go-on, in the place of host-returned: there are no results, and no need for any. */
static TEE_Result take_cancel(struct session *s, struct cursor *c)
{
    struct cursor ahead = *c;
    cursor_expect_array(&ahead, 1);
    uint64_t what = cursor_uint(&ahead);
    return cursor_finish(&ahead) && what == LUATEE_GO_ON ? TEE_ERROR_BAD_STATE : take_go_on(s, c);
}

/* What the message answers; its first item tells. */
static enum vm_outcome answered_by(struct cursor c)
{
    uint64_t items = cursor_array(&c);
    unsigned first = items > 0 && cursor_left(&c) > 0 ? *c.next : HEAD_NULL;
    switch (first >> HEAD_SHIFT) {
    case HEAD_UNSIGNED:
        return VM_SLICE_OVER;
    case HEAD_TAG:
        return VM_CALLS_HOST;
    default:
        return first == HEAD_FALSE || first == HEAD_TRUE ? VM_CALLS_HOST : VM_ASKS;
    }
}

/* request = script, host-returned or go-on */
static TEE_Result take_answer(struct session *s, struct cursor *c)
{
    enum vm_outcome answered = answered_by(*c);
    if (s->waiting == VM_CALLS_HOST && answered == VM_SLICE_OVER)
        return take_cancel(s, c);
    if (s->waiting == VM_DONE || answered != s->waiting)
        return TEE_ERROR_BAD_STATE;
    if (answered == VM_ASKS)
        return take_script(s, c);
    return answered == VM_SLICE_OVER ? take_go_on(s, c) : take_returned(s, c);
}

static TEE_Result resume(struct session *s, struct cursor *c, struct session_io *io)
{
    TEE_Result taken = take_answer(s, c);
    if (taken != TEE_SUCCESS)
        return taken;
    transfer_drop_request(&s->transfer);
    struct vm_result result;
    enum vm_outcome outcome = vm_run(s->vm, &result);
    return answer(s, outcome, &result, io);
}

/* request = stored-script */
static TEE_Result store_add(struct session *s, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    const uint8_t *digest, *source;
    size_t size;
    cursor_expect_array(c, 3);
    if (!take_name(c, name))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = take_source(c, &digest, &source, &size);
    if (result == TEE_SUCCESS)
        result = store_put(s->alloc, s->app, name, digest, source, size);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

/* request = script-name */
static TEE_Result store_delete(struct session *s, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    cursor_expect_array(c, 1);
    if (!take_name(c, name) || !cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = store_remove(s->app, name);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

static TEE_Result store_show(struct session *s, struct session_io *io)
{
    struct store_list list;
    TEE_Result result = store_list(s->alloc, s->app, &list);
    if (result != TEE_SUCCESS)
        return result;
    result = answer_list(&s->transfer, &list, io);
    store_list_free(s->alloc, &list);
    return result;
}

/* Commands whose request is a message. */
static TEE_Result with_request(struct session *s, uint32_t command, struct session_io *io)
{
    if (io->a != 0 || io->b != 0)
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_Result result = transfer_receive(&s->transfer, io);
    if (result != TEE_SUCCESS)
        return result;
    struct cursor c;
    cursor_begin(&c, s->transfer.request.data, s->transfer.request.size);
    switch (command) {
    case LUATEE_CMD_CALL:
    case LUATEE_CMD_IMPORT:
        return call(s, command, &c, io);
    case LUATEE_CMD_RESUME:
        return resume(s, &c, io);
    case LUATEE_CMD_STORE_ADD:
        return store_add(s, &c, io);
    default:
        return store_delete(s, &c, io);
    }
}

/* Commands without a request. */
static TEE_Result without_request(struct session *s, uint32_t command, struct session_io *io)
{
    if (io->in_size != 0 || io->a != 0 || io->b != 0)
        return TEE_ERROR_BAD_PARAMETERS;
    return command == LUATEE_CMD_STORE_LIST ? store_show(s, io) : answer_info(&s->transfer, io);
}

static TEE_Result dispatch(struct session *s, uint32_t command, struct session_io *io)
{
    switch (command) {
    case LUATEE_CMD_CALL:
    case LUATEE_CMD_IMPORT:
    case LUATEE_CMD_RESUME:
    case LUATEE_CMD_STORE_ADD:
    case LUATEE_CMD_STORE_REMOVE:
        return with_request(s, command, io);
    case LUATEE_CMD_STORE_LIST:
    case LUATEE_CMD_INFO:
        return without_request(s, command, io);
    case LUATEE_CMD_PART:
        return transfer_part(&s->transfer, io);
    case LUATEE_CMD_MORE:
        return transfer_more(&s->transfer, io);
    default:
        return TEE_ERROR_BAD_PARAMETERS;
    }
}

TEE_Result session_command(struct session *s, uint32_t command, struct session_io *io)
{
    if (command != LUATEE_CMD_MORE)
        transfer_drop_response(&s->transfer);
    TEE_Result result = dispatch(s, command, io);
    /* A request stays only while its pieces are coming in. */
    bool collecting = command == LUATEE_CMD_PART || command == LUATEE_CMD_MORE;
    if (!collecting || result != TEE_SUCCESS)
        transfer_drop_request(&s->transfer);
    if (result != TEE_SUCCESS) {
        io->out_size = 0;
        io->a = 0;
        io->b = 0;
    }
    return result;
}
