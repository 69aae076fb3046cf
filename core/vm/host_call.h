/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of trusted scripts to functions of the host: exports by name, others by reference. */
#ifndef LUATEE_CORE_VM_HOST_CALL_H
#define LUATEE_CORE_VM_HOST_CALL_H

#include "core/vm/vm.h"

/* Makes what crosses by reference ready to cross. Once per state; raises memory errors. */
void host_call_setup(lua_State *L);

/*
 * For functions that scripts call: stops the call until the host has run its function `number`, or when that is 0 its
 * export `name`, with all values of this frame as arguments; its results are then those of this frame. Raises an error
 * where Lua cannot wait, and above LUATEE_HOST_DEPTH_MAX. Never returns.
 */
int host_call_ask(lua_State *L, const char *name, uint64_t number);

/* The arguments are values 1 to the top of vm->asker. */
#define HOST_CALL_FIRST_ARGUMENT 1

/* Answers with the next `count` items of the message, its last: results; or an error value and a traceback. False: it
 * is not what messages.cddl says, and the question stays. */
bool host_call_return(struct vm *vm, struct cursor *results, uint64_t count, bool raised);

/* Answers with an error message. */
void host_call_fail(struct vm *vm, const char *message);

/* Stack: traceback, error value. Replaces both by the traceback, with the host's when the error came from there. */
void host_call_add_traceback(lua_State *L);

#endif
