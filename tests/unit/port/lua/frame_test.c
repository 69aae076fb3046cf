/* SPDX-License-Identifier: BSD-2-Clause */
/* Lua's call frames, counted: a stack of LUAI_MAXSTACK slots has room for more of them than 16 bits count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lauxlib.h"
#include "lgc.h"
#include "lstate.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define DEEP 70000

/* A frame takes one slot: what is called lies in the only register of its caller. */
static const char recursion[] = "local n, depth = 0, ...\n"
                                "local function f() n = n + 1 if n < depth then f() end end\n"
                                "f() return n";

static unsigned frames(lua_State *L)
{
    unsigned count = 0;
    for (const CallInfo *ci = L->base_ci.next; ci; ci = ci->next)
        count++;
    return count;
}

static void each_frame_is_counted_and_memory_running_out_frees_them(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    alloc_limit(trusted_vm->alloc, LUATEE_TA_MEMORY_MAX);
    assert_int_equal(luaL_loadstring(L, recursion), LUA_OK);
    lua_pushinteger(L, DEEP);
    lua_gc(L, LUA_GCSTOP);
    assert_int_equal(lua_pcall(L, 1, 1, 0), LUA_OK);
    assert_int_equal(lua_tointeger(L, -1), DEEP);
    assert_true(frames(L) > UINT16_MAX);
    assert_int_equal(L->nci, frames(L));
    luaC_fullgc(L, 1); /* as an allocation that failed does */
    assert_int_equal(L->nci, frames(L));
    assert_in_range(frames(L), 0, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_frame_is_counted_and_memory_running_out_frees_them, trusted_vm_setup,
                                        trusted_vm_teardown),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
