/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/feed.h"

#include "core/base/progress.h"

void feed_update(void (*update)(TEE_OperationHandle operation, const void *bytes, size_t size),
                 TEE_OperationHandle operation, const void *bytes, size_t size)
{
    const uint8_t *next = bytes;
    for (; size > FEED_PART; next += FEED_PART, size -= FEED_PART) {
        update(operation, next, FEED_PART);
        if (!progress_wanted())
            return;
    }
    update(operation, next, size);
}

TEE_Result feed_parts(feed_transform update, TEE_OperationHandle operation, struct feed *rest)
{
    while (rest->in_size > FEED_PART) {
        size_t size = rest->out_size;
        TEE_Result result = update(operation, rest->in, FEED_PART, rest->out, &size);
        if (result != TEE_SUCCESS)
            return result;
        rest->in += FEED_PART;
        rest->in_size -= FEED_PART;
        rest->out += size; /* can be less than was fed: the TEE may buffer a block */
        rest->out_size -= size;
        if (!progress_wanted())
            return TEE_ERROR_CANCEL;
    }
    return TEE_SUCCESS;
}
