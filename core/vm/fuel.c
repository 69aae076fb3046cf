/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/fuel.h"

#include <stdio.h>

#include "core/base/text.h"
#include "core/vm/call.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"
#include "tee_internal_api.h"

/* The counter while no script runs: the runtime's own use of Lua costs nothing. Far from where the counter could
 * wrap. */
#define UNMETERED (1ll << 62)

/* Builds for tests have short slices. */
_Static_assert(LUATEE_FUEL_CLOSE <= LUATEE_LOOK || LUATEE_SLICE < LUATEE_FUEL_CLOSE,
               "no check of the deadline while a call is unwound");

long long luatee_fuel = UNMETERED;

#define FUEL_TEXT_SIZE 160

/* Key in the registry: the error that unwinds the call; false when there is none. */
static const char key_error;

void fuel_setup(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_error);
}

/* --- states ------------------------------------------------------------------------------------------------------- */

static bool is_closing(const struct fuel *f)
{
    return f->state == FUEL_CLOSING || f->state == FUEL_UNWIND_CLOSING;
}

static bool is_limited(const struct fuel *f)
{
    return f->state >= FUEL_UNWINDING;
}

#define BIT(state) (1u << (state))

static void change(struct fuel *f, enum fuel_state to)
{
    static const uint8_t allowed[] = {
        [FUEL_RUNNING] = BIT(FUEL_ENDING) | BIT(FUEL_CLOSING) | BIT(FUEL_UNWINDING),
        [FUEL_ENDING] = BIT(FUEL_CLOSING) | BIT(FUEL_RUNNING) | BIT(FUEL_UNWIND_ENDING),
        [FUEL_CLOSING] = BIT(FUEL_RUNNING) | BIT(FUEL_UNWIND_CLOSING),
        [FUEL_UNWINDING] = BIT(FUEL_UNWIND_ENDING) | BIT(FUEL_UNWIND_CLOSING) | BIT(FUEL_RUNNING),
        [FUEL_UNWIND_ENDING] = BIT(FUEL_UNWIND_CLOSING) | BIT(FUEL_ENDING),
        [FUEL_UNWIND_CLOSING] = BIT(FUEL_CLOSING) | BIT(FUEL_RUNNING),
    };
    if (!(allowed[f->state] & BIT(to)))
        TEE_Panic(TEE_ERROR_BAD_STATE);
    f->state = to;
}

/* Lets a call continue after its end was decided. */
static void revive(struct fuel *f)
{
    change(f, FUEL_RUNNING);
    f->end = FUEL_GOES_ON;
    f->has_message = false;
}

/* --- the budget --------------------------------------------------------------------------------------------------- */

void fuel_begin(struct fuel *f, uint64_t budget)
{
    int64_t units = budget < LUATEE_FUEL_CONSUME_MAX ? (int64_t)budget : LUATEE_FUEL_CONSUME_MAX;
    *f = (struct fuel){ .budget = units, .reserve = units };
}

/* Adds a part of a slice to the counter, as far as the budget allows. Pays first what the counter owes. */
static void grant(struct fuel *f)
{
    int64_t units = LUATEE_LOOK;
    if (luatee_fuel < 0)
        units -= luatee_fuel;
    if (units > f->reserve)
        units = f->reserve;
    f->reserve -= units;
    f->slice -= units;
    luatee_fuel += units;
}

void fuel_go(struct fuel *f)
{
    luatee_fuel = 0;
    f->slice = LUATEE_SLICE;
    if (f->end == FUEL_GOES_ON || is_closing(f))
        grant(f);
    else
        luatee_fuel = -1; /* cancelled: the first instruction raises */
}

void fuel_stop(struct fuel *f)
{
    f->reserve += luatee_fuel;
    luatee_fuel = UNMETERED;
}

void fuel_cancel(struct fuel *f, enum fuel_end why)
{
    if (f->end != FUEL_GOES_ON || why == FUEL_GOES_ON)
        return;
    change(f, is_limited(f) ? FUEL_UNWIND_ENDING : FUEL_ENDING);
    f->end = why;
}

void fuel_inner_over(struct fuel *f)
{
    if (f->end != FUEL_LATE)
        return;
    if (is_closing(f))
        f->reserve += f->kept - LUATEE_FUEL_CLOSE; /* the outer call pays for <close> variables */
    revive(f);
}

int64_t fuel_limit(struct fuel *f)
{
    static const enum fuel_state limited[] = { [FUEL_RUNNING] = FUEL_UNWINDING,
                                               [FUEL_ENDING] = FUEL_UNWIND_ENDING,
                                               [FUEL_CLOSING] = FUEL_UNWIND_CLOSING };
    if (f->reserve <= LUATEE_FUEL_UNWIND)
        return 0;
    int64_t rest = f->reserve - LUATEE_FUEL_UNWIND;
    change(f, is_limited(f) ? f->state : limited[f->state]); /* no limit inside a limit: panics */
    f->reserve -= rest;
    return rest;
}

void fuel_return(struct fuel *f, int64_t units)
{
    static const enum fuel_state unlimited[] = { [FUEL_UNWINDING] = FUEL_RUNNING,
                                                 [FUEL_UNWIND_ENDING] = FUEL_ENDING,
                                                 [FUEL_UNWIND_CLOSING] = FUEL_CLOSING };
    if (!is_limited(f)) /* fuel_limit took nothing */
        return;
    if (fuel_unwind_is_empty(f)) {
        /* The limit is over, not the budget: a call around this one goes on. It pays for the unwinding. */
        revive(f);
        f->reserve = units > LUATEE_FUEL_CLOSE ? units - LUATEE_FUEL_CLOSE : 0;
        return;
    }
    change(f, unlimited[f->state]);
    if (is_closing(f))
        f->kept += units;
    else
        f->reserve += units;
}

bool fuel_unwind_is_empty(const struct fuel *f)
{
    return is_limited(f) && f->end == FUEL_EMPTY;
}

bool fuel_ended(const struct fuel *f)
{
    return f->end != FUEL_GOES_ON;
}

void fuel_text(const struct fuel *f, char *text, size_t size)
{
    char units[TEXT_GROUPED_SIZE];
    if (f->end == FUEL_CANCELLED || f->end == FUEL_LATE)
        (void)snprintf(text, size, "cancelled%s", f->end == FUEL_LATE ? ": the deadline is over" : "");
    else if (is_limited(f))
        (void)snprintf(text, size, "out of fuel: the <close> variables took more than %s units",
                       text_grouped(units, LUATEE_FUEL_UNWIND));
    else
        (void)snprintf(text, size,
                       "out of fuel: the call has used its budget of %s units; raise `fuel` in manifest.lua",
                       text_grouped(units, (uint64_t)f->budget));
}

/* Pushes a message with the position of the running function, or of its caller when it is a C function. */
static void push_empty(lua_State *L, const struct fuel *f)
{
    luaL_where(L, 0);
    if (*lua_tostring(L, -1) == '\0') {
        lua_pop(L, 1);
        luaL_where(L, 1);
    }
    char text[FUEL_TEXT_SIZE];
    fuel_text(f, text, sizeof(text));
    lua_pushstring(L, text);
    lua_concat(L, 2);
}

static void make_error(lua_State *L, struct fuel *f)
{
    char text[FUEL_TEXT_SIZE];
    if (f->end == FUEL_EMPTY) {
        push_empty(L, f);
    } else {
        fuel_text(f, text, sizeof(text));
        lua_pushstring(L, text);
    }
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_error);
    f->has_message = true;
}

void fuel_push_error(lua_State *L)
{
    struct fuel *f = &calls_of(L)->fuel;
    if (f->has_message)
        lua_rawgetp(L, LUA_REGISTRYINDEX, &key_error);
    else
        make_error(L, f);
}

/* Raises the error that ends the call. The first call makes the error, and sets a small budget for unwinding. When that
 * budget is empty, too, each instruction raises the error again. */
static int raise_end(lua_State *L, struct fuel *f)
{
    (void)lua_checkstack(L, LUA_MINSTACK); /* a Lua function's frame has no room but its own */
    if (!is_closing(f)) {
        change(f, is_limited(f) ? FUEL_UNWIND_CLOSING : FUEL_CLOSING);
        if (f->end == FUEL_GOES_ON)
            f->end = FUEL_EMPTY;
        f->kept = f->reserve + luatee_fuel;
        f->reserve = 0;
        luatee_fuel = LUATEE_FUEL_CLOSE;
        make_error(L, f);
    } else {
        fuel_push_error(L);
    }
    return lua_error(L);
}

static bool is_over(const struct fuel *f)
{
    return fuel_ended(f) || f->reserve + luatee_fuel <= 0;
}

/* Checks, at the end of a part of a slice, whether the host still wants the call. */
static void check_cancel(struct calls *calls)
{
    if (calls->fuel.end == FUEL_GOES_ON)
        fuel_cancel(&calls->fuel, cancel_check(&calls->cancel));
}

bool fuel_wanted(lua_State *L)
{
    struct calls *calls = calls_of(L);
    check_cancel(calls);
    return !fuel_ended(&calls->fuel);
}

void fuel_extend(lua_State *L)
{
    struct calls *calls = calls_of(L);
    calls->pending.kind = PENDING_NOTHING;
    check_cancel(calls);
    if (!fuel_ended(&calls->fuel))
        grant(&calls->fuel); /* otherwise the counter stays below zero, and the next instruction raises */
}

void luatee_fuel_low(lua_State *L)
{
    struct calls *calls = calls_of(L);
    check_cancel(calls);
    if (is_over(&calls->fuel))
        raise_end(L, &calls->fuel);
    grant(&calls->fuel);
}

int luatee_fuel_continue(lua_State *L)
{
    struct calls *calls = calls_of(L);
    if (fuel_ended(&calls->fuel))
        return 1; /* unwinding may need this step; the next instruction raises */
    check_cancel(calls);
    if (is_over(&calls->fuel))
        return 0;
    grant(&calls->fuel);
    return 1;
}

int luatee_fuel_trap(lua_State *L)
{
    struct calls *calls = calls_of(L);
    struct fuel *f = &calls->fuel;
    bool stops = lua_isyieldable(L) && f->slice + luatee_fuel <= 0;
    if (!stops)
        check_cancel(calls);
    if (is_over(f))
        return raise_end(L, f);
    if (stops)
        calls->pending.kind = PENDING_SLICE;
    else
        grant(f);
    return stops;
}

int64_t fuel_left(const struct fuel *f)
{
    int64_t left = f->reserve + luatee_fuel;
    return left < 0 || fuel_ended(f) ? 0 : left;
}

int fuel_query(lua_State *L)
{
    const struct fuel *f = &calls_of(L)->fuel;
    int64_t left = fuel_left(f);
    lua_pushinteger(L, f->budget - left);
    lua_pushinteger(L, left);
    return 2;
}
