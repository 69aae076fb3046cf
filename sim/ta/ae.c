/* SPDX-License-Identifier: BSD-2-Clause */
/* Authenticated encryption: GP TEE Internal Core API, section 6.6. */
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/cipher.h"
#include "sim/ta/panic.h"

/* What GCM allows (GP, table 6-9), and the longest nonce that OpenSSL takes. */
#define TAG_BITS_MIN 96u
#define TAG_BITS_MAX 128u
#define NONCE_MAX 128u

TEE_Result TEE_AEInit(TEE_OperationHandle handle, const void *nonce, size_t nonce_size, uint32_t tag_bits,
                      size_t aad_size, size_t payload_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_AE, __func__);
    int encrypt = operation->mode == TEE_MODE_ENCRYPT;
    EVP_CIPHER *cipher;
    bool ok;

    /* Sizes in advance are for CCM. */
    (void)aad_size;
    (void)payload_size;
    sim_operation_need_key(operation, __func__);
    sim_require_state(operation->state == TEE_OPERATION_STATE_INITIAL, "the operation is under way");
    sim_require(nonce && nonce_size, "no nonce");
    if (tag_bits < TAG_BITS_MIN || tag_bits > TAG_BITS_MAX || tag_bits % 8 || nonce_size > NONCE_MAX)
        return TEE_ERROR_NOT_SUPPORTED;
    sim_operation_reset(operation);
    cipher = sim_cipher_fetch(operation);
    ok = cipher && EVP_CipherInit_ex2(operation->cipher, cipher, NULL, NULL, encrypt, NULL) &&
         EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce_size, NULL) &&
         EVP_CipherInit_ex2(operation->cipher, NULL, operation->key, nonce, encrypt, NULL);
    EVP_CIPHER_free(cipher);
    if (!ok)
        sim_operation_failed(__func__);
    operation->tag_size = tag_bits / 8;
    operation->handle_state |= TEE_HANDLE_FLAG_INITIALIZED;
    operation->state = TEE_OPERATION_STATE_ACTIVE;
    return TEE_SUCCESS;
}

static struct sim_operation *get(TEE_OperationHandle handle, const char *function)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_AE, function);

    sim_operation_need_init(operation, function);
    return operation;
}

void TEE_AEUpdateAAD(TEE_OperationHandle handle, const void *aad, size_t size)
{
    struct sim_operation *operation = get(handle, __func__);

    sim_require(aad || !size, "no data");
    sim_require_state(!operation->payload, "associated data after the payload");
    sim_cipher_run(operation, aad, size, NULL, __func__);
}

/* Is there room for as many bytes as go in? The size comes back in any case. */
static bool has_room(const void *in, size_t size, const void *out, size_t *room, const char *function)
{
    bool fits;

    if ((!in && size) || !room || (!out && *room))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "no data, or no room for it");
    fits = *room >= size;
    *room = size;
    return fits;
}

TEE_Result TEE_AEUpdate(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room)
{
    struct sim_operation *operation = get(handle, __func__);

    if (!has_room(in, size, out, room, __func__))
        return TEE_ERROR_SHORT_BUFFER;
    sim_cipher_run(operation, in, size, out, __func__);
    operation->payload = true;
    return TEE_SUCCESS;
}

TEE_Result TEE_AEEncryptFinal(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room,
                              void *tag, size_t *tag_size)
{
    struct sim_operation *operation = get(handle, __func__);
    uint8_t rest[EVP_MAX_BLOCK_LENGTH];
    bool fits, tag_fits;
    int length;

    sim_require_state(operation->mode == TEE_MODE_ENCRYPT, "the operation decrypts");
    sim_require(tag && tag_size, "no room for the tag");
    fits = has_room(in, size, out, room, __func__);
    tag_fits = *tag_size >= operation->tag_size;
    *tag_size = operation->tag_size;
    if (!fits || !tag_fits)
        return TEE_ERROR_SHORT_BUFFER;
    sim_cipher_run(operation, in, size, out, __func__);
    if (!EVP_EncryptFinal_ex(operation->cipher, rest, &length) ||
        !EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_GET_TAG, (int)operation->tag_size, tag))
        sim_operation_failed(__func__);
    sim_operation_reset(operation);
    return TEE_SUCCESS;
}

TEE_Result TEE_AEDecryptFinal(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room,
                              void *tag, size_t tag_size)
{
    struct sim_operation *operation = get(handle, __func__);
    uint8_t expected[EVP_MAX_BLOCK_LENGTH];
    uint8_t rest[EVP_MAX_BLOCK_LENGTH];
    bool right = false;
    int length;

    sim_require_state(operation->mode == TEE_MODE_DECRYPT, "the operation encrypts");
    sim_require(tag, "no tag");
    if (!has_room(in, size, out, room, __func__))
        return TEE_ERROR_SHORT_BUFFER;
    sim_cipher_run(operation, in, size, out, __func__);
    if (tag_size == operation->tag_size) {
        memcpy(expected, tag, tag_size);
        right = EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_SET_TAG, (int)tag_size, expected) > 0 &&
                EVP_DecryptFinal_ex(operation->cipher, rest, &length) > 0;
    }
    /* Nobody gets to use what is not authentic. */
    if (!right && size)
        OPENSSL_cleanse(out, size);
    sim_operation_reset(operation);
    return right ? TEE_SUCCESS : TEE_ERROR_MAC_INVALID;
}
