/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions behind OP-TEE's DMSG, IMSG and others (trace.h). They write to the simulator's log. */
#include <stdio.h>
#include <string.h>
#include <trace.h>

#include "sim/common/log.h"

int trace_level = TRACE_LEVEL;
const char trace_ext_prefix[] = "TA";

#define BYTES_PER_LINE 16

static const char *level_name(int level)
{
    switch (level) {
    case TRACE_ERROR:
        return "E ";
    case TRACE_INFO:
        return "I ";
    case TRACE_DEBUG:
        return "D ";
    case TRACE_FLOW:
        return "F ";
    default:
        return "";
    }
}

void trace_set_level(int level)
{
    trace_level = level;
}

int trace_get_level(void)
{
    return trace_level;
}

void trace_ext_puts(const char *str)
{
    sim_log_write(str, strlen(str));
}

void trace_vprintf(const char *func, int line, int level, bool level_ok, const char *fmt, va_list args)
{
    char text[SIM_LOG_LINE_MAX];

    if (level_ok && level > trace_level)
        return;
    vsnprintf(text, sizeof(text), fmt, args);
    if (func)
        sim_log("%s%s:%d %s", level_name(level), func, line, text);
    else
        sim_log("%s%s", level_ok ? level_name(level) : "", text);
}

void trace_printf(const char *func, int line, int level, bool level_ok, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    trace_vprintf(func, line, level, level_ok, fmt, args);
    va_end(args);
}

void dhex_dump(const char *function, int line, int level, const void *buf, int len)
{
    const unsigned char *bytes = buf;
    char text[3 * BYTES_PER_LINE + 1];

    for (int at = 0; at < len; at += BYTES_PER_LINE) {
        for (int i = 0; i < BYTES_PER_LINE && at + i < len; i++)
            snprintf(text + 3 * i, 4, "%02x ", bytes[at + i]);
        trace_printf(function, line, level, true, "%s", text);
    }
}
