/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's log. LUATEE_SIM_LOG turns it on: "1" or "stderr" writes to stderr, anything else is the path of a
 * file to append to. Unset or empty: there is no log. Every line carries the name and number of the process it comes
 * from.
 */
#ifndef SIM_COMMON_LOG_H
#define SIM_COMMON_LOG_H

#include <stddef.h>

/* Longest line; longer ones are broken. */
#define SIM_LOG_LINE_MAX 1024u

/* Appends n bytes of text: lines or parts of lines. A line is written when it ends. Thread-safe. */
void sim_log_write(const char *text, size_t n);

/* Appends one line, formatted as by printf. */
void sim_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The name at the head of each line, at most 31 bytes of it. */
void sim_log_name(const char *name);

#endif
