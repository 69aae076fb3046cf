/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of the simulator's algorithms. */
#include "sim/ta/algorithm.h"

#include "sim/ta/key_type.h"

static const struct sim_algorithm algorithms[] = {
    {TEE_ALG_MD5, TEE_OPERATION_DIGEST, 0, 16, 1, "MD5", 0},
    {TEE_ALG_SHA1, TEE_OPERATION_DIGEST, 0, 20, 1, "SHA1", 0},
    {TEE_ALG_SHA224, TEE_OPERATION_DIGEST, 0, 28, 1, "SHA224", 0},
    {TEE_ALG_SHA256, TEE_OPERATION_DIGEST, 0, 32, 1, "SHA256", 0},
    {TEE_ALG_SHA384, TEE_OPERATION_DIGEST, 0, 48, 1, "SHA384", 0},
    {TEE_ALG_SHA512, TEE_OPERATION_DIGEST, 0, 64, 1, "SHA512", 0},
    {TEE_ALG_SHA3_224, TEE_OPERATION_DIGEST, 0, 28, 1, "SHA3-224", 0},
    {TEE_ALG_SHA3_256, TEE_OPERATION_DIGEST, 0, 32, 1, "SHA3-256", 0},
    {TEE_ALG_SHA3_384, TEE_OPERATION_DIGEST, 0, 48, 1, "SHA3-384", 0},
    {TEE_ALG_SHA3_512, TEE_OPERATION_DIGEST, 0, 64, 1, "SHA3-512", 0},
    {TEE_ALG_HMAC_MD5, TEE_OPERATION_MAC, TEE_TYPE_HMAC_MD5, 16, 1, "MD5", 0},
    {TEE_ALG_HMAC_SHA1, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA1, 20, 1, "SHA1", 0},
    {TEE_ALG_HMAC_SHA224, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA224, 28, 1, "SHA224", 0},
    {TEE_ALG_HMAC_SHA256, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA256, 32, 1, "SHA256", 0},
    {TEE_ALG_HMAC_SHA384, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA384, 48, 1, "SHA384", 0},
    {TEE_ALG_HMAC_SHA512, TEE_OPERATION_MAC, TEE_TYPE_HMAC_SHA512, 64, 1, "SHA512", 0},
    {TEE_ALG_AES_ECB_NOPAD, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 16, "ECB", 0},
    {TEE_ALG_AES_CBC_NOPAD, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 16, "CBC", 0},
    {TEE_ALG_AES_CTR, TEE_OPERATION_CIPHER, TEE_TYPE_AES, 0, 1, "CTR", 0},
    {TEE_ALG_AES_GCM, TEE_OPERATION_AE, TEE_TYPE_AES, 0, 1, "GCM", 0},
    {TEE_ALG_AES_CCM, TEE_OPERATION_AE, TEE_TYPE_AES, 0, 16, "ECB", 0}, /* ccm.c builds CCM from single blocks */
    {TEE_ALG_ECDSA_SHA256, TEE_OPERATION_ASYMMETRIC_SIGNATURE, TEE_TYPE_ECDSA_KEYPAIR, 32, 0, NULL, 256},
    {TEE_ALG_ECDSA_SHA384, TEE_OPERATION_ASYMMETRIC_SIGNATURE, TEE_TYPE_ECDSA_KEYPAIR, 48, 0, NULL, 384},
    {TEE_ALG_ED25519, TEE_OPERATION_ASYMMETRIC_SIGNATURE, TEE_TYPE_ED25519_KEYPAIR, 0, 0, NULL, 256},
    {TEE_ALG_RSASSA_PKCS1_V1_5_SHA256, TEE_OPERATION_ASYMMETRIC_SIGNATURE, TEE_TYPE_RSA_KEYPAIR, 32, 0, "SHA256", 0},
    {TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256, TEE_OPERATION_ASYMMETRIC_SIGNATURE, TEE_TYPE_RSA_KEYPAIR, 32, 0, "SHA256",
     0},
    {TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256, TEE_OPERATION_ASYMMETRIC_CIPHER, TEE_TYPE_RSA_KEYPAIR, 32, 0, "SHA256", 0},
    {TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_OPERATION_KEY_DERIVATION, TEE_TYPE_ECDH_KEYPAIR, 0, 0, NULL, 0},
    {TEE_ALG_X25519, TEE_OPERATION_KEY_DERIVATION, TEE_TYPE_X25519_KEYPAIR, 0, 0, NULL, 256},
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
    case TEE_OPERATION_ASYMMETRIC_SIGNATURE:
        return mode == TEE_MODE_SIGN || mode == TEE_MODE_VERIFY;
    case TEE_OPERATION_KEY_DERIVATION:
        return mode == TEE_MODE_DERIVE;
    default:
        return mode == TEE_MODE_ENCRYPT || mode == TEE_MODE_DECRYPT;
    }
}

static bool size_fits(const struct sim_algorithm *algorithm, uint32_t bits)
{
    const struct sim_key_type *type = sim_key_type(algorithm->key_type);

    if (!algorithm->key_type)
        return bits == 0;
    return type && sim_key_size_valid(type, bits) && (!algorithm->key_bits || bits == algorithm->key_bits);
}

bool sim_algorithm_supports(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t max_bits)
{
    return mode_fits(algorithm, mode) && size_fits(algorithm, max_bits);
}

bool sim_algorithm_is_asymmetric(const struct sim_algorithm *algorithm)
{
    return algorithm->operation_class == TEE_OPERATION_ASYMMETRIC_SIGNATURE ||
           algorithm->operation_class == TEE_OPERATION_ASYMMETRIC_CIPHER ||
           algorithm->operation_class == TEE_OPERATION_KEY_DERIVATION;
}

bool sim_algorithm_accepts_key(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t key_type)
{
    return key_type == algorithm->key_type ||
           ((mode == TEE_MODE_VERIFY || mode == TEE_MODE_ENCRYPT) &&
            sim_key_is_public_of(key_type, algorithm->key_type));
}

/* Whether TEE_IsAlgorithmSupported may name this element (TEE_ECC_CURVE_*, or none) with the algorithm. */
static bool element_fits(const struct sim_algorithm *algorithm, uint32_t element)
{
    const struct sim_key_type *type = sim_key_type(algorithm->key_type);
    const struct sim_curve *curve;

    if (!type || type->family == SIM_KEY_SECRET || type->family == SIM_KEY_RSA)
        return element == TEE_CRYPTO_ELEMENT_NONE;
    if (type->family == SIM_KEY_25519)
        return element == TEE_ECC_CURVE_25519;
    curve = sim_curve_of_id(element);
    return curve && (!algorithm->key_bits || curve->bits == algorithm->key_bits);
}

TEE_Result TEE_IsAlgorithmSupported(uint32_t id, uint32_t element)
{
    const struct sim_algorithm *algorithm = sim_algorithm_find(id);

    return algorithm && element_fits(algorithm, element) ? TEE_SUCCESS : TEE_ERROR_NOT_SUPPORTED;
}
