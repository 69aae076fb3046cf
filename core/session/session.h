/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One session: what abi/commands.h and abi/messages.cddl say, on plain buffers. The TA's entry points check GP's
 * parameter types and call this.
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
 * hello: the hello message. Errors: TEE_ERROR_BAD_FORMAT, TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_NOT_SUPPORTED (flags that
 * this TA does not know or its flavour does not allow).
 */
TEE_Result session_open(const void *hello, size_t size, struct session **session);

/* NULL is fine. */
void session_close(struct session *s);

/* Errors: see abi/commands.h. After an error out_size, a and b are 0. */
TEE_Result session_command(struct session *s, uint32_t command, struct session_io *io);

#endif
