/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an app may do with keys that was not granted them: the TA's own code in this process, on the simulator's
 * Internal Core API, with a manifest of the test's. (Plaintext sessions, which the Lua tests have, are granted keys.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/vm/vm.h"
#include "sim/ta/memory.h"

#define NOT_GRANTED "permission `keys` is not granted in manifest.lua"

static struct alloc *alloc;
static struct accept accept;
static struct vm *vm;

static int setup(void **state)
{
    (void)state;
    alloc = alloc_new();
    accept = (struct accept){ .alloc = alloc, .app = "app", .plaintext = true, .ready = true };
    vm = alloc ? vm_new(alloc, "app", false, &accept) : NULL;
    return vm ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    vm_close(vm);
    alloc_delete(alloc);
    return 0;
}

/* Runs source as a script of this name; what it returns, or the error, is left to be looked at until vm_finish. */
static enum vm_outcome run(const char *name, const char *source, struct vm_result *result)
{
    struct cursor arguments;
    struct vm_target target = { .kind = VM_SCRIPT };
    snprintf(target.name, sizeof(target.name), "%s", name);
    cursor_begin(&arguments, NULL, 0);
    assert_int_equal(vm_prepare(vm, &target, &arguments, 0, result), VM_READY);
    enum vm_outcome outcome = vm_run(vm, result);
    assert_int_equal(outcome, VM_ASKS);
    vm_supply(vm, source, strlen(source));
    return vm_run(vm, result);
}

static void assert_refused(const char *name, const char *source)
{
    struct vm_result result;
    assert_int_equal(run(name, source, &result), VM_RAISED);
    const char *message = lua_tostring(result.at, result.first);
    if (message == NULL || strstr(message, NOT_GRANTED) == NULL)
        fail_msg("%s: %s", source, message ? message : "not a string");
    vm_finish(vm);
}

static void assert_works(const char *name, const char *source)
{
    struct vm_result result;
    if (run(name, source, &result) != VM_DONE)
        fail_msg("%s: %s", source, lua_tostring(result.at, result.first));
    vm_finish(vm);
}

static void stored_keys_need_the_permission(void **state)
{
    (void)state;
    assert_int_equal(vm->manifest->permissions & MANIFEST_KEYS, 0);
    assert_refused("a", "tee.key.generate {type = 'aes', name = 'one'}");
    assert_refused("b", "tee.key.import {type = 'aes', raw = ('k'):rep(16), name = 'one'}");
    assert_refused("c", "tee.key.open('one')");
    assert_refused("d", "tee.key.delete('one')");
    assert_refused("e", "tee.key.list()");
    assert_refused("f", "local k = tee.key.generate {type = 'x25519'}"
                        "k:derive {type = 'aes', peer = k:public(), name = 'one'}");
}

static void keys_of_the_session_do_not(void **state)
{
    (void)state;
    assert_works("a", "local k = tee.key.generate {type = 'aes'} assert(k:decrypt(k:encrypt('x')) == 'x')");
    assert_works("b", "assert(tee.key.import {type = 'aes', raw = ('k'):rep(16)})");
}

static void the_permission_is_enough(void **state)
{
    (void)state;
    vm->manifest->permissions = MANIFEST_STORAGE | MANIFEST_LOAD | MANIFEST_HOST_ANY;
    assert_refused("a", "tee.key.generate {type = 'aes', name = 'one'}");
    vm->manifest->permissions = MANIFEST_KEYS;
    assert_works("b", "tee.key.generate {type = 'aes', name = 'one'} assert(tee.key.list()[1] == 'one')");
    vm->manifest->permissions = 0;
    assert_refused("c", "tee.key.open('one')");
    vm->manifest->permissions = MANIFEST_KEYS;
    assert_works("d", "assert(tee.key.open('one') and tee.key.delete('one'))");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stored_keys_need_the_permission, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_of_the_session_do_not, setup, teardown),
        cmocka_unit_test_setup_teardown(the_permission_is_enough, setup, teardown),
    };
    return sim_memory_start() ? cmocka_run_group_tests_name("permission to store keys", tests, NULL, NULL) : 1;
}
