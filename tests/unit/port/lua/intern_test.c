/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Short strings that all fall into one chain of Lua's string table. An attacker needs the seed for them, which the
 * TEE's generator chose; this test reads it. Walking along the chain must be paid for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lstate.h"
#include "lstring.h"
#include "port/lua/fuel.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define STRINGS 500
#define SIZE 9 /* of each */

/* Lua takes the place in its table from these bits of the hash, or from fewer: the table stays smaller than that. */
#define PLACES 4096u

#define FREE_STEPS 4 /* not charged: chains are that long without anybody's wish */

/* Enough for a script that makes STRINGS ordinary strings, and not for walks of STRINGS / 2 on the average. */
#define BUDGET 60000u

static char colliding[STRINGS][SIZE + 1], ordinary[STRINGS][SIZE + 1];

static int setup(void **state)
{
    if (trusted_vm_setup(state) != 0)
        return -1;
    unsigned seed = G(trusted_vm->L)->seed;
    size_t found = 0, others = 0;
    for (unsigned i = 0; found < STRINGS; i++) {
        char text[SIZE + 1];
        (void)snprintf(text, sizeof(text), "k%08x", i);
        if (luaS_hash(text, SIZE, seed) % PLACES == 0)
            memcpy(colliding[found++], text, sizeof(text));
        else if (others < STRINGS)
            memcpy(ordinary[others++], text, sizeof(text));
    }
    return 0;
}

/* Units for making one string. It stays on the stack, so that it is not collected. */
static long long price(const char *text)
{
    lua_State *L = trusted_vm->L;
    assert_true(lua_checkstack(L, 1));
    long long before = luatee_fuel;
    lua_pushlstring(L, text, SIZE);
    return before - luatee_fuel;
}

static void each_step_of_a_long_chain_is_paid_for(void **state)
{
    (void)state;
    lua_gc(trusted_vm->L, LUA_GCSTOP);
    for (int i = 0; i < STRINGS; i++) {
        long long units = price(colliding[i]);
        /* Those before it, and a few of others; now and then the table of strings grows, which is an allocation. */
        if (units < i - FREE_STEPS)
            fail_msg("string %d: %lld units", i, units);
    }
    assert_true(G(trusted_vm->L)->strt.size <= (int)PLACES);
    /* To find one again: the way to its place, which is another one for each. */
    long long sum = 0;
    for (int i = 0; i < STRINGS; i++)
        sum += price(colliding[i]);
    assert_in_range(sum, STRINGS * (STRINGS - 1) / 2 - FREE_STEPS * STRINGS,
                    STRINGS * (STRINGS - 1) / 2 + FREE_STEPS * STRINGS);
    lua_settop(trusted_vm->L, 0);
}

static void ordinary_strings_cost_next_to_nothing(void **state)
{
    (void)state;
    lua_gc(trusted_vm->L, LUA_GCSTOP);
    for (int i = 0; i < STRINGS; i++)
        (void)price(ordinary[i]);
    for (int i = 0; i < STRINGS; i++)
        assert_in_range(price(ordinary[i]), 0, FREE_STEPS);
    lua_settop(trusted_vm->L, 0);
}

/* A script that has the strings as constants, and makes each of them anew. Freed by the caller. */
static char *script_of(char strings[STRINGS][SIZE + 1])
{
    static const char rest[] = "}\nfor i = 1, #t do assert(t[i]:sub(1, 4) .. t[i]:sub(5) == t[i]) end\n";
    char *source = malloc(STRINGS * (SIZE + 4) + sizeof(rest) + 16);
    assert_non_null(source);
    int n = sprintf(source, "local t = {");
    for (int i = 0; i < STRINGS; i++)
        n += sprintf(source + n, "'%s',\n", strings[i]);
    memcpy(source + n, rest, sizeof(rest));
    return source;
}

static void a_script_that_makes_them_runs_out_of_fuel(void **state)
{
    (void)state;
    char *good = script_of(ordinary), *bad = script_of(colliding);
    trusted_vm->fuel_max = BUDGET;
    trusted_vm_works("good", good);
    trusted_vm_raises("bad", bad, "out of fuel: the call has used its budget of 60,000 units");
    trusted_vm_works("good_again", good);
    trusted_vm->fuel_max = 10 * BUDGET; /* what they are worth, and within a slice */
    trusted_vm_works("bad_again", bad);
    free(good);
    free(bad);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_step_of_a_long_chain_is_paid_for),
        TEST(ordinary_strings_cost_next_to_nothing),
        TEST(a_script_that_makes_them_runs_out_of_fuel),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
