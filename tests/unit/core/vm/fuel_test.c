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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/ta/memory.h"
#include "sim/ta/panic.h"
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

/* --- the states of fuel.h ----------------------------------------------------------------------------------------- */

#define LARGE (10 * (int64_t)LUATEE_FUEL_UNWIND)

static struct fuel begun(void)
{
    struct fuel f;
    fuel_begin(&f, (uint64_t)LARGE);
    return f;
}

static void a_cancelled_call_ends_and_its_outer_call_goes_on_if_it_was_late(void **state)
{
    (void)state;
    struct fuel f = begun();
    assert_int_equal(f.state, FUEL_RUNNING);
    fuel_cancel(&f, FUEL_LATE);
    assert_int_equal(f.state, FUEL_ENDING);
    assert_true(fuel_ended(&f));
    fuel_cancel(&f, FUEL_CANCELLED); /* the first reason counts */
    assert_int_equal(f.end, FUEL_LATE);
    fuel_inner_over(&f);
    assert_int_equal(f.state, FUEL_RUNNING);
    assert_false(fuel_ended(&f));
    fuel_cancel(&f, FUEL_CANCELLED);
    fuel_inner_over(&f); /* cancelled is for the outer call, too */
    assert_int_equal(f.state, FUEL_ENDING);
}

static void a_limit_is_returned(void **state)
{
    (void)state;
    struct fuel f = begun();
    int64_t rest = fuel_limit(&f);
    assert_int_equal(rest, LARGE - LUATEE_FUEL_UNWIND);
    assert_int_equal(f.reserve, LUATEE_FUEL_UNWIND);
    assert_int_equal(f.state, FUEL_UNWINDING);
    fuel_cancel(&f, FUEL_CANCELLED);
    assert_int_equal(f.state, FUEL_UNWIND_ENDING);
    assert_false(fuel_unwind_is_empty(&f));
    fuel_return(&f, rest);
    assert_int_equal(f.state, FUEL_ENDING);
    assert_int_equal(f.reserve, LARGE);
}

static void a_small_budget_has_no_limit(void **state)
{
    (void)state;
    struct fuel f;
    fuel_begin(&f, LUATEE_FUEL_UNWIND);
    int64_t rest = fuel_limit(&f);
    assert_int_equal(rest, 0);
    assert_int_equal(f.state, FUEL_RUNNING);
    fuel_return(&f, rest);
    assert_int_equal(f.state, FUEL_RUNNING);
    assert_int_equal(f.reserve, LUATEE_FUEL_UNWIND);
}

static void limit_inside_a_limit(struct fuel *f)
{
    (void)fuel_limit(f);
    f->reserve = LARGE;
    (void)fuel_limit(f);
}

static void cancel_while_closing(struct fuel *f)
{
    f->state = FUEL_CLOSING; /* without a reason: no call is in this state */
    fuel_cancel(f, FUEL_CANCELLED);
}

static void revive_while_unwinding(struct fuel *f)
{
    (void)fuel_limit(f);
    fuel_cancel(f, FUEL_LATE);
    fuel_inner_over(f);
}

static void other_transitions_panic(void **state)
{
    (void)state;
    static void (*const wrong[])(struct fuel *f) = { limit_inside_a_limit, cancel_while_closing,
                                                     revive_while_unwinding };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            struct fuel f = begun();
            wrong[i](&f);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), SIM_STATUS_PANIC);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_load),
        TEST(in_load_with_a_reader),
        TEST(in_close),
        cmocka_unit_test(a_cancelled_call_ends_and_its_outer_call_goes_on_if_it_was_late),
        cmocka_unit_test(a_limit_is_returned),
        cmocka_unit_test(a_small_budget_has_no_limit),
        cmocka_unit_test(other_transitions_panic),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
