/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/support/trusted_vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct vm *trusted_vm;
static struct alloc *alloc;
static struct package_policy policy;

int trusted_vm_setup(void **state)
{
    (void)state;
    alloc = alloc_new();
    policy = (struct package_policy){ .alloc = alloc, .app = "app", .plaintext = true, .ready = true };
    trusted_vm = alloc ? vm_new(alloc, "app", false, &policy) : NULL;
    return trusted_vm ? 0 : -1;
}

int trusted_vm_teardown(void **state)
{
    (void)state;
    vm_close(trusted_vm);
    alloc_delete(alloc);
    return 0;
}

/* The result can be looked at until vm_finish. */
static enum vm_outcome run(const char *name, const char *source, struct vm_result *result)
{
    struct vm_target target = { .kind = VM_SCRIPT };
    struct cursor arguments;
    (void)snprintf(target.name, sizeof(target.name), "%s", name);
    cursor_begin(&arguments, NULL, 0);
    assert_int_equal(vm_prepare(trusted_vm, &target, &arguments, 0, result), VM_READY);
    assert_int_equal(vm_run(trusted_vm, result), VM_ASKS);
    vm_supply(trusted_vm, source, strlen(source));
    return vm_run(trusted_vm, result);
}

void trusted_vm_works(const char *name, const char *source)
{
    struct vm_result result;
    if (run(name, source, &result) != VM_DONE)
        fail_msg("%s: %s", source, lua_tostring(result.at, result.first));
    vm_finish(trusted_vm);
}

void trusted_vm_raises(const char *name, const char *source, const char *words)
{
    struct vm_result result;
    assert_int_equal(run(name, source, &result), VM_RAISED);
    const char *message = lua_tostring(result.at, result.first);
    if (message == NULL || strstr(message, words) == NULL)
        fail_msg("%s: %s", source, message ? message : "not a string");
    vm_finish(trusted_vm);
}
