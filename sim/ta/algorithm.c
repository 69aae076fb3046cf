/* SPDX-License-Identifier: BSD-2-Clause */
/* The algorithms of the simulator. */
#include "sim/ta/algorithm.h"

#include "sim/ta/object.h"

static const struct sim_algorithm algorithms[] = {
    {TEE_ALG_MD5, TEE_OPERATION_DIGEST, 0, 16, 1, "MD5"},
    {TEE_ALG_SHA1, TEE_OPERATION_DIGEST, 0, 20, 1, "SHA1"},
    {TEE_ALG_SHA224, TEE_OPERATION_DIGEST, 0, 28, 1, "SHA224"},
    {TEE_ALG_SHA256, TEE_OPERATION_DIGEST, 0, 32, 1, "SHA256"},
    {TEE_ALG_SHA384, TEE_OPERATION_DIGEST, 0, 48, 1, "SHA384"},
    {TEE_ALG_SHA512, TEE_OPERATION_DIGEST, 0, 64, 1, "SHA512"},
    {TEE_ALG_SHA3_224, TEE_OPERATION_DIGEST, 0, 28, 1, "SHA3-224"},
    {TEE_ALG_SHA3_256, TEE_OPERATION_DIGEST, 0, 32, 1, "SHA3-256"},
    {TEE_ALG_SHA3_384, TEE_OPERATION_DIGEST, 0, 48, 1, "SHA3-384"},
    {TEE_ALG_SHA3_512, TEE_OPERATION_DIGEST, 0, 64, 1, "SHA3-512"},
    {TEE_ALG_HMAC_MD5, TEE_OPERATION_MAC, TEE_TYPE_HMAC_MD5, 16, 1, "MD5"},
    {TEE_ALG_HMAC_SHA1, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA1, 20, 1, "SHA1"},
    {TEE_ALG_HMAC_SHA224, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA224, 28, 1, "SHA224"},
    {TEE_ALG_HMAC_SHA256, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA256, 32, 1, "SHA256"},
    {TEE_ALG_HMAC_SHA384, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA384, 48, 1, "SHA384"},
    {TEE_ALG_HMAC_SHA512, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA512, 64, 1, "SHA512"},
    {TEE_ALG_AES_ECB_NOPAD, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 16, "ECB"},
    {TEE_ALG_AES_CBC_NOPAD, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 16, "CBC"},
    {TEE_ALG_AES_CTR, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 1, "CTR"},
    {TEE_ALG_AES_GCM, TEE_OPERATION_AE, TEE_TYPE_AES, 0, 1, "GCM"},
};

const struct sim_algorithm *sim_algorithm_find(uint32_t id)
{
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
        if (algorithms[i].id == id)
            return &algorithms[i];
    return NULL;
}

static bool mode_fits(const struct sim_algorithm *algorithm, uint32_t mode)
{
    switch (algorithm->operation_class) {
    case TEE_OPERATION_DIGEST:
        return mode == TEE_MODE_DIGEST;
    case TEE_OPERATION_MAC:
        return mode == TEE_MODE_MAC;
    default:
        return mode == TEE_MODE_ENCRYPT || mode == TEE_MODE_DECRYPT;
    }
}

static bool size_fits(const struct sim_algorithm *algorithm, uint32_t bits)
{
    const struct sim_key_type *type = sim_key_type(algorithm->key_type);

    return algorithm->key_type ? type && sim_key_size_valid(type, bits) : bits == 0;
}

bool sim_algorithm_allows(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t max_bits)
{
    return mode_fits(algorithm, mode) && size_fits(algorithm, max_bits);
}
