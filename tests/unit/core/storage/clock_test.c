/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Persistent time of apps when the TEE's clock is set, lost, turned back: the TA's own code, on the simulator's storage
 * and on a clock of the test's.
 */
/* link: --wrap=TEE_GetTAPersistentTime --wrap=TEE_SetTAPersistentTime */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/storage/clock.h"
#include "core/storage/object.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

/* The TA's clock. */
static struct {
    TEE_Result state;   /* what reading it returns */
    TEE_Result refuses; /* what setting it returns */
    TEE_Time time;
    unsigned set; /* how often */
} clock_ta;

TEE_Result __wrap_TEE_GetTAPersistentTime(TEE_Time *time);
TEE_Result __wrap_TEE_SetTAPersistentTime(const TEE_Time *time);

TEE_Result __wrap_TEE_GetTAPersistentTime(TEE_Time *time)
{
    *time = clock_ta.time;
    return clock_ta.state;
}

TEE_Result __wrap_TEE_SetTAPersistentTime(const TEE_Time *time)
{
    if (clock_ta.refuses != TEE_SUCCESS)
        return clock_ta.refuses;
    clock_ta.time = *time;
    clock_ta.state = TEE_SUCCESS;
    clock_ta.set++;
    return TEE_SUCCESS;
}

static void delete_object(const void *id, size_t size)
{
    TEE_ObjectHandle object;
    if (object_open(id, size, TEE_DATA_FLAG_ACCESS_WRITE_META, &object) == TEE_SUCCESS)
        assert_int_equal(TEE_CloseAndDeletePersistentObject1(object), TEE_SUCCESS);
}

static const uint8_t epoch_id[] = { OBJECT_TIME };

/* Nothing is stored, and the TEE never had a time. */
static int fresh(void **state)
{
    TEE_ObjectEnumHandle objects;
    (void)state;
    clock_ta.state = TEE_ERROR_TIME_NOT_SET;
    clock_ta.refuses = TEE_SUCCESS;
    clock_ta.set = 0;
    uint8_t id[TEE_OBJECT_ID_MAX_LEN];
    size_t size = sizeof(id);
    TEE_ObjectInfo info;
    assert_int_equal(TEE_AllocatePersistentObjectEnumerator(&objects), TEE_SUCCESS);
    while (TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE) == TEE_SUCCESS &&
           TEE_GetNextPersistentObject(objects, &info, id, &size) == TEE_SUCCESS) {
        delete_object(id, size);
        size = sizeof(id);
    }
    TEE_FreePersistentObjectEnumerator(objects);
    return 0;
}

static void assert_time(const char *app, uint64_t expected)
{
    uint64_t millis = 0;
    assert_int_equal(clock_get(app, &millis), TEE_SUCCESS);
    assert_int_equal(millis, expected);
}

static void assert_none(const char *app, TEE_Result why)
{
    uint64_t millis;
    assert_int_equal(clock_get(app, &millis), why);
}

static void never_set(void **state)
{
    (void)state;
    assert_none("a", TEE_ERROR_TIME_NOT_SET);
    assert_int_equal(clock_ta.set, 0);
    assert_true(clock_supported());
}

static void goes_on(void **state)
{
    (void)state;
    assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
    assert_time("a", 5000);
    clock_ta.time.seconds += 3;
    clock_ta.time.millis += 7;
    assert_time("a", 8007);
}

static void apps_do_not_touch_each_other(void **state)
{
    (void)state;
    assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
    assert_none("b", TEE_ERROR_TIME_NOT_SET);
    assert_int_equal(clock_set("b", 1000000), TEE_SUCCESS);
    assert_int_equal(clock_set("b", 2000000), TEE_SUCCESS);
    assert_time("a", 5000);
    assert_time("b", 2000000);
    assert_int_equal(clock_ta.set, 1);
}

static void far_apart(void **state)
{
    const uint64_t most = (1ull << 32) * 1000;
    (void)state;
    assert_int_equal(clock_set("a", 0), TEE_SUCCESS);
    assert_int_equal(clock_set("b", most), TEE_SUCCESS);
    assert_time("a", 0);
    assert_time("b", most);
    clock_ta.time.seconds += 10;
    assert_time("a", 10000);
    assert_time("b", most + 10000);
}

/* The rich OS turns its clock back, on which that of most TEEs rests. */
static void turned_back(void **state)
{
    (void)state;
    assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
    assert_int_equal(clock_set("b", 900000), TEE_SUCCESS);
    clock_ta.time.seconds -= 10;
    assert_time("b", 890000);
    assert_none("a", TEE_ERROR_TIME_NEEDS_RESET); /* before its beginning */
}

/* Whoever sets its time first starts the clock again, and what the others noted is not believed. */
static void lost(void **state)
{
    static const TEE_Result ways[] = { TEE_ERROR_TIME_NOT_SET, TEE_ERROR_TIME_NEEDS_RESET, TEE_ERROR_OVERFLOW };
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        fresh(state);
        assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
        assert_int_equal(clock_set("b", 6000), TEE_SUCCESS);
        clock_ta.state = ways[i];
        assert_none("a", TEE_ERROR_TIME_NEEDS_RESET);
        assert_none("c", TEE_ERROR_TIME_NOT_SET);
        assert_int_equal(clock_set("b", 7000), TEE_SUCCESS);
        assert_time("b", 7000);
        assert_none("a", TEE_ERROR_TIME_NEEDS_RESET);
        assert_int_equal(clock_set("a", 1), TEE_SUCCESS);
        assert_time("a", 1);
        assert_time("b", 7000);
        assert_int_equal(clock_ta.set, 2);
    }
}

static void clock_that_cannot_be_set(void **state)
{
    (void)state;
    clock_ta.refuses = TEE_ERROR_STORAGE_NO_SPACE;
    assert_int_equal(clock_set("a", 5000), TEE_ERROR_STORAGE_NO_SPACE);
    assert_none("a", TEE_ERROR_TIME_NOT_SET);
    clock_ta.refuses = TEE_SUCCESS;
    assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
    assert_time("a", 5000);
    /* Another epoch is written, then the clock is not set: what was noted stays unbelieved. */
    clock_ta.state = TEE_ERROR_TIME_NEEDS_RESET;
    clock_ta.refuses = TEE_ERROR_OUT_OF_MEMORY;
    assert_int_equal(clock_set("b", 5000), TEE_ERROR_OUT_OF_MEMORY);
    clock_ta.state = TEE_SUCCESS;
    assert_none("a", TEE_ERROR_TIME_NEEDS_RESET);
}

static void no_epoch(void **state)
{
    (void)state;
    assert_int_equal(clock_set("a", 5000), TEE_SUCCESS);
    delete_object(epoch_id, sizeof(epoch_id));
    assert_none("a", TEE_ERROR_TIME_NEEDS_RESET);
    assert_int_equal(clock_set("a", 6000), TEE_SUCCESS);
    assert_time("a", 6000);
}

static void no_clock_at_all(void **state)
{
    (void)state;
    clock_ta.state = TEE_ERROR_NOT_SUPPORTED;
    assert_false(clock_supported());
    assert_none("a", TEE_ERROR_TIME_NOT_SET);
    assert_int_equal(clock_set("a", 5000), TEE_ERROR_NOT_SUPPORTED);
    trusted_sandbox.manifest.permissions = MANIFEST_STORAGE;
    trusted_vm_raises("a", "tee.time.set_persistent(5)", "this TEE does not support it; check with tee.supports first");
    trusted_vm_works("b", "assert(not tee.supports('persistent-time'))");
}

static void scripts_receive_the_state_of_the_clock(void **state)
{
    (void)state;
    trusted_sandbox.manifest.permissions = MANIFEST_STORAGE;
    trusted_vm_works("a", "local t, why = tee.time.persistent() assert(t == nil and why:find('is not set'))");
    trusted_vm_works("b", "tee.time.set_persistent(12.5) assert(tee.time.persistent() == 12.5)");
    clock_ta.state = TEE_ERROR_TIME_NEEDS_RESET;
    trusted_vm_works("c", "local t, why = tee.time.persistent() assert(t == nil and why:find('needs a reset'))");
}

static void permission_is_needed(void **state)
{
    static const char words[] = "permission `storage` is not granted in manifest.lua";
    (void)state;
    trusted_sandbox.manifest.permissions = MANIFEST_KEYS | MANIFEST_LOAD | MANIFEST_HOST_ANY;
    trusted_vm_raises("a", "tee.time.set_persistent(5)", words);
    trusted_vm_raises("b", "tee.time.persistent()", words);
    assert_none("app", TEE_ERROR_TIME_NOT_SET);
    trusted_vm_works("c", "tee.time.system() tee.time.ree() tee.time.trust() tee.info() tee.caller()");
}

static int setup(void **state)
{
    fresh(state);
    return trusted_vm_setup(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(never_set, fresh),
        cmocka_unit_test_setup(goes_on, fresh),
        cmocka_unit_test_setup(apps_do_not_touch_each_other, fresh),
        cmocka_unit_test_setup(far_apart, fresh),
        cmocka_unit_test_setup(turned_back, fresh),
        cmocka_unit_test_setup(lost, fresh),
        cmocka_unit_test_setup(clock_that_cannot_be_set, fresh),
        cmocka_unit_test_setup(no_epoch, fresh),
        cmocka_unit_test_setup_teardown(no_clock_at_all, setup, trusted_vm_teardown),
        cmocka_unit_test_setup_teardown(scripts_receive_the_state_of_the_clock, setup, trusted_vm_teardown),
        cmocka_unit_test_setup_teardown(permission_is_needed, setup, trusted_vm_teardown),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
