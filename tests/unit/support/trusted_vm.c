/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/support/trusted_vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct vm *trusted_vm;
static struct alloc *alloc;
struct sandbox trusted_sandbox;

int trusted_vm_setup(void **state)
{
    (void)state;
    alloc = alloc_new();
    trusted_sandbox = (struct sandbox) {
        .policy = { .alloc = alloc, .app = "app", .plaintext = true, .ready = true },
    };
    manifest_default(&trusted_sandbox.manifest);
    trusted_vm = alloc ? vm_new(alloc, &sandbox_hooks, &trusted_sandbox, "app") : NULL;
    if (!trusted_vm || !calls_new(trusted_vm))
        return -1;
    trusted_vm->fuel_max = LUATEE_FUEL_DEFAULT;
    return 0;
}

int trusted_vm_teardown(void **state)
{
    (void)state;
    vm_close(trusted_vm);
    alloc_delete(alloc);
    return 0;
}

/* The result can be looked at until vm_finish. */
static enum call_outcome run(const char *name, const char *source, struct call_result *result)
{
    struct call_target target = { .kind = CALL_SCRIPT };
    struct cursor arguments;
    (void)snprintf(target.name, sizeof(target.name), "%s", name);
    cursor_begin(&arguments, NULL, 0);
    assert_int_equal(call_prepare(trusted_vm, &target, &arguments, 0, result), CALL_READY);
    assert_int_equal(call_run(trusted_vm, result), CALL_WAITS);
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_SCRIPT);
    assert_string_equal(trusted_vm->calls->pending.name, name);
    call_supply(trusted_vm, source, strlen(source));
    return call_run(trusted_vm, result);
}

static void finish(void)
{
    call_finish(trusted_vm);
    assert_int_equal(trusted_vm->calls->pending.kind, PENDING_NOTHING);
}

void trusted_vm_works(const char *name, const char *source)
{
    struct call_result result;
    if (run(name, source, &result) != CALL_DONE)
        fail_msg("%s: %s", source, lua_tostring(result.at, result.first));
    finish();
}

void trusted_vm_raises(const char *name, const char *source, const char *words)
{
    struct call_result result;
    assert_int_equal(run(name, source, &result), CALL_RAISED);
    const char *message = lua_tostring(result.at, result.first);
    if (message == NULL || strstr(message, words) == NULL)
        fail_msg("%s: %s", source, message ? message : "not a string");
    finish();
}
