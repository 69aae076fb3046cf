/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a call that raised an error, or that is refused: its error value, its traceback, its <close> variables. */
#ifndef LUATEE_CORE_VM_CALL_END_H
#define LUATEE_CORE_VM_CALL_END_H

#include "core/vm/call.h"

/* Reserves places in the registry, so that an error takes no memory. Once per state; raises memory errors. */
void call_end_setup(lua_State *L);

/* Unwinds the call that raised an error. Returns CALL_RAISED, and the error in *result. */
enum call_outcome call_end_raised(struct vm *vm, struct call_result *result);

/* Unwinds the call that runs a script which is not trusted. Returns CALL_REFUSED. */
enum call_outcome call_end_refused(struct vm *vm);

#endif
