/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call waits for, at each of its stops, and that an ended call waits for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/vm/host_call.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

static struct call_result result;

static int setup(void **state)
{
    if (trusted_vm_setup(state) != 0)
        return -1;
    trusted_sandbox.manifest.permissions |= MANIFEST_HOST_ANY;
    return 0;
}

static enum call_outcome prepare(const struct call_target *target, const char *arguments, size_t size, uint64_t count)
{
    struct cursor in;
    cursor_begin(&in, (const uint8_t *)arguments, size);
    return call_prepare(trusted_vm, target, &in, count, &result);
}

static void assert_waits(enum call_outcome outcome, enum pending_kind kind, const char *name, uint64_t number)
{
    const struct pending *pending = &trusted_vm->calls->pending;
    assert_int_equal(outcome, CALL_WAITS);
    assert_int_equal(pending->kind, kind);
    assert_string_equal(pending->name, name);
    assert_int_equal(pending->number, number);
    assert_true((pending->thread != NULL) == (kind == PENDING_HOST_CALL));
}

/* Starts a script, which is supplied. Returns how it stopped. */
static enum call_outcome start(const char *name, const char *source)
{
    struct call_target target = { .kind = CALL_SCRIPT };
    (void)snprintf(target.name, sizeof(target.name), "%s", name);
    assert_int_equal(prepare(&target, "", 0, 0), CALL_READY);
    assert_waits(call_run(trusted_vm, &result), PENDING_SCRIPT, name, 0);
    call_supply(trusted_vm, source, strlen(source));
    return call_run(trusted_vm, &result);
}

static void return_nothing(void)
{
    struct cursor in;
    cursor_begin(&in, NULL, 0);
    assert_true(host_call_return(trusted_vm, &in, 0, false));
}

static void assert_over(void)
{
    call_finish(trusted_vm);
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_NOTHING);
    assert_null(trusted_vm->calls->refused);
}

static void a_call_waits_for_its_script(void **state)
{
    (void)state;
    assert_int_equal(start("s", "return 1"), CALL_DONE);
    assert_over();
}

static void a_declined_script_ends_the_wait(void **state)
{
    (void)state;
    struct call_target target = { .kind = CALL_SCRIPT, .name = "s" };
    assert_int_equal(prepare(&target, "", 0, 0), CALL_READY);
    assert_waits(call_run(trusted_vm, &result), PENDING_SCRIPT, "s", 0);
    call_decline(trusted_vm, "no", 2);
    assert_int_equal(call_run(trusted_vm, &result), CALL_RAISED);
    assert_over();
}

static void a_call_waits_for_an_export_and_for_a_function(void **state)
{
    (void)state;
    struct call_target target = { .kind = CALL_SCRIPT, .name = "s" };
    static const char source[] = "local f = ... tee.host.ask(1) f(2) return 3";
    assert_int_equal(prepare(&target, "\xd9\xca\x11\x05", 4, 1), CALL_READY);
    assert_waits(call_run(trusted_vm, &result), PENDING_SCRIPT, "s", 0);
    call_supply(trusted_vm, source, sizeof(source) - 1);
    assert_waits(call_run(trusted_vm, &result), PENDING_HOST_CALL, "ask", 0);
    return_nothing();
    assert_waits(call_run(trusted_vm, &result), PENDING_HOST_CALL, "", 5);
    return_nothing();
    assert_int_equal(call_run(trusted_vm, &result), CALL_DONE);
    assert_over();
}

static void a_call_waits_for_its_next_slice(void **state)
{
    (void)state;
    assert_int_equal(start("s", "while true do end"), CALL_WAITS);
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_SLICE);
    assert_int_equal(call_run(trusted_vm, &result), CALL_WAITS);
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_SLICE);
    fuel_cancel(&trusted_vm->calls->fuel, FUEL_CANCELLED);
    assert_int_equal(call_run(trusted_vm, &result), CALL_RAISED);
    assert_over();
}

static void an_abandoned_host_call_waits_for_a_slice(void **state)
{
    (void)state;
    assert_waits(start("s", "return select('#', pcall(tee.host.ask))"), PENDING_HOST_CALL, "ask", 0);
    host_call_abandon(trusted_vm, "it cannot cross");
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_SLICE);
    assert_int_equal(call_run(trusted_vm, &result), CALL_DONE);
    assert_over();
}

static void a_call_inside_a_call_gives_back_what_the_outer_one_waits_for(void **state)
{
    (void)state;
    assert_waits(start("outer", "tee.host.ask()"), PENDING_HOST_CALL, "ask", 0);
    lua_State *thread = trusted_vm->calls->pending.thread;
    assert_int_equal(start("inner", "error('x')"), CALL_RAISED);
    call_finish(trusted_vm);
    assert_waits(CALL_WAITS, PENDING_HOST_CALL, "ask", 0);
    assert_ptr_equal(trusted_vm->calls->pending.thread, thread);
    return_nothing();
    assert_int_equal(call_run(trusted_vm, &result), CALL_DONE);
    assert_over();
}

static void bad_arguments_inside_a_call_leave_the_outer_one_waiting(void **state)
{
    (void)state;
    struct call_target target = { .kind = CALL_SCRIPT, .name = "inner" };
    assert_waits(start("outer", "tee.host.ask()"), PENDING_HOST_CALL, "ask", 0);
    assert_int_equal(prepare(&target, "\xff", 1, 1), CALL_BAD_ARGUMENTS);
    call_finish(trusted_vm);
    assert_waits(CALL_WAITS, PENDING_HOST_CALL, "ask", 0);
    return_nothing();
    assert_int_equal(call_run(trusted_vm, &result), CALL_DONE);
    assert_over();
}

static void a_call_waits_for_the_manifest(void **state)
{
    (void)state;
    struct call_target target = { .kind = CALL_SCRIPT, .name = "s" };
    assert_int_equal(prepare(&target, "", 0, 0), CALL_READY);
    assert_waits(call_await_manifest(trusted_vm, "manifest"), PENDING_MANIFEST, "manifest", 0);
    call_refuse_prepared(trusted_vm, "manifest", "it is old");
    assert_int_equal(call_run(trusted_vm, &result), CALL_REFUSED);
    assert_string_equal(trusted_vm->calls->refused, "it is old");
    assert_string_equal(trusted_vm->calls->refused_name, "manifest");
    assert_over();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, trusted_vm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_waits_for_its_script),
        TEST(a_declined_script_ends_the_wait),
        TEST(a_call_waits_for_an_export_and_for_a_function),
        TEST(a_call_waits_for_its_next_slice),
        TEST(an_abandoned_host_call_waits_for_a_slice),
        TEST(a_call_inside_a_call_gives_back_what_the_outer_one_waits_for),
        TEST(bad_arguments_inside_a_call_leave_the_outer_one_waiting),
        TEST(a_call_waits_for_the_manifest),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
