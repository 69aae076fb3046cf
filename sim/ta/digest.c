/* SPDX-License-Identifier: BSD-2-Clause */
/* Message digests: GP TEE Internal Core API, section 6.3. */
#include <string.h>

#include "sim/ta/operation.h"
#include "sim/ta/panic.h"

static void update(struct sim_operation *operation, const void *chunk, size_t size, const char *function)
{
    if (operation->state == TEE_OPERATION_STATE_EXTRACTING)
        sim_panic(TEE_ERROR_BAD_STATE, function, "the digest is being extracted");
    if (!chunk && size)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the data pointer is NULL but its size is not 0");
    if (size && !EVP_DigestUpdate(operation->digest, chunk, size))
        sim_operation_failed(function);
    operation->state = TEE_OPERATION_STATE_ACTIVE;
}

void TEE_DigestUpdate(TEE_OperationHandle handle, const void *chunk, size_t size)
{
    update(sim_operation_get(handle, TEE_OPERATION_DIGEST, __func__), chunk, size, __func__);
}

static void finish(struct sim_operation *operation)
{
    if (!EVP_DigestFinal_ex(operation->digest, operation->hash, NULL))
        sim_operation_failed(__func__);
    operation->state = TEE_OPERATION_STATE_EXTRACTING;
}

TEE_Result TEE_DigestDoFinal(TEE_OperationHandle handle, const void *chunk, size_t chunk_size, void *hash,
                             size_t *hash_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_DIGEST, __func__);
    size_t left = operation->algorithm->digest_size - operation->extracted;
    bool fits;

    sim_require(hash_size && (hash || !*hash_size), "the digest buffer or its size pointer is NULL");
    fits = *hash_size >= left;
    *hash_size = left;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    if (operation->state != TEE_OPERATION_STATE_EXTRACTING || chunk_size)
        update(operation, chunk, chunk_size, __func__);
    if (operation->state != TEE_OPERATION_STATE_EXTRACTING)
        finish(operation);
    memcpy(hash, operation->hash + operation->extracted, left);
    sim_operation_reset(operation);
    return TEE_SUCCESS;
}

TEE_Result TEE_DigestExtract(TEE_OperationHandle handle, void *hash, size_t *hash_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_DIGEST, __func__);
    size_t left;

    sim_require(hash_size && (hash || !*hash_size), "the digest buffer or its size pointer is NULL");
    if (operation->state != TEE_OPERATION_STATE_EXTRACTING)
        finish(operation);
    left = operation->algorithm->digest_size - operation->extracted;
    if (*hash_size > left)
        *hash_size = left;
    if (*hash_size)
        memcpy(hash, operation->hash + operation->extracted, *hash_size);
    operation->extracted += *hash_size;
    return TEE_SUCCESS;
}
