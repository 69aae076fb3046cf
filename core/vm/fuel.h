/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The budget of a call. A unit of fuel is about one instruction of Lua's VM: a function pays for its instructions, a
 * loop for each round, a library function for the elements and bytes it processes, an allocation for every 16 bytes.
 * One counter (port/lua/fuel.h) serves all coroutines and nested scripts of a call.
 *
 * The budget is split into slices of LUATEE_SLICE, and a slice into parts of LUATEE_LOOK. After each part the TEE
 * checks (cancel.h) whether the host still wants the call. At the end of a slice the call stops, and the host decides
 * whether it continues. When a C function that cannot yield is on the stack, the call continues part by part, within
 * the budget, and stops as soon as it can.
 *
 * When the budget is empty, or the host cancels, an error unwinds the call. pcall, xpcall and coroutines cannot catch
 * this error: they raise it again (fuel_ended). <close> variables and message handlers that run meanwhile share
 * LUATEE_FUEL_CLOSE.
 */
#ifndef LUATEE_CORE_VM_FUEL_H
#define LUATEE_CORE_VM_FUEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "lua.h"

/* The reason why a call must end. */
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
 * Any other transition is a bug, and panics.
 */
enum fuel_state {
    FUEL_RUNNING,        /* within the budget */
    FUEL_ENDING,         /* the call must end; its next instruction raises the error */
    FUEL_CLOSING,        /* the error was raised; <close> variables run with LUATEE_FUEL_CLOSE */
    FUEL_UNWINDING,      /* the script's own error ended the call; <close> variables run with LUATEE_FUEL_UNWIND */
    FUEL_UNWIND_ENDING,
    FUEL_UNWIND_CLOSING,
};

struct fuel {
    enum fuel_state state;
    enum fuel_end end; /* FUEL_GOES_ON in FUEL_RUNNING and FUEL_UNWINDING */
    int64_t budget;    /* of the call */
    int64_t reserve;   /* the rest of the budget that is not in the counter; all of it while the call does not run */
    int64_t kept;      /* in the two CLOSING states: the rest of the budget when the error was raised */
    int64_t slice;     /* the rest of the slice that is not in the counter; 0 or less: no rest */
    bool has_message;  /* the error's message is in the registry */
};

/* Reserves a place in the registry for the error, so that raising it again needs no memory. Call this function once per
 * state. Raises memory errors. */
void fuel_setup(lua_State *L);

/* Begins a call with a full budget, in units. A larger budget than LUATEE_FUEL_CONSUME_MAX (port/lua/fuel.h) is reduced
 * to it. */
void fuel_begin(struct fuel *f, uint64_t budget);

/* Starts counting, with a new slice, before the call runs. */
void fuel_go(struct fuel *f);
/* Stops counting, when the call has stopped. */
void fuel_stop(struct fuel *f);

/* Ends the call: its next instruction raises the error. why: FUEL_CANCELLED or FUEL_LATE. Does nothing when the call
 * already ends. */
void fuel_cancel(struct fuel *f, enum fuel_end why);

/* Ends a call inside another call. When the inner call was late, the outer one continues with the rest of the
 * budget. */
void fuel_inner_over(struct fuel *f);

/* Reduces the budget to at most LUATEE_FUEL_UNWIND, for the <close> variables of a call that an error has ended.
 * Returns the units that it removed, for fuel_return. When <close> variables need more, the error has its own
 * message. */
int64_t fuel_limit(struct fuel *f);
/* Ends the limit, and adds the units to the budget again. */
void fuel_return(struct fuel *f, int64_t units);

/* Returns whether <close> variables have used up what fuel_limit left. */
bool fuel_unwind_is_empty(const struct fuel *f);

/* Adds a part to the slice of a coroutine that stopped at the end of its slice, where its resumer cannot stop. The
 * resumer then resumes it again. When the call must end, adds nothing: the next instruction raises the error. */
void fuel_extend(lua_State *L);

/* Returns whether the call must end. Then no error may be caught. */
bool fuel_ended(const struct fuel *f);

/* Checks whether the host still wants the call, for work that cannot stop at the end of a slice. Returns false when the
 * call must end. */
bool fuel_wanted(lua_State *L);

/* Writes the message of the error that ends the call, without a position. Cuts it at size - 1 bytes. */
void fuel_text(const struct fuel *f, char *text, size_t size);

/* Pushes the error that unwinds the call. */
void fuel_push_error(lua_State *L);

/* Returns the units left of the budget, while a script runs. 0 when the call must end. */
int64_t fuel_left(const struct fuel *f);

/* tee.fuel() for scripts: returns the used and the remaining units of the call's budget. */
int fuel_query(lua_State *L);

#endif
