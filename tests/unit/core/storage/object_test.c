/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting for an object that another handle holds, on a clock of the test's: TEE_Wait and TEE_GetSystemTime are
 * wrapped. Only what waits, and what the test says, takes time.
 */
/* link: --wrap=TEE_Wait --wrap=TEE_GetSystemTime */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/progress.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

static uint64_t clock_now = 1000000; /* milliseconds */
static uint64_t tick;                /* that passes whenever somebody looks */
static uint64_t free_at;             /* when the holder lets go; 0: never */
static TEE_ObjectHandle holder;
static unsigned waits;
static uint32_t shortest, longest; /* of the waits, in milliseconds */

TEE_Result __wrap_TEE_Wait(uint32_t timeout);
void __wrap_TEE_GetSystemTime(TEE_Time *time);

TEE_Result __wrap_TEE_Wait(uint32_t timeout)
{
    waits++;
    shortest = waits == 1 || timeout < shortest ? timeout : shortest;
    longest = waits == 1 || timeout > longest ? timeout : longest;
    clock_now += timeout;
    if (free_at > 0 && clock_now >= free_at) {
        TEE_CloseObject(holder);
        holder = TEE_HANDLE_NULL;
    }
    return TEE_SUCCESS;
}

void __wrap_TEE_GetSystemTime(TEE_Time *time)
{
    clock_now += tick;
    *time = (TEE_Time) { .seconds = (uint32_t)(clock_now / 1000), .millis = (uint32_t)(clock_now % 1000) };
}

static void later(uint64_t milliseconds)
{
    clock_now += milliseconds;
    waits = 0;
    free_at = 0;
}

static const uint8_t id[] = { 'T', 'e', 's', 't' };
#define ALONE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)

static void hold(void)
{
    TEE_Result result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, sizeof(id), ALONE, &holder);
    assert_int_equal(result, TEE_SUCCESS);
}

static void let_go(void)
{
    TEE_CloseObject(holder);
    holder = TEE_HANDLE_NULL;
}

static TEE_Result open_and_leave(void)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, sizeof(id), ALONE, &object);
    if (result == TEE_SUCCESS)
        object_close_and_yield(object);
    return result;
}

static int begin(void **state)
{
    (void)state;
    later(LUATEE_BUSY_WAIT * 10); /* nobody has had to wait for a long time */
    return object_replace(id, sizeof(id), "data", 4) == TEE_SUCCESS ? 0 : -1;
}

/* --- who waits ---------------------------------------------------------------------------------------------------- */

static void a_wait_is_bounded(void **state)
{
    (void)state;
    hold();
    uint64_t began = clock_now;
    assert_int_equal(open_and_leave(), TEE_ERROR_ACCESS_CONFLICT);
    assert_in_range(clock_now - began, LUATEE_BUSY_WAIT, LUATEE_BUSY_WAIT + longest);
    assert_int_equal(object_rewrite(id, sizeof(id), "more", 4), TEE_ERROR_ACCESS_CONFLICT);
    assert_int_equal(object_replace(id, sizeof(id), "more", 4), TEE_ERROR_ACCESS_CONFLICT);
    let_go();
}

static void it_ends_when_the_object_is_free(void **state)
{
    (void)state;
    TEE_ObjectHandle object;
    hold();
    free_at = clock_now + 500;
    assert_int_equal(object_open(id, sizeof(id), ALONE, &object), TEE_SUCCESS);
    assert_in_range(clock_now, free_at, free_at + longest);
    TEE_CloseObject(object);
}

static uint64_t paid, wanted_for;

static bool wanted(void *context, uint32_t milliseconds)
{
    assert_ptr_equal(context, &paid);
    paid += milliseconds;
    return paid < wanted_for;
}

static void it_is_paid_for_and_ends_when_it_is_not_wanted(void **state)
{
    (void)state;
    hold();
    for (wanted_for = 1; wanted_for <= 1000; wanted_for *= 10) {
        uint64_t began = clock_now;
        paid = 0;
        progress_set_hook(wanted, &paid);
        assert_int_equal(open_and_leave(), TEE_ERROR_CANCEL);
        assert_in_range(paid, wanted_for, wanted_for + longest);
        assert_in_range(clock_now - began, paid, LUATEE_BUSY_WAIT);
        assert_int_equal(object_replace(id, sizeof(id), "more", 4), TEE_ERROR_CANCEL);
        progress_set_hook(NULL, NULL);
    }
    let_go();
}

/* --- who holds it again and again --------------------------------------------------------------------------------- */

#define USE 20 /* milliseconds that a use takes */

static unsigned use(unsigned times, uint64_t pause)
{
    waits = 0;
    for (unsigned i = 0; i < times; i++) {
        TEE_ObjectHandle object;
        assert_int_equal(object_open(id, sizeof(id), ALONE, &object), TEE_SUCCESS);
        clock_now += USE;
        object_close_and_yield(object);
        clock_now += pause;
    }
    return waits;
}

/* And for so long that another one who waits, and tries every STEP, finds it free. */
static void whoever_does_not_rest_has_to(void **state)
{
    (void)state;
    assert_int_equal(open_and_leave(), TEE_SUCCESS);
    unsigned rests = use(10 * LUATEE_BUSY_TURN / USE, 0);
    assert_in_range(rests, 9, 11);
    uint32_t rest = shortest;
    later(LUATEE_BUSY_WAIT * 10);
    hold();
    free_at = clock_now + 100;
    assert_int_equal(open_and_leave(), TEE_SUCCESS);
    assert_true(rest > 2 * shortest);
}

static void whoever_rests_goes_on(void **state)
{
    (void)state;
    assert_int_equal(open_and_leave(), TEE_SUCCESS);
    assert_int_equal(use(10 * LUATEE_BUSY_TURN / USE, 10), 0);
}

static void whoever_had_to_wait_lets_others_go_first(void **state)
{
    (void)state;
    hold();
    free_at = clock_now + 100;
    assert_int_equal(open_and_leave(), TEE_SUCCESS);
    free_at = 0;
    assert_int_equal(use(20, 0), 20);
    later(LUATEE_BUSY_WAIT);
    assert_int_equal(use(20, 20), 0);
}

/* --- scripts ------------------------------------------------------------------------------------------------------ */

#define WORDS_SIZE 256

/* Runs to the end, or until the deadline. words: of the error. */
static enum call_outcome run_to_end(const char *name, const char *source, uint32_t deadline, uint64_t budget,
                                  char words[WORDS_SIZE])
{
    struct call_target target = { .kind = CALL_SCRIPT };
    struct call_result result;
    struct cursor arguments;
    trusted_sandbox.manifest.permissions = UINT32_MAX;
    trusted_vm->fuel_max = budget;
    strcpy(target.name, name);
    cursor_begin(&arguments, NULL, 0);
    assert_int_equal(call_prepare(trusted_vm, &target, &arguments, 0, &result), CALL_READY);
    cancel_begin(&trusted_vm->calls->cancel, deadline);
    assert_int_equal(call_run(trusted_vm, &result), CALL_WAITS);
    call_supply(trusted_vm, source, strlen(source));
    enum call_outcome outcome = call_run(trusted_vm, &result);
    while (outcome == CALL_WAITS)
        outcome = call_run(trusted_vm, &result);
    const char *message = outcome == CALL_RAISED ? lua_tostring(result.at, result.first) : "";
    snprintf(words, WORDS_SIZE, "%s", message ? message : "not a string");
    call_finish(trusted_vm);
    return outcome;
}

/* It must raise an error: returns the words. */
static const char *run(const char *name, const char *source, uint32_t deadline, uint64_t budget)
{
    static char words[WORDS_SIZE];
    assert_int_equal(run_to_end(name, source, deadline, budget, words), CALL_RAISED);
    return words;
}

#define DEADLINE 500

#define LOOPS 6 /* the others wait once */
static const char *const loops[] = {
    "while true do pcall(tee.store.put, 'k', 1) end",
    "while true do pcall(tee.store.get, 'k') end",
    "while true do pcall(tee.store.transaction, function() end) end",
    "while true do pcall(tee.store.clear) end",
    "local c = tee.counter('c') while true do pcall(c.increment, c) end",
    "local c = tee.counter('c') while true do pcall(c.value, c) end",
    "tee.store.get('k')",
    "coroutine.wrap(function() tee.counter('c'):increment() end)()",
    "table.sort({1, 2, 3}, function() tee.store.put('k', 1) end)",
};

static TEE_ObjectHandle held[2];

static void hold_all(void)
{
    size_t size;
    assert_int_equal(sealed_open(OBJECT_STORE, "app", true, &held[0], &size), TEE_SUCCESS);
    assert_int_equal(sealed_open(OBJECT_COUNTERS, "app", true, &held[1], &size), TEE_SUCCESS);
}

static void scripts_hear_of_their_deadline(void **state)
{
    (void)state;
    hold_all();
    for (size_t i = 0; i < LOOPS; i++) {
        char name[] = "loop.a";
        name[5] = (char)(name[5] + i);
        uint64_t began = clock_now;
        const char *words = run(name, loops[i], DEADLINE, LUATEE_FUEL_DEFAULT);
        assert_non_null(strstr(words, "cancelled: the deadline is over"));
        assert_in_range(clock_now - began, DEADLINE, DEADLINE + longest);
    }
    for (size_t i = LOOPS; i < sizeof(loops) / sizeof(loops[0]); i++) {
        char name[] = "once.a";
        name[5] = (char)(name[5] + i);
        const char *words = run(name, loops[i], DEADLINE, LUATEE_FUEL_DEFAULT);
        assert_non_null(strstr(words, "cancelled: the deadline is over"));
    }
    TEE_CloseObject(held[0]);
    TEE_CloseObject(held[1]);
}

static void scripts_pay_for_waits(void **state)
{
    (void)state;
    hold_all();
    uint64_t began = clock_now;
    const char *words = run("poor", loops[0], 0, 100 * LUATEE_FUEL_WAIT);
    assert_non_null(strstr(words, "out of fuel"));
    assert_true(clock_now - began <= 100 + longest);
    words = run("rich", "tee.store.put('k', 1)", 0, LUATEE_FUEL_DEFAULT);
    assert_non_null(strstr(words, "the store is in use by another session: try again"));
    TEE_CloseObject(held[0]);
    TEE_CloseObject(held[1]);
}

static void a_list_of_keys_is_paid_for_and_hears_of_its_deadline(void **state)
{
    (void)state;
    char words[WORDS_SIZE];
    assert_int_equal(run_to_end("make", "for i = 1, 5 do tee.key.generate {type = 'aes', name = 'k' .. i} end", 0,
                                LUATEE_FUEL_DEFAULT, words),
                     CALL_DONE);
    assert_int_equal(run_to_end("list", "assert(#tee.key.list() == 5)", 0, 1300000, words), CALL_DONE);
    assert_non_null(strstr(run("list.poor", "pcall(tee.key.list)", 0, 1100000), "out of fuel"));
    tick = 30;
    assert_non_null(strstr(run("list.late", "pcall(tee.key.list)", 4 * 30, LUATEE_FUEL_DEFAULT),
                           "cancelled: the deadline is over"));
    tick = 0;
}

#define TEST(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wait_is_bounded),
        TEST(it_ends_when_the_object_is_free),
        TEST(it_is_paid_for_and_ends_when_it_is_not_wanted),
        TEST(whoever_does_not_rest_has_to),
        TEST(whoever_rests_goes_on),
        TEST(whoever_had_to_wait_lets_others_go_first),
        TEST(scripts_hear_of_their_deadline),
        TEST(scripts_pay_for_waits),
        TEST(a_list_of_keys_is_paid_for_and_hears_of_its_deadline),
    };
    return sim_memory_start() ?
               cmocka_run_group_tests_name("object: waits", tests, trusted_vm_setup, trusted_vm_teardown) :
               1;
}
