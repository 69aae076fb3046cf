/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/hmac.h"

#include <string.h>

#include "core/base/feed.h"
#include "core/base/wipe.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"

/* Replaces a key that is longer than a block by its digest. */
static TEE_Result shorten(const struct hash *hash, const void *key, size_t size, uint8_t *shorter)
{
    TEE_OperationHandle digest;
    size_t capacity = hash->size;
    TEE_Result result = TEE_AllocateOperation(&digest, hash->internal, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    feed_update(TEE_DigestUpdate, digest, key, size);
    result = TEE_DigestDoFinal(digest, NULL, 0, shorter, &capacity);
    TEE_FreeOperation(digest);
    return result;
}

TEE_Result hmac_open(TEE_OperationHandle *operation, const struct hash *hash, const void *key, size_t size)
{
    /* HMAC itself replaces a key that is longer than a block by its digest, and pads a shorter one with zeros. So
     * the MAC is the same with a key of exactly one block, a size that TEE_AllocateTransientObject accepts for every
     * hash. */
    uint8_t block[ALGORITHM_BLOCK_MAX] = { 0 };
    TEE_Result result = TEE_SUCCESS;
    if (size > hash->block)
        result = shorten(hash, key, size, block);
    else
        memcpy(block, key, size);
    if (result == TEE_SUCCESS)
        result = operation_open_keyed(operation, hash->hmac, TEE_MODE_MAC, hash->key_type, block, hash->block);
    wipe(block, sizeof(block));
    return result;
}

void hmac_final(TEE_OperationHandle operation, const void *data, size_t size, uint8_t mac[ALGORITHM_DIGEST_MAX])
{
    size_t capacity = ALGORITHM_DIGEST_MAX;
    if (TEE_MACComputeFinal(operation, data, size, mac, &capacity) != TEE_SUCCESS)
        TEE_Panic(TEE_ERROR_GENERIC); /* cannot happen: any MAC fits, and GP defines no other error */
}
