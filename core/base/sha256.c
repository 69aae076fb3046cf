/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/sha256.h"

TEE_Result sha256_digest(const void *data, size_t size, uint8_t digest[LUATEE_DIGEST_SIZE])
{
    TEE_OperationHandle operation;
    TEE_Result result = TEE_AllocateOperation(&operation, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    size_t digest_size = LUATEE_DIGEST_SIZE;
    result = TEE_DigestDoFinal(operation, data, size, digest, &digest_size);
    TEE_FreeOperation(operation);
    return result;
}

TEE_Result sha256_check(const void *data, size_t size, const uint8_t digest[LUATEE_DIGEST_SIZE])
{
    uint8_t actual[LUATEE_DIGEST_SIZE];
    TEE_Result result = sha256_digest(data, size, actual);
    if (result != TEE_SUCCESS)
        return result;
    return TEE_MemCompare(actual, digest, sizeof(actual)) == 0 ? TEE_SUCCESS : TEE_ERROR_SECURITY;
}
