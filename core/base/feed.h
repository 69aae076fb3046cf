/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Long strings go through an operation of the TEE in parts, since nothing can stop one request. The deadline is looked
 * at between two parts. When the call must end, nothing more is fed: an error ends the call then, and nobody sees the
 * result. None of these functions raises an error.
 */
#ifndef LUATEE_CORE_BASE_FEED_H
#define LUATEE_CORE_BASE_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

/* Bytes of a part: whole blocks of every cipher. */
#define FEED_PART ((size_t)64 * 1024)

/* Feeds all of it. update: TEE_DigestUpdate, TEE_MACUpdate or TEE_AEUpdateAAD. */
void feed_update(void (*update)(TEE_OperationHandle operation, const void *bytes, size_t size),
                 TEE_OperationHandle operation, const void *bytes, size_t size);

/* update: TEE_CipherUpdate or TEE_AEUpdate. */
typedef TEE_Result (*feed_transform)(TEE_OperationHandle operation, const void *in, size_t in_size, void *out,
                                     size_t *out_size);

/* What is still to be fed by the last request, and where its output goes. */
struct feed {
    const uint8_t *in;
    uint8_t *out;
    size_t in_size;
    size_t out_size; /* room */
};

/* Feeds all parts of rest->in but the last, and moves `rest` on. Returns what update did, or TEE_ERROR_CANCEL when the
 * call must end. */
TEE_Result feed_parts(feed_transform update, TEE_OperationHandle operation, struct feed *rest);

#endif
