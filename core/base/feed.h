/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Feeds long strings to an operation of the TEE in parts, since nothing can interrupt a single request. The call's
 * deadline is checked between two parts. When the call must end, feeding stops: the caller raises an error, and the
 * incomplete result is not used. These functions do not raise Lua errors themselves.
 */
#ifndef LUATEE_CORE_BASE_FEED_H
#define LUATEE_CORE_BASE_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

/* Bytes of a part: a multiple of every cipher's block size. */
#define FEED_PART ((size_t)64 * 1024)

/* Feeds `size` bytes to the operation, all of them unless the call must end. update: TEE_DigestUpdate, TEE_MACUpdate or
 * TEE_AEUpdateAAD. */
void feed_update(void (*update)(TEE_OperationHandle operation, const void *bytes, size_t size),
                 TEE_OperationHandle operation, const void *bytes, size_t size);

/* update: TEE_CipherUpdate or TEE_AEUpdate. */
typedef TEE_Result (*feed_transform)(TEE_OperationHandle operation, const void *in, size_t in_size, void *out,
                                     size_t *out_size);

/* The input that is not fed yet, and the buffer for its output. The caller owns both. */
struct feed {
    const uint8_t *in;
    uint8_t *out;
    size_t in_size;
    size_t out_size; /* bytes that fit into out */
};

/* Feeds all parts of rest->in except the last, which the caller passes to the operation's final function, and advances
 * *rest. Returns TEE_SUCCESS; an error of update; or TEE_ERROR_CANCEL when the call must end. */
TEE_Result feed_parts(feed_transform update, TEE_OperationHandle operation, struct feed *rest);

#endif
