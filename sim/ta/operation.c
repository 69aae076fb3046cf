/* SPDX-License-Identifier: BSD-2-Clause */
/* Generic operation functions: GP TEE Internal Core API, section 6.2. */
#include "sim/ta/operation.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "sim/ta/handle.h"
#include "sim/ta/panic.h"

_Noreturn void sim_operation_failed(const char *function)
{
    sim_panic(TEE_ERROR_GENERIC, function, "OpenSSL failed");
}

struct sim_operation *sim_operation_any(TEE_OperationHandle handle, const char *function)
{
    return sim_handle_get(SIM_HANDLE_OPERATION, handle, function);
}

struct sim_operation *sim_operation_get(TEE_OperationHandle handle, uint32_t operation_class, const char *function)
{
    struct sim_operation *operation = sim_operation_any(handle, function);

    if (operation->algorithm->operation_class != operation_class)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the operation is of another class");
    return operation;
}

void sim_operation_need_key(const struct sim_operation *operation, const char *function)
{
    if (!(operation->handle_state & TEE_HANDLE_FLAG_KEY_SET))
        sim_panic(TEE_ERROR_BAD_STATE, function, "the operation has no key");
}

void sim_operation_need_init(const struct sim_operation *operation, const char *function)
{
    if (!(operation->handle_state & TEE_HANDLE_FLAG_INITIALIZED))
        sim_panic(TEE_ERROR_BAD_STATE, function, "the operation is not initialized");
}

uint32_t sim_operation_usage(const struct sim_operation *operation)
{
    switch (operation->mode) {
    case TEE_MODE_ENCRYPT:
        return TEE_USAGE_ENCRYPT;
    case TEE_MODE_DECRYPT:
        return TEE_USAGE_DECRYPT;
    case TEE_MODE_MAC:
        return TEE_USAGE_MAC;
    case TEE_MODE_SIGN:
        return TEE_USAGE_SIGN;
    case TEE_MODE_VERIFY:
        return TEE_USAGE_VERIFY;
    case TEE_MODE_DERIVE:
        return TEE_USAGE_DERIVE;
    default:
        return 0;
    }
}

static bool make_digest(struct sim_operation *operation)
{
    const EVP_MD *md = EVP_get_digestbyname(operation->algorithm->name);

    operation->digest = EVP_MD_CTX_new();
    return md && operation->digest && EVP_DigestInit_ex(operation->digest, md, NULL);
}

static bool make_mac(struct sim_operation *operation)
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                            (char *)(uintptr_t)operation->algorithm->name, 0),
                           OSSL_PARAM_construct_end()};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    operation->mac = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    return operation->mac && EVP_MAC_CTX_set_params(operation->mac, params);
}

static bool make_context(struct sim_operation *operation)
{
    switch (operation->algorithm->operation_class) {
    case TEE_OPERATION_DIGEST:
        /* A digest needs neither a key nor an Init function. */
        operation->handle_state = TEE_HANDLE_FLAG_KEY_SET | TEE_HANDLE_FLAG_INITIALIZED;
        return make_digest(operation);
    case TEE_OPERATION_MAC:
        return make_mac(operation);
    case TEE_OPERATION_ASYMMETRIC_SIGNATURE:
    case TEE_OPERATION_ASYMMETRIC_CIPHER:
    case TEE_OPERATION_KEY_DERIVATION:
        return true;
    default:
        operation->cipher = EVP_CIPHER_CTX_new();
        return operation->cipher != NULL;
    }
}

static void destroy(struct sim_operation *operation)
{
    EVP_MD_CTX_free(operation->digest);
    EVP_CIPHER_CTX_free(operation->cipher);
    EVP_MAC_CTX_free(operation->mac);
    EVP_PKEY_free(operation->pair);
    OPENSSL_cleanse(operation, sizeof(*operation));
    free(operation);
}

TEE_Result TEE_AllocateOperation(TEE_OperationHandle *handle, uint32_t id, uint32_t mode, uint32_t max_bits)
{
    const struct sim_algorithm *algorithm = sim_algorithm_find(id);
    struct sim_operation *operation;

    sim_require(handle, "the handle pointer is NULL");
    *handle = TEE_HANDLE_NULL;
    if (!algorithm || !sim_algorithm_supports(algorithm, mode, max_bits))
        return TEE_ERROR_NOT_SUPPORTED;
    operation = calloc(1, sizeof(*operation));
    if (!operation)
        return TEE_ERROR_OUT_OF_MEMORY;
    operation->algorithm = algorithm;
    operation->mode = mode;
    operation->max_bits = max_bits;
    if (make_context(operation))
        *handle = sim_handle_new(SIM_HANDLE_OPERATION, operation);
    if (*handle)
        return TEE_SUCCESS;
    destroy(operation);
    return TEE_ERROR_OUT_OF_MEMORY;
}

void sim_operation_close(TEE_OperationHandle handle)
{
    struct sim_operation *operation = sim_operation_any(handle, __func__);

    sim_handle_invalidate(handle);
    destroy(operation);
}

void TEE_FreeOperation(TEE_OperationHandle handle)
{
    if (handle == TEE_HANDLE_NULL)
        return;
    (void)sim_operation_any(handle, __func__);
    sim_operation_close(handle);
}

void TEE_GetOperationInfo(TEE_OperationHandle handle, TEE_OperationInfo *info)
{
    struct sim_operation *operation = sim_operation_any(handle, __func__);

    sim_require(info, "the pointer to the information is NULL");
    *info = (TEE_OperationInfo){
        .algorithm = operation->algorithm->id,
        .operationClass = operation->algorithm->operation_class,
        .mode = operation->mode,
        .digestLength = operation->algorithm->digest_size,
        .maxKeySize = operation->max_bits,
        .keySize = operation->key_bits,
        .requiredKeyUsage = sim_operation_usage(operation),
        .handleState = operation->handle_state,
    };
}

TEE_Result TEE_GetOperationInfoMultiple(TEE_OperationHandle handle, TEE_OperationInfoMultiple *info, size_t *size)
{
    struct sim_operation *operation = sim_operation_any(handle, __func__);
    uint32_t keys = operation->algorithm->key_type ? 1 : 0;
    size_t needed = sizeof(*info) + keys * sizeof(info->keyInformation[0]);
    bool fits;

    sim_require(info && size, "the pointer to the information is NULL");
    fits = *size >= needed;
    *size = needed;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    memset(info, 0, needed);
    info->algorithm = operation->algorithm->id;
    info->operationClass = operation->algorithm->operation_class;
    info->mode = operation->mode;
    info->digestLength = operation->algorithm->digest_size;
    info->maxKeySize = operation->max_bits;
    info->handleState = operation->handle_state;
    info->operationState = operation->state;
    info->numberOfKeys = keys;
    if (keys) {
        info->keyInformation[0].keySize = operation->key_bits;
        info->keyInformation[0].requiredKeyUsage = sim_operation_usage(operation);
    }
    return TEE_SUCCESS;
}

void sim_operation_reset(struct sim_operation *operation)
{
    operation->state = TEE_OPERATION_STATE_INITIAL;
    operation->pending = operation->extracted = 0;
    operation->payload = false;
    OPENSSL_cleanse(operation->hash, sizeof(operation->hash));
    OPENSSL_cleanse(&operation->ccm, sizeof(operation->ccm));
    if (operation->digest) {
        if (!EVP_DigestInit_ex(operation->digest, NULL, NULL))
            sim_operation_failed(__func__);
        return;
    }
    operation->handle_state &= ~(uint32_t)TEE_HANDLE_FLAG_INITIALIZED;
    if (operation->cipher)
        EVP_CIPHER_CTX_reset(operation->cipher);
}

void TEE_ResetOperation(TEE_OperationHandle handle)
{
    struct sim_operation *operation = sim_operation_any(handle, __func__);

    sim_operation_need_key(operation, __func__);
    sim_operation_reset(operation);
}

void TEE_CopyOperation(TEE_OperationHandle to, TEE_OperationHandle from)
{
    struct sim_operation *destination = sim_operation_any(to, __func__);
    struct sim_operation *source = sim_operation_any(from, __func__);
    EVP_MAC_CTX *mac = NULL;
    struct sim_operation old = *destination;

    sim_require(source->algorithm == destination->algorithm && source->mode == destination->mode,
                "the operations differ in algorithm or mode");
    sim_require(!sim_algorithm_is_asymmetric(source->algorithm), "an asymmetric operation cannot be copied");
    sim_require(source->key_bits <= destination->max_bits, "the key is larger than the operation's maximum key size");
    if (source->mac && !(mac = EVP_MAC_CTX_dup(source->mac)))
        sim_operation_failed(__func__);
    if (source->digest && !EVP_MD_CTX_copy_ex(destination->digest, source->digest))
        sim_operation_failed(__func__);
    /* Before its Init function a cipher has no state to copy. */
    if (source->cipher && (source->handle_state & TEE_HANDLE_FLAG_INITIALIZED) &&
        !EVP_CIPHER_CTX_copy(destination->cipher, source->cipher))
        sim_operation_failed(__func__);
    *destination = *source;
    destination->max_bits = old.max_bits;
    destination->digest = old.digest;
    destination->cipher = old.cipher;
    destination->mac = mac;
    EVP_MAC_CTX_free(old.mac);
    OPENSSL_cleanse(&old, sizeof(old));
}
