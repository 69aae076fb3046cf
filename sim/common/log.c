/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/common/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE 32u

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sink = -1;
static char process_name[NAME_SIZE] = "libteec";
static char line[SIM_LOG_LINE_MAX];
static size_t line_length;

static void open_sink(void)
{
    const char *where = secure_getenv("LUATEE_SIM_LOG");

    if (!where || !*where)
        return;
    if (!strcmp(where, "1") || !strcmp(where, "stderr"))
        sink = STDERR_FILENO;
    else
        sink = open(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
}

/* Writes each line with one write(), so that lines of several processes do not mix. A failed write has nowhere to be
 * reported. */
static void flush_line(void)
{
    char text[SIM_LOG_LINE_MAX + NAME_SIZE + 32];
    int length = snprintf(text, sizeof(text), "[%s %ld] %.*s\n", process_name, (long)getpid(), (int)line_length, line);
    ssize_t written;

    line_length = 0;
    do
        written = write(sink, text, (size_t)length);
    while (written < 0 && errno == EINTR);
}

static void append(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n') {
            flush_line();
            continue;
        }
        if (line_length == sizeof(line))
            flush_line();
        line[line_length++] = text[i];
    }
}

void sim_log_write(const char *text, size_t n)
{
    pthread_once(&once, open_sink);
    if (sink < 0)
        return;
    pthread_mutex_lock(&lock);
    append(text, n);
    pthread_mutex_unlock(&lock);
}

void sim_log(const char *format, ...)
{
    char text[SIM_LOG_LINE_MAX];
    va_list arguments;

    pthread_once(&once, open_sink);
    if (sink < 0)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&lock);
    if (line_length)
        flush_line();
    append(text, strlen(text));
    flush_line();
    pthread_mutex_unlock(&lock);
}

void sim_log_name(const char *name)
{
    pthread_mutex_lock(&lock);
    snprintf(process_name, sizeof(process_name), "%.*s", (int)(NAME_SIZE - 1), name);
    pthread_mutex_unlock(&lock);
}
