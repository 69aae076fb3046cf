/* SPDX-License-Identifier: BSD-2-Clause */
/* Authenticated encryption: GP TEE Internal Core API, section 6.6. */
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/cipher.h"
#include "sim/ta/panic.h"

/* The longest nonce, in bytes, that OpenSSL accepts for GCM. */
#define GCM_NONCE_MAX 128u

static bool is_ccm(const struct sim_operation *operation)
{
    return operation->algorithm->id == TEE_ALG_AES_CCM;
}

/* GP, table 6-9. A CCM nonce of another size makes OP-TEE panic, so it does here. */
static bool sizes_allowed(const struct sim_operation *operation, size_t nonce_size, uint32_t tag_bits)
{
    if (!is_ccm(operation))
        return tag_bits >= 96 && tag_bits <= 128 && tag_bits % 8 == 0 && nonce_size <= GCM_NONCE_MAX;
    sim_require(nonce_size >= 7 && nonce_size <= 13, "the nonce has the wrong size");
    return tag_bits >= 32 && tag_bits <= 128 && tag_bits % 16 == 0;
}

static bool start_gcm(struct sim_operation *operation, const EVP_CIPHER *cipher, const void *nonce, size_t nonce_size)
{
    int encrypt = operation->mode == TEE_MODE_ENCRYPT;

    return EVP_CipherInit_ex2(operation->cipher, cipher, NULL, NULL, encrypt, NULL) &&
           EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_SET_IVLEN, (int)nonce_size, NULL) &&
           EVP_CipherInit_ex2(operation->cipher, NULL, operation->key, nonce, encrypt, NULL);
}

static bool start_ccm(struct sim_operation *operation, const EVP_CIPHER *cipher)
{
    return EVP_EncryptInit_ex2(operation->cipher, cipher, operation->key, NULL, NULL) &&
           EVP_CIPHER_CTX_set_padding(operation->cipher, 0);
}

TEE_Result TEE_AEInit(TEE_OperationHandle handle, const void *nonce, size_t nonce_size, uint32_t tag_bits,
                      size_t aad_size, size_t payload_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_AE, __func__);
    EVP_CIPHER *cipher;
    bool ok;

    sim_operation_need_key(operation, __func__);
    sim_require_state(operation->state == TEE_OPERATION_STATE_INITIAL, "the operation is under way");
    sim_require(nonce && nonce_size, "the nonce is NULL or empty");
    if (!sizes_allowed(operation, nonce_size, tag_bits))
        return TEE_ERROR_NOT_SUPPORTED;
    sim_operation_reset(operation);
    cipher = sim_cipher_fetch(operation);
    ok = cipher && (is_ccm(operation) ? start_ccm(operation, cipher) : start_gcm(operation, cipher, nonce, nonce_size));
    EVP_CIPHER_free(cipher);
    if (!ok)
        sim_operation_failed(__func__);
    operation->tag_size = tag_bits / 8;
    /* Only CCM uses the announced sizes. */
    if (is_ccm(operation))
        sim_ccm_begin(operation, nonce, nonce_size, aad_size, payload_size);
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

    sim_require(aad || !size, "the data pointer is NULL but its size is not 0");
    sim_require_state(!operation->payload, "associated data after the payload");
    if (is_ccm(operation))
        sim_ccm_aad(operation, aad, size);
    else
        sim_cipher_run(operation, aad, size, NULL, __func__);
}

/* Whether the output has room for `needed` bytes. Writes `needed` to *room in both cases, as GP requires. */
static bool has_room(const void *in, size_t size, size_t needed, const void *out, size_t *room, const char *function)
{
    bool fits;

    if ((!in && size) || !room || (!out && *room))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "an input or output pointer is NULL");
    fits = *room >= needed;
    *room = needed;
    return fits;
}

/* CCM: processes the bytes that were held back and the new ones, except for the last `keep`, which it holds back. */
static void run_ccm(struct sim_operation *operation, const uint8_t *in, size_t size, size_t keep, uint8_t *out)
{
    struct sim_ccm *ccm = &operation->ccm;
    size_t whole = operation->pending + size - keep;
    size_t taken = whole ? whole - operation->pending : 0;

    if (whole) {
        sim_ccm_payload(operation, ccm->held, operation->pending, out);
        sim_ccm_payload(operation, in, taken, out + operation->pending);
        operation->pending = 0;
    }
    if (size > taken)
        memcpy(ccm->held + operation->pending, in + taken, size - taken);
    operation->pending = keep;
}

TEE_Result TEE_AEUpdate(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room)
{
    struct sim_operation *operation = get(handle, __func__);
    size_t keep = (operation->pending + size) % operation->algorithm->block_size;

    if (!has_room(in, size, operation->pending + size - keep, out, room, __func__))
        return TEE_ERROR_SHORT_BUFFER;
    if (is_ccm(operation))
        run_ccm(operation, in, size, keep, out);
    else
        sim_cipher_run(operation, in, size, out, __func__);
    operation->payload = true;
    return TEE_SUCCESS;
}

/* Processes the rest of the payload. */
static void finish(struct sim_operation *operation, const void *in, size_t size, void *out, const char *function)
{
    if (is_ccm(operation))
        run_ccm(operation, in, size, 0, out);
    else
        sim_cipher_run(operation, in, size, out, function);
}

static void make_tag(struct sim_operation *operation, uint8_t *tag, const char *function)
{
    uint8_t block[SIM_CCM_BLOCK];
    uint8_t rest[EVP_MAX_BLOCK_LENGTH];
    int length;

    if (is_ccm(operation)) {
        sim_ccm_tag(operation, block);
        memcpy(tag, block, operation->tag_size);
    } else if (!EVP_EncryptFinal_ex(operation->cipher, rest, &length) ||
               !EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_GET_TAG, (int)operation->tag_size, tag)) {
        sim_operation_failed(function);
    }
}

static bool is_tag(struct sim_operation *operation, const void *tag, size_t tag_size)
{
    uint8_t expected[SIM_CCM_BLOCK];
    uint8_t rest[EVP_MAX_BLOCK_LENGTH];
    int length;

    if (is_ccm(operation))
        sim_ccm_tag(operation, expected); /* before any return, because it panics on an incomplete payload */
    if (tag_size != operation->tag_size)
        return false;
    if (is_ccm(operation))
        return CRYPTO_memcmp(expected, tag, tag_size) == 0;
    memcpy(expected, tag, tag_size);
    return EVP_CIPHER_CTX_ctrl(operation->cipher, EVP_CTRL_AEAD_SET_TAG, (int)tag_size, expected) > 0 &&
           EVP_DecryptFinal_ex(operation->cipher, rest, &length) > 0;
}

TEE_Result TEE_AEEncryptFinal(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room,
                              void *tag, size_t *tag_size)
{
    struct sim_operation *operation = get(handle, __func__);
    bool fits, tag_fits;

    sim_require_state(operation->mode == TEE_MODE_ENCRYPT, "the operation decrypts");
    sim_require(tag && tag_size, "the tag buffer or its size pointer is NULL");
    fits = has_room(in, size, operation->pending + size, out, room, __func__);
    tag_fits = *tag_size >= operation->tag_size;
    *tag_size = operation->tag_size;
    if (!fits || !tag_fits)
        return TEE_ERROR_SHORT_BUFFER;
    finish(operation, in, size, out, __func__);
    make_tag(operation, tag, __func__);
    sim_operation_reset(operation);
    return TEE_SUCCESS;
}

TEE_Result TEE_AEDecryptFinal(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room,
                              void *tag, size_t tag_size)
{
    struct sim_operation *operation = get(handle, __func__);
    bool right;

    sim_require_state(operation->mode == TEE_MODE_DECRYPT, "the operation encrypts");
    sim_require(tag, "the tag pointer is NULL");
    if (!has_room(in, size, operation->pending + size, out, room, __func__))
        return TEE_ERROR_SHORT_BUFFER;
    finish(operation, in, size, out, __func__);
    right = is_tag(operation, tag, tag_size);
    /* The TA must not see plaintext that is not authentic. */
    if (!right && *room)
        OPENSSL_cleanse(out, *room);
    sim_operation_reset(operation);
    return right ? TEE_SUCCESS : TEE_ERROR_MAC_INVALID;
}
