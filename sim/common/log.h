/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's log. The environment variable LUATEE_SIM_LOG turns it on: "1" or "stderr" logs to stderr, any other
 * value is the path of a file to append to. There is no log when the variable is unset or empty. Each line begins with
 * the name and the id of its process. Errors of the log itself are ignored.
 */
#ifndef SIM_COMMON_LOG_H
#define SIM_COMMON_LOG_H

#include <stddef.h>

/* Longest line, in bytes. Longer ones are split. */
#define SIM_LOG_LINE_MAX 1024u

/* Appends n bytes of text, which may be several lines or a part of one. A line is written when it ends. Thread-safe. */
void sim_log_write(const char *text, size_t n);

/* Appends one line, formatted as by printf. Cuts the text after SIM_LOG_LINE_MAX - 1 bytes. Thread-safe. */
void sim_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sets the process name at the head of each line. Copies at most 31 bytes of it. */
void sim_log_name(const char *name);

#endif
