/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What scripts print, in the TEE's log. That is often a serial port, which takes longer for a byte than all the rest of
 * print, and holds up the whole TEE meanwhile: LUATEE_LOG_RATE bytes a second go there, after LUATEE_LOG_BURST at once.
 * Lines that have no room are dropped, and a line that tells how many bytes that were comes before the next one.
 */
#ifndef LUATEE_CORE_VM_PRINT_LOG_H
#define LUATEE_CORE_VM_PRINT_LOG_H

#include <stddef.h>
#include <stdint.h>

struct print_log {
    uint64_t room;    /* bytes that can go out now */
    uint64_t filled;  /* when that was right: milliseconds of the TEE's system time; 0: never yet */
    uint64_t dropped; /* bytes, since the last line that went out */
};

/* Writes a line, or drops it. A line of more than LUATEE_LOG_BURST bytes is cut. log: zeroed before the first one. */
void print_log_line(struct print_log *log, const char *text, size_t size);

#endif
