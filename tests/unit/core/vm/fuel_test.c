/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The budget ends anywhere: calls of one session with one budget after another, each of which runs out of it in another
 * place. The call after it is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define LEAST 3000u
#define MOST 200000u /* within a slice */
#define STEP 367u    /* FUEL_STEP in the environment takes another */

static int setup(void **state)
{
    if (trusted_vm_setup(state) != 0)
        return -1;
    trusted_sandbox.manifest.permissions |= MANIFEST_LOAD;
    return 0;
}

static void run_out_of_every_budget(const char *source)
{
    const char *asked = getenv("FUEL_STEP");
    unsigned step = asked && atoi(asked) > 0 ? (unsigned)atoi(asked) : STEP;
    for (unsigned budget = LEAST; budget < MOST; budget += step) {
        char name[LUATEE_NAME_MAX];
        trusted_vm->fuel_max = budget;
        (void)snprintf(name, sizeof(name), "loop%u", budget);
        trusted_vm_raises(name, source, "out of fuel: the call has used its budget of");
        (void)snprintf(name, sizeof(name), "one%u", budget);
        trusted_vm_works(name, "assert(1 + 1 == 2)");
    }
}

static void in_load(void **state)
{
    (void)state;
    run_out_of_every_budget("while true do load('return 1') end");
}

static void in_load_with_a_reader(void **state)
{
    (void)state;
    run_out_of_every_budget("while true do pcall(load, function() return 'x ' end) end");
}

static void in_close(void **state)
{
    (void)state;
    run_out_of_every_budget(
        "local function f() local x <close> = setmetatable({}, {__close = function() load('return 1') end})"
        " error('x') end while true do pcall(f) end");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_load),
        TEST(in_load_with_a_reader),
        TEST(in_close),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
