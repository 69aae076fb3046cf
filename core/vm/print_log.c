/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/print_log.h"

#include <stdio.h>

#include "abi/limits.h"
#include "core/base/text.h"
#include "port/port.h"
#include "tee_internal_api.h"

#define DROPPED_SIZE 80

static uint64_t now(void)
{
    TEE_Time time;
    TEE_GetSystemTime(&time);
    return (uint64_t)time.seconds * 1000 + time.millis;
}

static void refill(struct print_log *log)
{
    uint64_t time = now();
    uint64_t passed = time - log->filled; /* wraps to a large number if the clock went back */
    if (log->filled == 0 || passed > 1000ull * LUATEE_LOG_BURST / LUATEE_LOG_RATE) {
        log->room = LUATEE_LOG_BURST;
        log->filled = time;
        return;
    }
    uint64_t more = passed * LUATEE_LOG_RATE / 1000;
    if (more == 0) /* filled stays: the time counts at the next call */
        return;
    log->room = log->room + more < LUATEE_LOG_BURST ? log->room + more : LUATEE_LOG_BURST;
    log->filled = time;
}

static void put(struct print_log *log, const char *text, size_t size)
{
    port_log(text, size);
    log->room -= size < log->room ? size : log->room;
}

static void write_dropped(struct print_log *log)
{
    char text[DROPPED_SIZE], bytes[TEXT_GROUPED_SIZE];
    int size =
        snprintf(text, sizeof(text), "luatee: %s bytes of print are missing here", text_grouped(bytes, log->dropped));
    log->dropped = 0;
    put(log, text, (size_t)size);
}

void print_log_line(struct print_log *log, const char *text, size_t size)
{
    refill(log);
    size_t shown = size < LUATEE_LOG_BURST ? size : LUATEE_LOG_BURST;
    if (shown > log->room) { // cppcheck-suppress knownConditionTrueFalse; it misreads the minimum above
        log->dropped += size;
        return;
    }
    if (log->dropped > 0)
        write_dropped(log);
    put(log, text, shown);
    log->dropped = size - shown;
}
