/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of what scripts print reaches the TEE's log, on a clock of the test's. */
/* link: --wrap=port_log --wrap=TEE_GetSystemTime */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/limits.h"
#include "core/vm/print_log.h"
#include "tee_internal_api.h"

static uint64_t milliseconds;
static size_t lines, bytes;
static char last[LUATEE_LOG_BURST + 1], before[LUATEE_LOG_BURST + 1];

void __wrap_TEE_GetSystemTime(TEE_Time *time);
void __wrap_TEE_GetSystemTime(TEE_Time *time)
{
    time->seconds = (uint32_t)(milliseconds / 1000);
    time->millis = (uint32_t)(milliseconds % 1000);
}

void __wrap_port_log(const char *text, size_t size);
void __wrap_port_log(const char *text, size_t size)
{
    assert_in_range(size, 0, LUATEE_LOG_BURST);
    memcpy(before, last, sizeof(before));
    memcpy(last, text, size);
    last[size] = '\0';
    lines++;
    bytes += size;
}

static int setup(void **state)
{
    (void)state;
    milliseconds = 1000;
    lines = bytes = 0;
    return 0;
}

static void a_burst_and_then_the_rate(void **state)
{
    (void)state;
    struct print_log log = { 0 };
    char line[250];
    memset(line, 'x', sizeof(line));
    for (int i = 0; i < 10000; i++)
        print_log_line(&log, line, sizeof(line));
    assert_in_range(bytes, LUATEE_LOG_BURST - sizeof(line), LUATEE_LOG_BURST);
    bytes = 0;
    for (int i = 0; i < 10000; i++, milliseconds++) /* ten seconds of it */
        print_log_line(&log, line, sizeof(line));
    assert_in_range(bytes, 9 * LUATEE_LOG_RATE, 10 * LUATEE_LOG_RATE + LUATEE_LOG_BURST);
}

static void a_line_reports_dropped_bytes(void **state)
{
    (void)state;
    struct print_log log = { 0 };
    char line[LUATEE_LOG_BURST];
    memset(line, 'x', sizeof(line));
    print_log_line(&log, line, sizeof(line));
    print_log_line(&log, "one", 3);
    print_log_line(&log, "another", 7);
    assert_int_equal(lines, 1);
    milliseconds += 1000;
    print_log_line(&log, "", 0);
    assert_int_equal(lines, 3);
    assert_string_equal(last, "");
    milliseconds += 1000;
    print_log_line(&log, "more", 4);
    assert_int_equal(lines, 4);
    assert_string_equal(last, "more");
}

static void the_line_has_the_number(void **state)
{
    (void)state;
    struct print_log log = { .dropped = 12345, .room = 100, .filled = milliseconds };
    print_log_line(&log, "", 0);
    assert_int_equal(lines, 2);
    assert_string_equal(before, "luatee: 12,345 bytes of print are missing here");
}

static void a_line_longer_than_a_burst_is_cut(void **state)
{
    (void)state;
    struct print_log log = { 0 };
    static char line[3 * LUATEE_LOG_BURST];
    print_log_line(&log, line, sizeof(line));
    assert_int_equal(bytes, LUATEE_LOG_BURST);
    assert_int_equal(log.dropped, 2 * LUATEE_LOG_BURST);
}

static void a_clock_that_goes_back_does_no_harm(void **state)
{
    (void)state;
    struct print_log log = { 0 };
    print_log_line(&log, "a", 1);
    milliseconds = 1;
    for (int i = 0; i < 10000; i++)
        print_log_line(&log, "line", 4);
    assert_in_range(bytes, 0, 2 * LUATEE_LOG_BURST);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_burst_and_then_the_rate),
        TEST(a_line_reports_dropped_bytes),
        TEST(the_line_has_the_number),
        TEST(a_line_longer_than_a_burst_is_cut),
        TEST(a_clock_that_goes_back_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
