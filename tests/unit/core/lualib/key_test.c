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

#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define NOT_GRANTED "permission `keys` is not granted in manifest.lua"

static void assert_refused(const char *name, const char *source)
{
    trusted_vm_raises(name, source, NOT_GRANTED);
}

static void stored_keys_need_the_permission(void **state)
{
    (void)state;
    assert_int_equal(trusted_sandbox.manifest.permissions & MANIFEST_KEYS, 0);
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
    trusted_vm_works("a", "local k = tee.key.generate {type = 'aes'} assert(k:decrypt(k:encrypt('x')) == 'x')");
    trusted_vm_works("b", "assert(tee.key.import {type = 'aes', raw = ('k'):rep(16)})");
}

static void the_permission_is_enough(void **state)
{
    (void)state;
    trusted_sandbox.manifest.permissions = MANIFEST_STORAGE | MANIFEST_LOAD | MANIFEST_HOST_ANY;
    assert_refused("a", "tee.key.generate {type = 'aes', name = 'one'}");
    trusted_sandbox.manifest.permissions = MANIFEST_KEYS;
    trusted_vm_works("b", "tee.key.generate {type = 'aes', name = 'one'} assert(tee.key.list()[1] == 'one')");
    trusted_sandbox.manifest.permissions = 0;
    assert_refused("c", "tee.key.open('one')");
    trusted_sandbox.manifest.permissions = MANIFEST_KEYS;
    trusted_vm_works("d", "assert(tee.key.open('one') and tee.key.delete('one'))");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stored_keys_need_the_permission, trusted_vm_setup, trusted_vm_teardown),
        cmocka_unit_test_setup_teardown(keys_of_the_session_do_not, trusted_vm_setup, trusted_vm_teardown),
        cmocka_unit_test_setup_teardown(the_permission_is_enough, trusted_vm_setup, trusted_vm_teardown),
    };
    return sim_memory_start() ? cmocka_run_group_tests_name("permission to store keys", tests, NULL, NULL) : 1;
}
