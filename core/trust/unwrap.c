/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/unwrap.h"

#include <string.h>

#include "core/key/curve.h"

/* AES key wrap works on half blocks. */
#define HALF 8
#define BLOCK (2 * HALF)
#define HALVES (PACKAGE_KEY_SIZE / HALF)
#define ROUNDS 6

TEE_Result unwrap_operation(uint32_t algorithm, uint32_t mode, uint32_t type, const uint8_t secret[PACKAGE_KEY_SIZE],
                            TEE_OperationHandle *operation)
{
    const uint32_t bits = PACKAGE_KEY_SIZE * 8;
    TEE_ObjectHandle object;
    TEE_Attribute value;
    TEE_Result result = TEE_AllocateTransientObject(type, bits, &object);
    if (result != TEE_SUCCESS)
        return result;
    TEE_InitRefAttribute(&value, TEE_ATTR_SECRET_VALUE, secret, PACKAGE_KEY_SIZE);
    result = TEE_PopulateTransientObject(object, &value, 1);
    if (result == TEE_SUCCESS)
        result = TEE_AllocateOperation(operation, algorithm, mode, bits);
    if (result == TEE_SUCCESS) {
        result = TEE_SetOperationKey(*operation, object);
        if (result != TEE_SUCCESS)
            TEE_FreeOperation(*operation);
    }
    TEE_FreeTransientObject(object);
    return result;
}

/* The input and output blocks of AES. The first half of `out` is an input of the next step, and the integrity check
 * value after the last. */
struct blocks {
    uint8_t in[BLOCK];
    uint8_t out[BLOCK];
};

static TEE_Result unwrap_halves(TEE_OperationHandle aes, struct blocks *b, uint8_t key[PACKAGE_KEY_SIZE])
{
    for (unsigned step = ROUNDS * HALVES; step > 0; step--) {
        uint8_t *half = key + (step - 1) % HALVES * HALF;
        size_t size = BLOCK;
        memcpy(b->in, b->out, HALF);
        b->in[HALF - 1] ^= (uint8_t)step; /* the step is a 64-bit number, and never above 24 */
        memcpy(b->in + HALF, half, HALF);
        TEE_Result result = TEE_CipherUpdate(aes, b->in, BLOCK, b->out, &size);
        if (result != TEE_SUCCESS)
            return result;
        memcpy(half, b->out + HALF, HALF);
    }
    return TEE_SUCCESS;
}

TEE_Result unwrap_key(const uint8_t wrapping_key[PACKAGE_KEY_SIZE], const uint8_t wrapped[PACKAGE_WRAPPED_SIZE],
                      uint8_t key[PACKAGE_KEY_SIZE])
{
    static const uint8_t check_value[HALF] = { 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6 };
    TEE_OperationHandle aes;
    struct blocks blocks;
    memset(key, 0, PACKAGE_KEY_SIZE);
    TEE_Result result = unwrap_operation(TEE_ALG_AES_ECB_NOPAD, TEE_MODE_DECRYPT, TEE_TYPE_AES, wrapping_key, &aes);
    if (result != TEE_SUCCESS)
        return result;
    TEE_CipherInit(aes, NULL, 0);
    memcpy(blocks.out, wrapped, HALF);
    memcpy(key, wrapped + HALF, PACKAGE_KEY_SIZE);
    result = unwrap_halves(aes, &blocks, key);
    TEE_FreeOperation(aes);
    if (result == TEE_SUCCESS && TEE_MemCompare(blocks.out, check_value, HALF) != 0)
        result = TEE_ERROR_SECURITY;
    if (result != TEE_SUCCESS)
        TEE_MemFill(key, 0, PACKAGE_KEY_SIZE);
    TEE_MemFill(&blocks, 0, sizeof(blocks));
    return result;
}

static TEE_Result hmac(const uint8_t key[PACKAGE_KEY_SIZE], const void *message, size_t size,
                       uint8_t mac[PACKAGE_KEY_SIZE])
{
    TEE_OperationHandle operation;
    TEE_Result result = unwrap_operation(TEE_ALG_HMAC_SHA256, TEE_MODE_MAC, TEE_TYPE_HMAC_SHA256, key, &operation);
    if (result != TEE_SUCCESS)
        return result;
    size_t mac_size = PACKAGE_KEY_SIZE;
    TEE_MACInit(operation, NULL, 0);
    result = TEE_MACComputeFinal(operation, message, size, mac, &mac_size);
    TEE_FreeOperation(operation);
    return result;
}

TEE_Result unwrap_hkdf(const void *secret, size_t size, const void *info, size_t info_size,
                       uint8_t key[PACKAGE_KEY_SIZE])
{
    static const uint8_t no_salt[PACKAGE_KEY_SIZE];
    uint8_t extracted[PACKAGE_KEY_SIZE], message[UNWRAP_INFO_MAX + 1];
    if (info_size > UNWRAP_INFO_MAX)
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_Result result = hmac(no_salt, secret, size, extracted);
    if (result == TEE_SUCCESS) {
        memcpy(message, info, info_size);
        message[info_size] = 1; /* the number of the output block: one block is enough */
        /* NOLINTNEXTLINE(readability-suspicious-call-argument): RFC 5869 derives the key as a MAC, under the extracted key */
        result = hmac(extracted, message, info_size + 1, key);
    }
    TEE_MemFill(extracted, 0, sizeof(extracted));
    return result;
}

/* Computes the x coordinate of the shared point. TEE_DeriveKey panics on invalid input, so the caller checks the point
 * first. */
static TEE_Result agree(TEE_ObjectHandle device_key, const struct package_recipient *recipient,
                        uint8_t secret[PACKAGE_POINT_SIZE])
{
    const uint32_t bits = PACKAGE_POINT_SIZE * 8;
    TEE_OperationHandle operation = TEE_HANDLE_NULL;
    TEE_ObjectHandle derived = TEE_HANDLE_NULL;
    TEE_Attribute point[2];
    size_t size = PACKAGE_POINT_SIZE;
    TEE_Result result = TEE_AllocateOperation(&operation, TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, bits);
    if (result == TEE_SUCCESS)
        result = TEE_SetOperationKey(operation, device_key);
    if (result == TEE_SUCCESS)
        result = TEE_AllocateTransientObject(TEE_TYPE_GENERIC_SECRET, bits, &derived);
    if (result == TEE_SUCCESS) {
        TEE_InitRefAttribute(&point[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, recipient->x, PACKAGE_POINT_SIZE);
        TEE_InitRefAttribute(&point[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, recipient->y, PACKAGE_POINT_SIZE);
        TEE_DeriveKey(operation, point, 2, derived);
        result = TEE_GetObjectBufferAttribute(derived, TEE_ATTR_SECRET_VALUE, secret, &size);
    }
    if (result == TEE_SUCCESS && size != PACKAGE_POINT_SIZE)
        result = TEE_ERROR_BAD_FORMAT;
    TEE_FreeTransientObject(derived);
    TEE_FreeOperation(operation);
    return result;
}

TEE_Result unwrap_for_device(TEE_ObjectHandle device_key, const struct package_recipient *recipient,
                             uint8_t key[PACKAGE_KEY_SIZE])
{
    uint8_t secret[PACKAGE_POINT_SIZE], wrapping_key[PACKAGE_KEY_SIZE], info[STRUCTURE_KDF_CONTEXT_MAX];
    memset(key, 0, PACKAGE_KEY_SIZE);
    if (!curve_has_point(&curve_p256, recipient->x, recipient->y))
        return TEE_ERROR_SECURITY;
    TEE_Result result = agree(device_key, recipient, secret);
    if (result == TEE_SUCCESS)
        result = unwrap_hkdf(secret, sizeof(secret), info, structure_kdf_context(info), wrapping_key);
    if (result == TEE_SUCCESS)
        result = unwrap_key(wrapping_key, recipient->wrapped, key);
    TEE_MemFill(secret, 0, sizeof(secret));
    TEE_MemFill(wrapping_key, 0, sizeof(wrapping_key));
    return result;
}
