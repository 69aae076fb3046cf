/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies of tables and of main chunks, at every point of a cycle of the collector, and of closures with other numbers
 * of upvalues than source has. Lua's own invariant is looked at: no black object refers to a white one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lauxlib.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "ltable.h"
#include "port/lua/clone.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define ROUNDS 4000
#define FIELDS 40
#define STEP_SIZE 6 /* of the collector, a power of two: a table or two at once */
#define OTHERS 20
#define SIZE 50

static Table *table_at(lua_State *L, int idx)
{
    return hvalue(s2v(L->ci->func.p + lua_absindex(L, idx)));
}

/* Whether the table is black and has something white in it, in a phase where that must not be. */
static bool is_broken(lua_State *L, const Table *t)
{
    if (!keepinvariant(G(L)) || !isblack(t))
        return false;
    if (t->metatable && iswhite(t->metatable))
        return true;
    for (int i = 0; i < sizenode(t); i++) {
        const Node *n = gnode(t, i);
        if (!isempty(gval(n)) && ((iscollectable(gval(n)) && iswhite(gcvalue(gval(n)))) ||
                                  (keyiscollectable(n) && iswhite(gcvalueraw(n->u.key_val)))))
            return true;
    }
    return false;
}

/* Pushes a table of tables, with a metatable. */
static void push_original(lua_State *L)
{
    lua_createtable(L, 0, FIELDS);
    for (int i = 0; i < FIELDS; i++) {
        lua_pushfstring(L, "table %d", i);
        lua_createtable(L, 0, 1);
        lua_pushfstring(L, "name %d", i);
        lua_pushfstring(L, "value %d", i);
        lua_rawset(L, -3);
        lua_rawset(L, -3);
    }
    lua_newtable(L);
    lua_setmetatable(L, -2);
}

/* The collector marks what is on the stack from the top down: these keep it busy between the copy and the original. */
static void push_others(lua_State *L)
{
    luaL_checkstack(L, OTHERS, NULL);
    for (int i = 0; i < OTHERS; i++)
        lua_createtable(L, SIZE, 0);
}

/* Each round makes one small step of the collector, inside the copy, and none elsewhere. */
static int copy_all_the_time(lua_State *L)
{
    lua_gc(L, LUA_GCINC, 100, 25, STEP_SIZE);
    push_original(L);
    int original = lua_gettop(L);
    push_others(L);
    unsigned broken = 0;
    for (int i = 0; i < ROUNDS; i++) {
        luaE_setdebt(G(L), 1);
        clone_table(L, original);
        broken += is_broken(L, table_at(L, -1));
        lua_pop(L, 1);
        luaE_setdebt(G(L), -(1 << 20));
    }
    lua_pushinteger(L, broken);
    return 1;
}

static void a_copy_keeps_the_collectors_invariant(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    lua_pushcfunction(L, copy_all_the_time);
    assert_int_equal(lua_pcall(L, 0, 1, 0), LUA_OK);
    assert_int_equal(lua_tointeger(L, -1), 0);
}

static int copy_closures(lua_State *L)
{
    /* Functions with no upvalue, with one, and with two, as chunks of bytecode may be. */
    assert_int_equal(luaL_loadstring(L, "local a = 1\n"
                                        "local function none() return 7 end\n"
                                        "local function one() return x end\n"
                                        "local function two() return x, a end\n"
                                        "return none, one, two"), LUA_OK);
    lua_call(L, 0, 3);
    for (int i = 1; i <= 3; i++) {
        int top = lua_gettop(L);
        lua_createtable(L, 0, 1);
        lua_pushinteger(L, 5);
        lua_setfield(L, -2, "x");
        clone_chunk(L, i);
        assert_int_equal(lua_gettop(L), top + 1);
        assert_true(lua_isfunction(L, -1) && !lua_rawequal(L, -1, i));
        lua_call(L, 0, 2);
        assert_int_equal(lua_tointeger(L, -2), i == 1 ? 7 : 5);
        assert_true(lua_isnil(L, -1));
        lua_settop(L, top);
    }
    return 0;
}

static void a_chunk_may_have_any_number_of_upvalues(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    lua_pushcfunction(L, copy_closures);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
}

static int find_method(lua_State *L)
{
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "found");
    lua_setfield(L, -2, "__name");
    lua_createtable(L, 0, 1);
    lua_getglobal(L, "nothing");
    lua_pop(L, 1);
    lua_pushliteral(L, "there");
    lua_setfield(L, -2, "field");
    lua_setfield(L, -2, "__index");
    clone_table(L, -1);
    lua_setmetatable(L, 1);
    lua_getfield(L, 1, "field");
    return 1;
}

static void a_copy_can_be_a_metatable(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    lua_pushcfunction(L, find_method);
    assert_int_equal(lua_pcall(L, 0, 1, 0), LUA_OK);
    assert_string_equal(lua_tostring(L, -1), "there");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, trusted_vm_setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_keeps_the_collectors_invariant),
        TEST(a_chunk_may_have_any_number_of_upvalues),
        TEST(a_copy_can_be_a_metatable),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
