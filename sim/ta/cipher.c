/* SPDX-License-Identifier: BSD-2-Clause */
/* Symmetric ciphers: GP TEE Internal Core API, section 6.4. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sim/ta/cipher.h"
#include "sim/ta/panic.h"

#define AES_BLOCK 16u

EVP_CIPHER *sim_cipher_fetch(const struct sim_operation *operation)
{
    char name[sizeof("AES-256-XXXX")];

    snprintf(name, sizeof(name), "AES-%u-%.4s", (unsigned)operation->key_size * 8, operation->algorithm->name);
    return EVP_CIPHER_fetch(NULL, name, NULL);
}

/* OpenSSL counts in int, so long inputs are processed in pieces. */
void sim_cipher_run(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out, const char *function)
{
    int piece, written;

    while (size) {
        piece = size > INT_MAX / 2 ? INT_MAX / 2 - (int)(INT_MAX / 2 % AES_BLOCK) : (int)size;
        if (!EVP_CipherUpdate(operation->cipher, out, &written, in, piece))
            sim_operation_failed(function);
        in += piece;
        size -= (size_t)piece;
        if (out)
            out += written;
    }
}

void TEE_CipherInit(TEE_OperationHandle handle, const void *iv, size_t iv_size)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_CIPHER, __func__);
    bool has_iv = operation->algorithm->id != TEE_ALG_AES_ECB_NOPAD;
    EVP_CIPHER *cipher;
    bool ok;

    sim_operation_need_key(operation, __func__);
    sim_require(has_iv ? iv && iv_size == AES_BLOCK : !iv_size, "the IV has the wrong size");
    sim_operation_reset(operation);
    cipher = sim_cipher_fetch(operation);
    ok = cipher && EVP_CipherInit_ex2(operation->cipher, cipher, operation->key, has_iv ? iv : NULL,
                                      operation->mode == TEE_MODE_ENCRYPT, NULL);
    EVP_CIPHER_free(cipher);
    if (!ok || !EVP_CIPHER_CTX_set_padding(operation->cipher, 0))
        sim_operation_failed(__func__);
    operation->handle_state |= TEE_HANDLE_FLAG_INITIALIZED;
    operation->state = TEE_OPERATION_STATE_ACTIVE;
}

/* Checks the arguments that both functions share. *needed is the size of the output: all whole blocks; the cipher holds
 * back the rest. */
static struct sim_operation *begin(TEE_OperationHandle handle, const void *in, size_t size, const void *out,
                                   const size_t *room, size_t *needed, const char *function)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_CIPHER, function);

    sim_operation_need_init(operation, function);
    if ((!in && size) || !room || (!out && *room))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "an input or output pointer is NULL");
    *needed = operation->pending + size;
    *needed -= *needed % operation->algorithm->block_size;
    return operation;
}

TEE_Result TEE_CipherUpdate(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room)
{
    size_t needed;
    struct sim_operation *operation = begin(handle, in, size, out, room, &needed, __func__);
    bool fits = *room >= needed;

    *room = needed;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    sim_cipher_run(operation, in, size, out, __func__);
    operation->pending = operation->pending + size - needed;
    return TEE_SUCCESS;
}

TEE_Result TEE_CipherDoFinal(TEE_OperationHandle handle, const void *in, size_t size, void *out, size_t *room)
{
    size_t needed;
    struct sim_operation *operation = begin(handle, in, size, out, room, &needed, __func__);
    bool fits = *room >= needed;

    *room = needed;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    sim_require(operation->pending + size == needed, "the input is not a whole number of blocks");
    sim_cipher_run(operation, in, size, out, __func__);
    sim_operation_reset(operation);
    return TEE_SUCCESS;
}
