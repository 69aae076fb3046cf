/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures: GP TEE Internal Core API, section 6.7. An ECDSA signature is r || s, both of the curve's size. Ed25519
 * (RFC 8032, pure) signs the whole message, which is passed in place of the digest. rsa.h has the RSA signatures.
 */
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <string.h>

#include "sim/ta/operation.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"
#include "sim/ta/rsa.h"

#define ED25519_SIZE 64u

/* Room for an ECDSA signature in OpenSSL's DER: a sequence of two numbers, each with its header and a sign byte. */
#define DER_MAX (2u * (SIM_PKEY_COORDINATE_MAX + 3u) + 3u)

static bool is_ed25519(const struct sim_operation *operation)
{
    return operation->algorithm->id == TEE_ALG_ED25519;
}

static bool is_rsa(const struct sim_operation *operation)
{
    return operation->algorithm->key_type == TEE_TYPE_RSA_KEYPAIR;
}

/* Bytes of r, and of s. */
static size_t half_size(const struct sim_operation *operation)
{
    return operation->key_bits / 8;
}

static size_t signature_size_of(const struct sim_operation *operation)
{
    if (is_ed25519(operation))
        return ED25519_SIZE;
    return is_rsa(operation) ? operation->key_bits / 8 : 2 * half_size(operation);
}

static struct sim_operation *begin(TEE_OperationHandle handle, uint32_t mode, const TEE_Attribute *params,
                                   uint32_t param_count, const void *digest, size_t digest_size, const char *function)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_ASYMMETRIC_SIGNATURE, function);

    if (operation->mode != mode)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the operation was allocated with another mode");
    sim_operation_need_key(operation, function);
    if ((!params && param_count) || (!digest && digest_size))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the parameter array or the digest is NULL");
    if (is_ed25519(operation) && param_count)
        sim_panic(TEE_ERROR_NOT_SUPPORTED, function, "Ed25519 takes no parameters");
    if (!is_ed25519(operation) && digest_size != operation->algorithm->digest_size)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the digest has the wrong size for the algorithm");
    return operation;
}

static bool sign_ecdsa(const struct sim_operation *operation, const void *digest, size_t digest_size, uint8_t *out)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, operation->pair, NULL);
    int half = (int)half_size(operation);
    uint8_t der[DER_MAX];
    const uint8_t *at = der;
    size_t size = sizeof(der);
    ECDSA_SIG *pair = NULL;
    bool ok;

    ok = context && EVP_PKEY_sign_init(context) > 0 && EVP_PKEY_sign(context, der, &size, digest, digest_size) > 0 &&
         (pair = d2i_ECDSA_SIG(NULL, &at, (long)size)) &&
         BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, half) == half &&
         BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + half, half) == half;
    ECDSA_SIG_free(pair);
    EVP_PKEY_CTX_free(context);
    return ok;
}

static bool sign_ed25519(const struct sim_operation *operation, const void *message, size_t size, uint8_t *out)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t out_size = ED25519_SIZE;
    bool ok = context && EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, operation->pair, NULL) > 0 &&
              EVP_DigestSign(context, out, &out_size, message, size) > 0;

    EVP_MD_CTX_free(context);
    return ok;
}

TEE_Result TEE_AsymmetricSignDigest(TEE_OperationHandle handle, const TEE_Attribute *params, uint32_t param_count,
                                    const void *digest, size_t digest_size, void *signature, size_t *signature_size)
{
    struct sim_operation *operation =
        begin(handle, TEE_MODE_SIGN, params, param_count, digest, digest_size, __func__);
    size_t needed = signature_size_of(operation);
    bool fits, ok;

    sim_require(signature_size && (signature || !*signature_size), "the signature buffer or its size pointer is NULL");
    fits = *signature_size >= needed;
    *signature_size = needed;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    if (is_ed25519(operation))
        ok = sign_ed25519(operation, digest, digest_size, signature);
    else if (is_rsa(operation))
        ok = sim_rsa_sign(operation, params, param_count, digest, signature);
    else
        ok = sign_ecdsa(operation, digest, digest_size, signature);
    if (!ok)
        sim_operation_failed(__func__);
    return TEE_SUCCESS;
}

/* Converts r || s to DER. The caller frees it with OPENSSL_free(). Returns NULL when there is no memory. */
static uint8_t *to_der(const uint8_t *signature, int half, int *size)
{
    BIGNUM *r = BN_bin2bn(signature, half, NULL);
    BIGNUM *s = BN_bin2bn(signature + half, half, NULL);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    uint8_t *der = NULL;

    if (pair && r && s && ECDSA_SIG_set0(pair, r, s)) {
        r = s = NULL; /* the pair owns them now */
        *size = i2d_ECDSA_SIG(pair, &der);
    }
    ECDSA_SIG_free(pair);
    BN_free(r);
    BN_free(s);
    return der;
}

static bool verify_ecdsa(const struct sim_operation *operation, const void *digest, size_t digest_size,
                         const uint8_t *signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, operation->pair, NULL);
    int size = 0;
    uint8_t *der = to_der(signature, (int)half_size(operation), &size);
    bool right;

    if (!context || !der || size <= 0 || EVP_PKEY_verify_init(context) <= 0)
        sim_operation_failed("TEE_AsymmetricVerifyDigest");
    right = EVP_PKEY_verify(context, der, (size_t)size, digest, digest_size) == 1;
    OPENSSL_free(der);
    EVP_PKEY_CTX_free(context);
    return right;
}

static bool verify_ed25519(const struct sim_operation *operation, const void *message, size_t size,
                           const uint8_t *signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool right;

    if (!context || EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL, operation->pair, NULL) <= 0)
        sim_operation_failed("TEE_AsymmetricVerifyDigest");
    right = EVP_DigestVerify(context, signature, ED25519_SIZE, message, size) == 1;
    EVP_MD_CTX_free(context);
    return right;
}

TEE_Result TEE_AsymmetricVerifyDigest(TEE_OperationHandle handle, const TEE_Attribute *params, uint32_t param_count,
                                      const void *digest, size_t digest_size, const void *signature,
                                      size_t signature_size)
{
    struct sim_operation *operation =
        begin(handle, TEE_MODE_VERIFY, params, param_count, digest, digest_size, __func__);
    bool right;

    /* Panics, as OP-TEE does: a TA must check the length of a signature from outside first. */
    sim_require(signature && signature_size == signature_size_of(operation), "the signature has the wrong size");
    if (is_ed25519(operation))
        right = verify_ed25519(operation, digest, digest_size, signature);
    else if (is_rsa(operation))
        right = sim_rsa_verify(operation, params, param_count, digest, signature);
    else
        right = verify_ecdsa(operation, digest, digest_size, signature);
    return right ? TEE_SUCCESS : TEE_ERROR_SIGNATURE_INVALID;
}
