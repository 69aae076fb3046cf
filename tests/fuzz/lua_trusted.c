/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trusted side in this process, and a host that answers its calls: tee.host.echo returns its arguments, `fail`
 * raises, `again` calls the script "inner" with them, `call` the first of them, which is a function; the plan decides
 * for all other functions. Only the messages of calls are made here, so this is a host that keeps the protocol.
 */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "abi/commands.h"
#include "core/codec/codec.h"
#include "core/codec/writer.h"
#include "core/sandbox/sandbox.h"
#include "core/vm/host_call.h"
#include "tests/fuzz/lua_run.h"

#define MESSAGE_MAX (64u * 1024u)

static const char inner[] = "local f, x = ...\n"
                            "if type(f) == 'function' then return pcall(f, x, ...) end\n"
                            "return x, f, tee.host.echo(x)\n";
static const char module[] = "local m = {n = 0} function m.add(n) m.n = m.n + n return m end return m\n";

struct host {
    struct vm *vm;
    const char *program;
    size_t program_size;
    const uint8_t *plan;
    size_t plan_size;
};

enum action {
    ACTION_NOTHING,
    ACTION_ECHO,
    ACTION_FAIL,
    ACTION_AGAIN,
    ACTION_CALL,
    ACTION_GARBLE,
    ACTION_CANCEL,
    ACTIONS
};

static enum action next_action(struct host *h)
{
    static const char *const exports[ACTIONS] = { "nothing", "echo", "fail", "again", "call" };
    const struct pending *pending = &h->vm->calls->pending;
    for (unsigned i = 0; pending->number == 0 && i < ACTIONS; i++)
        if (exports[i] && strcmp(pending->name, exports[i]) == 0)
            return (enum action)i;
    if (h->plan_size == 0)
        return ACTION_NOTHING;
    h->plan_size--;
    return (enum action)(*h->plan++ % ACTIONS);
}

/* What the asker's arguments are as a message. Returns how many; -1: they cannot cross, and the call has an error. */
static int take_arguments(struct vm *vm, uint8_t *message, size_t *size)
{
    char error[CODEC_ERROR_SIZE] = "a weak table lost entries while it was sent";
    struct writer out;
    int count = lua_gettop(vm->calls->pending.thread);
    uint64_t lent = vm->calls->callbacks.last;
    writer_begin(&out, message, MESSAGE_MAX);
    bool fits = codec_encode(vm->calls->pending.thread, HOST_CALL_FIRST_ARGUMENT, count, &out, &vm->calls->callbacks.codec, "argument", error);
    *size = writer_size(&out);
    if (fits && *size <= MESSAGE_MAX)
        return count;
    callback_roll_back(vm->L, &vm->calls->callbacks, lent);
    host_call_fail(vm, fits ? "too large" : error);
    return -1;
}

static void run_call(struct host *h, const struct call_target *target, const void *arguments, size_t size, uint64_t count,
                     struct call_result *result, enum call_outcome *outcome);

static void raise(struct vm *vm)
{
    static const uint8_t error[] = { 0x45, 'e', 'r', 'r', 'o', 'r', 0x49, 't', 'r', 'a', 'c', 'e', 'b', 'a', 'c', 'k' };
    struct cursor in;
    cursor_begin(&in, error, sizeof(error));
    (void)host_call_return(vm, &in, 2, true);
}

/* Calls the session again, inside the call that waits. */
static void call_again(struct host *h, const struct call_target *target, const void *arguments, size_t size, int count)
{
    struct call_result result;
    enum call_outcome outcome;
    run_call(h, target, arguments, size, (uint64_t)count, &result, &outcome);
    call_finish(h->vm);
}

static void answer(struct host *h)
{
    struct vm *vm = h->vm;
    enum action action = next_action(h);
    uint8_t *message = malloc(MESSAGE_MAX);
    size_t size;
    int count = take_arguments(vm, message, &size);
    struct call_target target = { .kind = CALL_SCRIPT, .name = "inner" };
    struct cursor in;
    cursor_begin(&in, message, count < 0 ? 0 : size);
    if (count < 0) {
        free(message);
        return;
    }
    if (action == ACTION_AGAIN)
        call_again(h, &target, message, size, count);
    if (action == ACTION_CALL && vm->calls->callbacks.last > 0) {
        target = (struct call_target){ .kind = CALL_FUNCTION, .number = vm->calls->callbacks.last };
        call_again(h, &target, message, size, count);
    }
    if (action == ACTION_FAIL)
        raise(vm);
    else if (action == ACTION_CANCEL)
        fuel_cancel(&vm->calls->fuel, FUEL_CANCELLED);
    else if (action == ACTION_NOTHING)
        cursor_begin(&in, NULL, 0), (void)host_call_return(vm, &in, 0, false);
    else if (action != ACTION_GARBLE && !host_call_return(vm, &in, (uint64_t)count, false))
        abort(); /* what the TEE sent is what it takes */
    if (action == ACTION_GARBLE && size > 0 && h->plan_size > 0) {
        message[*h->plan % size] ^= 1 << *h->plan % 8;
        if (!host_call_return(vm, &in, (uint64_t)count, false))
            host_call_fail(vm, "garbled");
    }
    free(message);
}

static void supply(struct host *h)
{
    const char *name = h->vm->calls->pending.name;
    if (strcmp(name, "program") == 0)
        call_supply(h->vm, h->program, h->program_size);
    else if (strcmp(name, "inner") == 0)
        call_supply(h->vm, inner, sizeof(inner) - 1);
    else if (strcmp(name, "m") == 0)
        call_supply(h->vm, module, sizeof(module) - 1);
    else
        call_decline(h->vm, "there is none", 13);
}

static void run_call(struct host *h, const struct call_target *target, const void *arguments, size_t size, uint64_t count,
                     struct call_result *result, enum call_outcome *outcome)
{
    struct cursor in;
    cursor_begin(&in, arguments, size);
    *outcome = call_prepare(h->vm, target, &in, count, result);
    while (*outcome == CALL_READY || *outcome == CALL_WAITS) {
        enum pending_kind kind = h->vm->calls->pending.kind;
        if (*outcome == CALL_WAITS && kind == PENDING_SCRIPT)
            supply(h);
        else if (*outcome == CALL_WAITS && kind == PENDING_HOST_CALL)
            answer(h);
        else if (*outcome == CALL_WAITS && kind != PENDING_SLICE)
            abort();
        call_log_clear(h->vm);
        *outcome = call_run(h->vm, result);
    }
}

static void copy_text(struct lua_output *out, lua_State *L, int idx)
{
    const char *text = lua_tolstring(L, idx, &out->size);
    if (!text) {
        text = "no string";
        out->size = strlen(text);
    }
    if (out->size > sizeof(out->text))
        out->size = sizeof(out->text);
    memcpy(out->text, text, out->size);
}

/* Two functions of the host and a string: core/codec and abi/messages.cddl. */
static size_t write_arguments(uint8_t *message, size_t room)
{
    struct writer out;
    writer_begin(&out, message, room);
    writer_tagged(&out, LUATEE_TAG_HOST_FUNCTION, 1);
    writer_tagged(&out, LUATEE_TAG_HOST_FUNCTION, 2);
    writer_bytes(&out, "argument", 8);
    return writer_size(&out);
}

/* The end of the fuel of <close> variables, after an error, is an error of its own (core/vm/call_end.c, push_fuel_end). */
static bool is_fuel_error(const struct lua_output *out)
{
    static const char words[] = "out of fuel";
    return memmem(out->text, out->size, words, sizeof(words) - 1) != NULL;
}

static enum lua_end run(struct host *h, struct lua_output *out)
{
    struct vm *vm = h->vm;
    uint8_t arguments[64];
    struct call_target target = { .kind = CALL_SCRIPT, .name = "program" };
    struct call_result result;
    enum call_outcome outcome;
    size_t size = write_arguments(arguments, sizeof(arguments));
    run_call(h, &target, arguments, size, 3, &result, &outcome);
    bool is_short = fuel_ended(&vm->calls->fuel) || alloc_shortage(vm->alloc).used > 0;
    if (outcome == CALL_DONE || outcome == CALL_RAISED)
        copy_text(out, result.at, result.first);
    call_finish(vm);
    if (is_short || (outcome == CALL_RAISED && is_fuel_error(out)))
        return LUA_END_SHORT;
    return outcome == CALL_DONE ? LUA_END_RETURNED : LUA_END_RAISED;
}

enum lua_end lua_trusted_run(const char *program, size_t size, const struct lua_budget *budget, struct lua_output *out)
{
    struct alloc *alloc = alloc_new();
    struct sandbox sandbox = { .policy = { .alloc = alloc, .app = "app", .plaintext = true, .ready = true } };
    sandbox.manifest.permissions =
        MANIFEST_STORAGE | MANIFEST_KEYS | MANIFEST_LOAD | MANIFEST_HOST_ANY | MANIFEST_COUNTERS;
    struct host h = {
        vm_new(alloc, &sandbox_hooks, &sandbox, "app"), program, size, budget->plan, budget->plan_size
    };
    if (!h.vm || !calls_new(h.vm))
        abort();
    vm_set_limits(h.vm, alloc_held(alloc) + budget->memory, budget->fuel);
    size_t held_max = alloc_quota(alloc) + ALLOC_RESERVE;
    enum lua_end end = run(&h, out);
    if (alloc_held_peak(alloc) > held_max)
        abort();
    vm_close(h.vm);
    alloc_delete(alloc);
    return end;
}
