/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sys/random.h>
#include <tee_internal_api.h>

#include "sim/ta/panic.h"
#include "sim/ta/random.h"

void sim_random(void *buffer, size_t size)
{
    uint8_t *at = buffer;
    ssize_t got;

    while (size) {
        got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            sim_panic(TEE_ERROR_GENERIC, __func__, "the kernel returned no random numbers");
        at += got;
        size -= (size_t)got;
    }
}

/* OP-TEE's kernel uses a bounce buffer of one page, and panics the TA that asks for more bytes. */
#define RANDOM_MAX 4096u

void TEE_GenerateRandom(void *buffer, size_t size)
{
    sim_require(buffer || !size, "the buffer is NULL");
    if (size > RANDOM_MAX)
        sim_panic(TEE_ERROR_OUT_OF_MEMORY, __func__, "more than 4096 bytes in one call");
    sim_random(buffer, size);
}
