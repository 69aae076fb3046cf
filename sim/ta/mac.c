/* SPDX-License-Identifier: BSD-2-Clause */
/* Message authentication codes: GP TEE Internal Core API, section 6.5. */
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/operation.h"
#include "sim/ta/panic.h"

/* HMAC has no IV. GP says that the arguments are ignored then. */
void TEE_MACInit(TEE_OperationHandle handle, const void *iv, size_t iv_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_MAC, __func__);

    (void)iv;
    (void)iv_size;
    sim_operation_need_key(operation, __func__);
    sim_operation_reset(operation);
    if (!EVP_MAC_init(operation->mac, operation->key, operation->key_size, NULL))
        sim_operation_failed(__func__);
    operation->handle_state |= TEE_HANDLE_FLAG_INITIALIZED;
    operation->state = TEE_OPERATION_STATE_ACTIVE;
}

static struct sim_operation *update(TEE_OperationHandle handle, const void *chunk, size_t size, const char *function)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_MAC, function);

    sim_operation_need_init(operation, function);
    if (!chunk && size)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the data pointer is NULL but its size is not 0");
    if (size && !EVP_MAC_update(operation->mac, chunk, size))
        sim_operation_failed(function);
    return operation;
}

void TEE_MACUpdate(TEE_OperationHandle handle, const void *chunk, size_t size)
{
    (void)update(handle, chunk, size, __func__);
}

TEE_Result TEE_MACComputeFinal(TEE_OperationHandle handle, const void *message, size_t size, void *mac,
                               size_t *mac_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_MAC, __func__);
    bool fits;

    sim_require(mac_size && (mac || !*mac_size), "the MAC buffer or its size pointer is NULL");
    fits = *mac_size >= operation->algorithm->digest_size;
    *mac_size = operation->algorithm->digest_size;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    (void)update(handle, message, size, __func__);
    if (!EVP_MAC_final(operation->mac, mac, mac_size, *mac_size))
        sim_operation_failed(__func__);
    sim_operation_reset(operation);
    return TEE_SUCCESS;
}

TEE_Result TEE_MACCompareFinal(TEE_OperationHandle handle, const void *message, size_t size, const void *mac,
                               size_t mac_size)
{
    uint8_t computed[EVP_MAX_MD_SIZE];
    size_t computed_size = sizeof(computed);
    bool same;

    sim_require(mac || !mac_size, "the MAC is NULL");
    (void)TEE_MACComputeFinal(handle, message, size, computed, &computed_size);
    same = mac_size == computed_size && CRYPTO_memcmp(computed, mac, mac_size) == 0;
    OPENSSL_cleanse(computed, sizeof(computed));
    return same ? TEE_SUCCESS : TEE_ERROR_MAC_INVALID;
}
