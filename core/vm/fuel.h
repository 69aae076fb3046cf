/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a call may cost. A unit of fuel is about one instruction of Lua's VM: a function pays for its instructions, a
 * loop for each round, a library function for the elements and the bytes it goes through, an allocation for every 16
 * bytes. There is one counter (port/lua/fuel.h) for all coroutines and nested scripts of a call.
 *
 * The budget is handed out in slices of LUATEE_SLICE, and a slice in parts of LUATEE_LOOK: after each part the TEE looks
 * (cancel.h) whether the host still wants the call. When a slice is over, the call stops and lets the host decide,
 * unless a C function that Lua cannot leave in its middle is on the stack: then it goes on, a part at a time, and stops
 * as soon as it can, always within the budget. When the budget is empty, or the host cancels, an error unwinds the
 * call. Nothing catches it: pcall and its like raise it again (fuel_ended). <close> variables and message handlers that
 * run meanwhile have LUATEE_FUEL_CLOSE between them.
 */
#ifndef LUATEE_CORE_VM_FUEL_H
#define LUATEE_CORE_VM_FUEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "lua.h"

/* Why a call must end. */
enum fuel_end {
    FUEL_GOES_ON,
    FUEL_EMPTY,
    FUEL_CANCELLED,
    FUEL_LATE, /* a deadline is over */
};

/*
 * A call from fuel_begin to the next one:
 *
 *   RUNNING ---cancelled, late--> ENDING --error raised--> CLOSING
 *     |  ^ \------------------budget empty------------------^
 *     |  |
 *     |  +-- fuel_inner_over of a late call from ENDING or CLOSING
 *     |
 *     | fuel_limit            fuel_return: back to RUNNING, ENDING or CLOSING
 *     v
 *   UNWINDING --> UNWIND_ENDING --> UNWIND_CLOSING      the same, within the limit for <close> variables
 *
 * Any other transition is a mistake of ours, and panics.
 */
enum fuel_state {
    FUEL_RUNNING,        /* within the budget */
    FUEL_ENDING,         /* the call must end; its next instruction raises the error */
    FUEL_CLOSING,        /* the error was raised; <close> variables run with LUATEE_FUEL_CLOSE */
    FUEL_UNWINDING,      /* an error of its own ended the call; <close> variables run with LUATEE_FUEL_UNWIND */
    FUEL_UNWIND_ENDING,
    FUEL_UNWIND_CLOSING,
};

struct fuel {
    enum fuel_state state;
    enum fuel_end end; /* FUEL_GOES_ON in FUEL_RUNNING and FUEL_UNWINDING */
    int64_t budget;    /* of the call */
    int64_t reserve;   /* what is not in the counter; while the call does not run, all that is left */
    int64_t kept;      /* in the two CLOSING states: what was left when the error was raised */
    int64_t slice;     /* the rest of the slice besides the counter; 0 or less: none */
    bool has_message;  /* the error's message is in the registry */
};

/* Once per state: room for the error, so that raising it again takes no memory. Raises memory errors. */
void fuel_setup(lua_State *L);

/* A call begins, with a full budget. Above LUATEE_FUEL_CONSUME_MAX (port/lua/fuel.h) it is that. */
void fuel_begin(struct fuel *f, uint64_t budget);

/* The call runs (again), with a new slice; the call stands still, and nothing is charged. */
void fuel_go(struct fuel *f);
void fuel_stop(struct fuel *f);

/* The call must end: the error is raised when it runs again. why: FUEL_CANCELLED or FUEL_LATE. */
void fuel_cancel(struct fuel *f, enum fuel_end why);

/* A call inside a call is over. When that was late, the one around it goes on with what is left. */
void fuel_inner_over(struct fuel *f);

/* Leaves at most LUATEE_FUEL_UNWIND of the budget, for the <close> variables of a call that an error has ended. Returns
 * what it took, the argument of fuel_return. When <close> variables need more, the error has its own message. */
int64_t fuel_limit(struct fuel *f);
void fuel_return(struct fuel *f, int64_t units);

/* Returns whether <close> variables have used up what fuel_limit left. */
bool fuel_unwind_is_empty(const struct fuel *f);

/* A coroutine stopped because its slice is over, but where it was resumed Lua cannot stop: resume it again. When the
 * call must end, it gets nothing, and its next instruction raises. */
void fuel_extend(lua_State *L);

/* The call is being unwound, and no error may be caught. */
bool fuel_ended(const struct fuel *f);

/* Looks whether the host still wants the call: for work that cannot stop at the end of a slice. False: it must end. */
bool fuel_wanted(lua_State *L);

/* The words of what ends the call: without a position, if it is an empty budget. */
void fuel_text(const struct fuel *f, char *text, size_t size);

/* Pushes the error that unwinds the call. */
void fuel_push_error(lua_State *L);

/* Of the budget, while a script runs. */
int64_t fuel_left(const struct fuel *f);

/* A function for scripts, tee.fuel(): units used and left of the call's budget. */
int fuel_query(lua_State *L);

#endif
