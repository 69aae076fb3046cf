/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures how long a call runs between two looks at its deadline. The measuring build of the TA (mk/stretch.mk) links
 * this in with --wrap for the four functions below. A look is the moment when a command enters the TA, when it leaves
 * the TA (with an answer, or because its slice is over), and each call of cancel_check().
 *
 * In this build tee.fuel() returns three more values, in milliseconds of the TEE's system time: the longest stretch since
 * the last tee.fuel("read"), the longest stretch since tee.fuel("begin"), which counts as a look for that value only, and
 * the time. "read" clears both values. In QEMU with -icount shift=0 a millisecond is a million instructions. There is no
 * finer counter: OP-TEE gives TAs none of the CPU's.
 */
#include <string.h>

#include "core/vm/cancel.h"
#include "core/vm/fuel.h"
#include "lauxlib.h"
#include "tee_internal_api.h"

struct stretch {
    uint64_t began;   /* milliseconds of the TEE's system time */
    uint64_t longest; /* milliseconds */
};

static struct stretch whole, phase;

enum fuel_end __real_cancel_check(const struct cancel *c);
enum fuel_end __wrap_cancel_check(const struct cancel *c);
int __real_fuel_query(lua_State *L);
int __wrap_fuel_query(lua_State *L);
TEE_Result __real_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4]);
TEE_Result __wrap_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4]);

static uint64_t now(void)
{
    TEE_Time time;
    TEE_GetSystemTime(&time);
    return (uint64_t)time.seconds * 1000 + time.millis;
}

static void stretch_ends(struct stretch *s, uint64_t at)
{
    if (at - s->began > s->longest)
        s->longest = at - s->began;
    s->began = at;
}

static void look(void)
{
    uint64_t at = now();
    stretch_ends(&whole, at);
    stretch_ends(&phase, at);
}

enum fuel_end __wrap_cancel_check(const struct cancel *c)
{
    look();
    return __real_cancel_check(c);
}

TEE_Result __wrap_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4])
{
    whole.began = phase.began = now();
    TEE_Result result = __real_TA_InvokeCommandEntryPoint(session, command, types, params);
    look();
    return result;
}

int __wrap_fuel_query(lua_State *L)
{
    const char *what = luaL_optstring(L, 1, "");
    lua_settop(L, 0);
    (void)__real_fuel_query(L);
    lua_pushinteger(L, (lua_Integer)whole.longest);
    lua_pushinteger(L, (lua_Integer)phase.longest);
    lua_pushinteger(L, (lua_Integer)now());
    if (strcmp(what, "begin") == 0)
        phase = (struct stretch){ .began = now() };
    else if (strcmp(what, "read") == 0)
        whole = phase = (struct stretch){ .began = now() };
    return lua_gettop(L);
}
