/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/hkdf.h"

#include <string.h>

#include "core/base/feed.h"
#include "core/base/progress.h"
#include "core/base/wipe.h"
#include "core/lualib/hmac.h"
#include "core/lualib/service.h"
#include "core/vm/fuel.h"

TEE_Result hkdf_extract(const struct hash *hash, const void *salt, size_t salt_size, const void *secret,
                        size_t size, uint8_t prk[ALGORITHM_DIGEST_MAX])
{
    TEE_OperationHandle hmac;
    TEE_Result result = hmac_open(&hmac, hash, salt, salt_size);
    if (result != TEE_SUCCESS)
        return result;
    TEE_MACInit(hmac, NULL, 0);
    feed_update(TEE_MACUpdate, hmac, secret, size);
    hmac_final(hmac, NULL, 0, prk);
    TEE_FreeOperation(hmac);
    return TEE_SUCCESS;
}

/* The output is T(1) | T(2) | ..., with T(i) = HMAC(PRK, T(i-1) | info | i). */
void hkdf_expand(TEE_OperationHandle hmac, const struct hash *hash, const void *info, size_t info_size,
                 uint8_t *out, size_t size)
{
    uint8_t block[ALGORITHM_DIGEST_MAX];
    for (uint8_t i = 1; size > 0; i++) {
        TEE_MACInit(hmac, NULL, 0);
        if (i > 1)
            TEE_MACUpdate(hmac, block, hash->size);
        TEE_MACUpdate(hmac, info, info_size);
        hmac_final(hmac, &i, 1, block);
        size_t part = size < hash->size ? size : hash->size;
        memcpy(out, block, part);
        out += part;
        size -= part;
        if (size > 0 && !progress_wanted())
            break;
    }
    wipe(block, sizeof(block));
}
