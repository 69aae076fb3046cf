/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the hello message of abi/messages.cddl. */
#ifndef LUATEE_CORE_SESSION_HELLO_H
#define LUATEE_CORE_SESSION_HELLO_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

struct hello {
    char app[LUATEE_NAME_MAX + 1];
    uint64_t flags;        /* enum luatee_hello_flag */
    uint64_t fuel, memory; /* the host's limits, in units of fuel and in bytes; 0: no limit */
};

/* Reads a message in private memory: it must not change meanwhile. Returns TEE_ERROR_BAD_FORMAT when the message does
 * not conform to messages.cddl, and TEE_ERROR_NOT_SUPPORTED for flags that this TA does not know, or that its flavour
 * does not allow. */
TEE_Result hello_read(const void *message, size_t size, struct hello *hello);

#endif
