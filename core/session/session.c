/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/session.h"

#include <string.h>

#include "abi/commands.h"
#include "core/session/answer.h"
#include "core/session/call_commands.h"
#include "core/session/hello.h"
#include "core/session/state.h"
#include "core/session/stored.h"

/* --- opening and closing ------------------------------------------------------------------------------------------ */

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void session_apply_limits(struct session *s)
{
    const struct manifest *manifest = &s->sandbox.manifest;
    vm_set_limits(s->vm, lower(lower(manifest->memory, s->memory_max), LUATEE_TA_MEMORY_MAX),
                  lower(manifest->fuel, s->fuel_max));
}

/* Opens a session. message: a private copy. After an error the caller deletes the allocator, with all its memory. */
static TEE_Result open_with(struct alloc *alloc, const void *message, size_t size, struct session **session)
{
    struct hello hello;
    TEE_Result result = hello_read(message, size, &hello);
    if (result != TEE_SUCCESS)
        return result;
    struct session *s = alloc_block(alloc, sizeof(*s));
    if (!s)
        return TEE_ERROR_OUT_OF_MEMORY;
    *s = (struct session){ .alloc = alloc };
    s->fuel_max = hello.fuel > 0 ? hello.fuel : UINT64_MAX;
    s->memory_max = hello.memory > 0 ? hello.memory : UINT64_MAX;
    memcpy(s->app, hello.app, sizeof(s->app));
    message_buffer_init(&s->messages, alloc);
    s->sandbox.stored = (hello.flags & LUATEE_HELLO_STORED) != 0;
    s->sandbox.policy = (struct package_policy) { .alloc = alloc,
                                                  .app = s->app,
                                                  .plaintext = (hello.flags & LUATEE_HELLO_PLAINTEXT) != 0 };
    manifest_default(&s->sandbox.manifest);
    s->sandbox.manifest.memory = LUATEE_TA_MEMORY_MAX; /* until the manifest is known: a first call may be large */
    s->vm = vm_new(alloc, &sandbox_hooks, &s->sandbox, s->app);
    if (!s->vm || !calls_new(s->vm))
        return TEE_ERROR_OUT_OF_MEMORY;
    session_apply_limits(s);
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
    alloc_delete(alloc); /* frees all memory of the session, `s` included */
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static TEE_Result info(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    (void)c;
    return command == LUATEE_CMD_INFO ? answer_info(&s->messages, io) : answer_device_key(&s->messages, io);
}

static TEE_Result store(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    struct package_policy *policy = &s->sandbox.policy;
    switch (command) {
    case LUATEE_CMD_STORE_LIST:
        return stored_list(policy, &s->messages, c, io);
    case LUATEE_CMD_STORE_ADD:
        return stored_add(policy, &s->messages, c, io);
    default:
        return stored_remove(policy, c, io);
    }
}

static TEE_Result transfer(struct session *s, uint32_t command, struct cursor *c, struct session_io *io)
{
    (void)c;
    return command == LUATEE_CMD_PART ? message_buffer_part(&s->messages, io) : message_buffer_more(&s->messages, io);
}

/* The contents of a command's parameters. */
enum carries {
    CARRIES_CALL,    /* a request, and in io->a the milliseconds until the deadline of the scripts that it runs */
    CARRIES_REQUEST, /* a request */
    CARRIES_NOTHING,
    CARRIES_PIECE,   /* a piece of a message; transfer() checks its values */
};

static const struct command {
    TEE_Result (*run)(struct session *s, uint32_t command, struct cursor *c, struct session_io *io);
    enum carries carries;
} commands[] = {
    [LUATEE_CMD_CALL] = { call_command_start, CARRIES_CALL },
    [LUATEE_CMD_IMPORT] = { call_command_start, CARRIES_CALL },
    [LUATEE_CMD_SUPPLY_SCRIPT] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_DECLINE_SCRIPT] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_HOST_RETURNED] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_HOST_RAISED] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_CONTINUE] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_CANCEL] = { call_command_continue, CARRIES_CALL },
    [LUATEE_CMD_PART] = { transfer, CARRIES_PIECE },
    [LUATEE_CMD_MORE] = { transfer, CARRIES_PIECE },
    [LUATEE_CMD_STORE_LIST] = { store, CARRIES_REQUEST },
    [LUATEE_CMD_STORE_ADD] = { store, CARRIES_REQUEST },
    [LUATEE_CMD_STORE_REMOVE] = { store, CARRIES_REQUEST },
    [LUATEE_CMD_INFO] = { info, CARRIES_NOTHING },
    [LUATEE_CMD_DEVICE_KEY] = { info, CARRIES_NOTHING },
};

static TEE_Result run(struct session *s, uint32_t number, struct session_io *io)
{
    if (number >= sizeof(commands) / sizeof(commands[0]) || !commands[number].run)
        return TEE_ERROR_BAD_PARAMETERS;
    const struct command *command = &commands[number];
    if (command->carries == CARRIES_PIECE)
        return command->run(s, number, NULL, io);
    if ((io->a != 0 && command->carries != CARRIES_CALL) || io->b != 0)
        return TEE_ERROR_BAD_PARAMETERS;
    if (command->carries == CARRIES_NOTHING)
        return io->in_size == 0 ? command->run(s, number, NULL, io) : TEE_ERROR_BAD_PARAMETERS;
    TEE_Result result = message_buffer_receive(&s->messages, io);
    if (result != TEE_SUCCESS)
        return result;
    if (command->carries == CARRIES_CALL)
        cancel_begin(&s->vm->calls->cancel, io->a);
    struct cursor c;
    cursor_begin(&c, s->messages.request.data, s->messages.request.size);
    return command->run(s, number, &c, io);
}

TEE_Result session_command(struct session *s, uint32_t command, struct session_io *io)
{
    if (command != LUATEE_CMD_MORE)
        message_buffer_drop_response(&s->messages);
    TEE_Result result = run(s, command, io);
    /* The pieces of a request stay only while more are coming in. */
    bool collecting = command == LUATEE_CMD_PART || command == LUATEE_CMD_MORE;
    if (!collecting || result != TEE_SUCCESS)
        message_buffer_drop_request(&s->messages);
    if (result != TEE_SUCCESS) {
        io->out_size = 0;
        io->a = 0;
        io->b = 0;
    }
    return result;
}
