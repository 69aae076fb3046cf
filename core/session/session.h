/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One session. Implements abi/commands.h and abi/messages.cddl on plain buffers. The TA's entry points check GP's
 * parameter types and call these functions.
 */
#ifndef LUATEE_CORE_SESSION_SESSION_H
#define LUATEE_CORE_SESSION_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

struct session;

/* The parameters of one command. in and out may be memory that the rich OS writes at the same time. */
struct session_io {
    const void *in;
    size_t in_size;
    void *out;
    size_t out_room; /* bytes */
    size_t out_size; /* bytes written */
    uint32_t a;      /* in and out: the value parameter */
    uint32_t b;
};

/*
 * Opens a session, which the caller closes with session_close(). hello: the hello message. Returns the errors of
 * hello_read(), and TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result session_open(const void *hello, size_t size, struct session **session);

/* Closes the session, and frees all its memory. Accepts NULL. */
void session_close(struct session *s);

/* Runs one command. abi/commands.h lists the errors. After an error out_size, a and b are 0. */
TEE_Result session_command(struct session *s, uint32_t command, struct session_io *io);

#endif
