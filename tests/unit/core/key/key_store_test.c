/* SPDX-License-Identifier: BSD-2-Clause */
/* Stored keys whose objects are damaged, or whose storage fails: told each time, and never made anew by accident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/package/manifest.h"
#include "tests/unit/support/store_support.h"

#define STEPS_MAX 40
#define DAMAGED "the stored key 'one' is damaged: delete it and create it again"

static void damage_file(const char *path)
{
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, -1, SEEK_END), 0);
    int last = fgetc(f);
    assert_int_equal(fseek(f, -1, SEEK_END), 0);
    assert_true(fputc(last ^ 1, f) != EOF);
    assert_int_equal(fclose(f), 0);
}

/* A bit of each object of the simulator's storage. */
static void damage_all(void)
{
    char folder[2048], path[4096];
    DIR *state = opendir(getenv("LUATEE_SIM_STATE"));
    assert_non_null(state);
    for (struct dirent *ta; (ta = readdir(state));) {
        if (strlen(ta->d_name) != 36)
            continue;
        snprintf(folder, sizeof(folder), "%s/%s", getenv("LUATEE_SIM_STATE"), ta->d_name);
        DIR *objects = opendir(folder);
        assert_non_null(objects);
        for (struct dirent *object; (object = readdir(objects));) {
            snprintf(path, sizeof(path), "%s/%s", folder, object->d_name);
            if (strncmp(object->d_name, "o.", 2) == 0)
                damage_file(path);
        }
        closedir(objects);
    }
    closedir(state);
}

static int setup(void **state)
{
    (void)state;
    (void)store_must("tee.key.delete('one') tee.key.delete('two')");
    (void)store_must("tee.key.generate {type = 'aes', name = 'one'}");
    return 0;
}

static void a_damaged_key_is_reported_until_it_is_deleted(void **state)
{
    (void)state;
    damage_all();
    for (int i = 0; i < 3; i++)
        store_must_raise("tee.key.open('one')", DAMAGED);
    (void)store_must("local names = tee.key.list() assert(#names == 1 and names[1] == 'one')");
    (void)store_must("assert(tee.key.delete('one')) assert(not tee.key.delete('one'))");
    (void)store_must("assert(not tee.key.open('one') and #tee.key.list() == 0)");
    (void)store_must("tee.key.generate {type = 'aes', name = 'one'} assert(tee.key.open('one'))");
}

static void no_other_key_replaces_it(void **state)
{
    (void)state;
    damage_all();
    for (int i = 0; i < 2; i++) {
        store_must_raise("tee.key.generate {type = 'aes', name = 'one'}", "a stored key 'one' exists already");
        store_must_raise("tee.key.import {type = 'aes', raw = ('k'):rep(16), name = 'one'}",
                         "a stored key 'one' exists already");
        store_must_raise("return tee.key.open('one') or tee.key.generate {type = 'aes', name = 'one'}", DAMAGED);
    }
    (void)store_must("tee.key.generate {type = 'aes', name = 'two'} assert(tee.key.open('two'))");
}

static void nor_when_it_is_only_listed(void **state)
{
    (void)state;
    damage_all();
    (void)store_must("tee.key.list() tee.key.list()");
    store_must_raise("tee.key.open('one')", DAMAGED);
    store_must_raise("tee.key.open('one')", DAMAGED);
}

static void a_mark_that_is_damaged_is_made_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        damage_all();
        store_must_raise("tee.key.open('one')", DAMAGED);
    }
    damage_all();
    (void)store_must("assert(tee.key.delete('one')) assert(not tee.key.open('one'))");
}

/* What is not there at all was never made, or deleted. */
static void one_that_was_deleted_is_not_lost(void **state)
{
    (void)state;
    damage_all();
    (void)store_must("assert(tee.key.delete('one')) assert(not tee.key.delete('one'))");
    (void)store_must("local key, why = tee.key.open('one') assert(not key and why == \"no stored key 'one'\")");
}

static void full_storage_has_a_message(void **state)
{
    (void)state;
    const char *text;
    assert_int_equal(store_run("tee.key.delete('one')", "full 1", MANIFEST_KEYS, &text), STORE_RAISED);
    assert_non_null(strstr(text, "the stored key 'one': the TEE cannot use its storage"));
    assert_null(strstr(text, "0x"));
    assert_int_equal(store_run("tee.key.generate {type = 'aes', name = 'two'}", "full 1", MANIFEST_KEYS, &text),
                     STORE_RAISED);
    assert_non_null(strstr(text, "the TEE's secure storage has no space for the key 'two'"));
    (void)store_must("assert(tee.key.open('one') and not tee.key.open('two'))");
}

/* Whatever step the power is cut in: the key is there, whole, or is not. */
static void the_power_is_cut(void **state)
{
    (void)state;
    const char *text;
    char fault[16];
    enum store_outcome outcome = STORE_CUT;
    for (int step = 1; outcome == STORE_CUT; step++) {
        assert_true(step < STEPS_MAX);
        snprintf(fault, sizeof(fault), "cut %d", step);
        outcome = store_run("tee.key.generate {type = 'aes', name = 'two'}", fault, MANIFEST_KEYS, &text);
        (void)store_must("local two = tee.key.open('two') or tee.key.generate {type = 'aes', name = 'two'}"
                         "assert(two:decrypt(two:encrypt('x')) == 'x' and tee.key.open('one'))");
        (void)store_must("assert(tee.key.delete('two'))");
    }
    assert_int_equal(outcome, STORE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_damaged_key_is_reported_until_it_is_deleted, setup),
        cmocka_unit_test_setup(no_other_key_replaces_it, setup),
        cmocka_unit_test_setup(nor_when_it_is_only_listed, setup),
        cmocka_unit_test_setup(a_mark_that_is_damaged_is_made_anew, setup),
        cmocka_unit_test_setup(one_that_was_deleted_is_not_lost, setup),
        cmocka_unit_test_setup(full_storage_has_a_message, setup),
        cmocka_unit_test_setup(the_power_is_cut, setup),
    };
    return store_support_start() ? cmocka_run_group_tests_name("stored keys: damage and faults", tests, NULL, NULL) : 1;
}
