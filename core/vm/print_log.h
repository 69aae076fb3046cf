/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Limits the output of print to the TEE's log. The log is often a serial port: a byte takes longer than all the rest of
 * print, and blocks the whole TEE meanwhile. So the log accepts LUATEE_LOG_BURST bytes at once, and then
 * LUATEE_LOG_RATE bytes a second. Lines without room are dropped. Before the next line, a line reports the number of
 * dropped bytes.
 */
#ifndef LUATEE_CORE_VM_PRINT_LOG_H
#define LUATEE_CORE_VM_PRINT_LOG_H

#include <stddef.h>
#include <stdint.h>

struct print_log {
    uint64_t room;    /* bytes that can go out now */
    uint64_t filled;  /* the time of `room`, in milliseconds of the TEE's system time; 0: not set yet */
    uint64_t dropped; /* bytes, since the last line that went out */
};

/* Writes a line, or drops it. Cuts a line of more than LUATEE_LOG_BURST bytes. log: all zeros before the first line. */
void print_log_line(struct print_log *log, const char *text, size_t size);

#endif
