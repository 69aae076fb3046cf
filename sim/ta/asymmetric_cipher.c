/* SPDX-License-Identifier: BSD-2-Clause */
/* Asymmetric encryption: GP TEE Internal Core API, section 6.7. RSA with OAEP (RFC 8017), SHA-256, without a label. */
#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <string.h>

#include "sim/ta/operation.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"

/* Bytes that OAEP adds: two digests and two bytes. */
#define OVERHEAD (2u * 32u + 2u)

static void check_parameters(const TEE_Attribute *params, uint32_t param_count, const void *in, size_t in_size,
                             const void *out, const size_t *out_size, const char *function)
{
    if ((!params && param_count) || (!in && in_size) || !out_size || (!out && *out_size))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the parameter array, an input or an output pointer is NULL");
    if (param_count)
        sim_panic(TEE_ERROR_NOT_SUPPORTED, function, "OAEP takes no parameters: no label, SHA-256 only");
}

static struct sim_operation *begin(TEE_OperationHandle handle, uint32_t mode, const char *function)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_ASYMMETRIC_CIPHER, function);

    if (operation->mode != mode)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the operation was allocated with another mode");
    sim_operation_need_key(operation, function);
    return operation;
}

static EVP_PKEY_CTX *context_of(const struct sim_operation *operation)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, operation->pair, NULL);
    int ready;

    if (!context)
        sim_operation_failed(__func__);
    ready = operation->mode == TEE_MODE_ENCRYPT ? EVP_PKEY_encrypt_init(context) : EVP_PKEY_decrypt_init(context);
    if (ready <= 0 || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) <= 0)
        sim_operation_failed(__func__);
    return context;
}

TEE_Result TEE_AsymmetricEncrypt(TEE_OperationHandle handle, const TEE_Attribute *params, uint32_t param_count,
                                 const void *in, size_t in_size, void *out, size_t *out_size)
{
    struct sim_operation *operation = begin(handle, TEE_MODE_ENCRYPT, __func__);
    size_t modulus = operation->key_bits / 8;
    EVP_PKEY_CTX *context;
    bool fits;
    int done;

    check_parameters(params, param_count, in, in_size, out, out_size, __func__);
    fits = *out_size >= modulus;
    *out_size = modulus;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    if (modulus < OVERHEAD || in_size > modulus - OVERHEAD)
        return TEE_ERROR_BAD_PARAMETERS;
    context = context_of(operation);
    done = EVP_PKEY_encrypt(context, out, out_size, in, in_size);
    EVP_PKEY_CTX_free(context);
    if (done <= 0)
        sim_operation_failed(__func__);
    return TEE_SUCCESS;
}

/* Returns TEE_ERROR_BAD_PARAMETERS, as OP-TEE does, if the key cannot decrypt the input: GP has no code for that. */
TEE_Result TEE_AsymmetricDecrypt(TEE_OperationHandle handle, const TEE_Attribute *params, uint32_t param_count,
                                 const void *in, size_t in_size, void *out, size_t *out_size)
{
    struct sim_operation *operation = begin(handle, TEE_MODE_DECRYPT, __func__);
    uint8_t text[SIM_KEY_PART_MAX];
    size_t size = sizeof(text);
    EVP_PKEY_CTX *context;
    bool ok, fits;

    check_parameters(params, param_count, in, in_size, out, out_size, __func__);
    context = context_of(operation);
    ok = EVP_PKEY_decrypt(context, text, &size, in, in_size) > 0;
    fits = ok && size <= *out_size;
    EVP_PKEY_CTX_free(context);
    if (fits && size)
        memcpy(out, text, size);
    if (ok)
        *out_size = size;
    OPENSSL_cleanse(text, sizeof(text));
    if (!ok)
        return TEE_ERROR_BAD_PARAMETERS;
    return fits ? TEE_SUCCESS : TEE_ERROR_SHORT_BUFFER;
}
