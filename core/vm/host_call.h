/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls from trusted scripts to functions of the host: exports by name, other functions by reference. */
#ifndef LUATEE_CORE_VM_HOST_CALL_H
#define LUATEE_CORE_VM_HOST_CALL_H

#include "core/vm/call.h"

/* Prepares the tables of functions that cross by reference. Call this function once per session. Raises memory
 * errors. */
void host_call_setup(lua_State *L);

/*
 * For functions that scripts call: stops the call until the host has run the function `number`, or if that is 0 its
 * export `name`. The arguments are all values of this frame; the results become the results of this frame. Raises an
 * error where Lua cannot wait, and above LUATEE_HOST_DEPTH_MAX calls. Never returns.
 */
int host_call_start(lua_State *L, const char *name, uint64_t number);

/* The arguments of a pending host call are the values from this index to the top of pending.thread. */
#define HOST_CALL_FIRST_ARGUMENT 1

/* Answers PENDING_HOST_CALL with the next `count` items of the message, its last: results, or an error value and a
 * traceback. Returns false when the message does not conform to messages.cddl; the call still waits then. */
bool host_call_return(struct vm *vm, struct cursor *results, uint64_t count, bool raised);

/* Answers PENDING_HOST_CALL with an error, whose value is the message. */
void host_call_fail(struct vm *vm, const char *message);

/* Answers PENDING_HOST_CALL with an error when the arguments cannot cross to the host. The call then waits for its next
 * slice: a script that tries again and again must not keep the TEE busy. */
void host_call_abandon(struct vm *vm, const char *message);

/* Stack: traceback, error value. Replaces both by the traceback, and adds the host's if the error came from there. */
void host_call_add_traceback(lua_State *L);

#endif
