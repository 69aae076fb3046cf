/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/storage_seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "sim/ta/header.h"
#include "sim/ta/random.h"

#define NONCE_SIZE 12

static const uint8_t magic[SIM_SEAL_MAGIC_SIZE] = "luasim1";

/* The associated data of a file: authenticated, not encrypted. */
struct associated {
    uint8_t magic[SIM_SEAL_MAGIC_SIZE];
    uint8_t salt[SIM_SEAL_SALT_SIZE];
    TEE_UUID ta;
    char name[SIM_STORAGE_NAME_SIZE];
};

void sim_bytes_free(struct sim_bytes *bytes)
{
    if (bytes->data)
        OPENSSL_cleanse(bytes->data, bytes->size);
    free(bytes->data);
    *bytes = (struct sim_bytes){NULL, 0};
}

static bool allocate(struct sim_bytes *bytes, size_t size)
{
    bytes->data = malloc(size ? size : 1);
    bytes->size = bytes->data ? size : 0;
    return bytes->data != NULL;
}

/* Sets up AES-256-GCM for encryption (1) or decryption (0) with the key of this salt, and processes the associated
 * data. Returns NULL when OpenSSL failed. */
static EVP_CIPHER_CTX *start(const struct sim_storage *storage, const char *name, const uint8_t *salt, int encrypt)
{
    static const uint8_t nonce[NONCE_SIZE];
    struct associated associated;
    uint8_t key[SIM_STORAGE_KEY_SIZE];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    unsigned int written;
    bool ok = context != NULL;
    int length;

    memset(&associated, 0, sizeof(associated));
    memcpy(associated.magic, magic, sizeof(magic));
    memcpy(associated.salt, salt, SIM_SEAL_SALT_SIZE);
    associated.ta = sim_ta_uuid;
    memcpy(associated.name, name, strlen(name));
    ok = ok && HMAC(EVP_sha256(), storage->file_key, SIM_STORAGE_KEY_SIZE, salt, SIM_SEAL_SALT_SIZE, key, &written) &&
         EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce, encrypt) &&
         EVP_CipherUpdate(context, NULL, &length, (const uint8_t *)&associated, sizeof(associated));
    OPENSSL_cleanse(key, sizeof(key));
    if (ok)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

TEE_Result sim_seal(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                    struct sim_bytes *sealed)
{
    EVP_CIPHER_CTX *context = NULL;
    uint8_t *salt, *text;
    bool ok = allocate(sealed, plain->size + SIM_SEAL_OVERHEAD);
    int length = 0;

    if (!ok)
        return TEE_ERROR_OUT_OF_MEMORY;
    salt = sealed->data + SIM_SEAL_MAGIC_SIZE;
    text = salt + SIM_SEAL_SALT_SIZE;
    memcpy(sealed->data, magic, sizeof(magic));
    sim_random(salt, SIM_SEAL_SALT_SIZE);
    context = start(storage, name, salt, 1);
    ok = context && EVP_EncryptUpdate(context, text, &length, plain->data, (int)plain->size) &&
         EVP_EncryptFinal_ex(context, text + length, &length) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, SIM_SEAL_TAG_SIZE, text + plain->size);
    EVP_CIPHER_CTX_free(context);
    if (!ok)
        sim_bytes_free(sealed);
    return ok ? TEE_SUCCESS : TEE_ERROR_OUT_OF_MEMORY;
}

TEE_Result sim_unseal(const struct sim_storage *storage, const char *name, const struct sim_bytes *sealed,
                      struct sim_bytes *plain)
{
    EVP_CIPHER_CTX *context;
    uint8_t *salt, *text;
    int length = 0;
    bool ok;

    if (sealed->size < SIM_SEAL_OVERHEAD || memcmp(sealed->data, magic, sizeof(magic)) != 0)
        return TEE_ERROR_CORRUPT_OBJECT;
    salt = sealed->data + SIM_SEAL_MAGIC_SIZE;
    text = salt + SIM_SEAL_SALT_SIZE;
    if (!allocate(plain, sealed->size - SIM_SEAL_OVERHEAD))
        return TEE_ERROR_OUT_OF_MEMORY;
    context = start(storage, name, salt, 0);
    if (!context) {
        sim_bytes_free(plain);
        return TEE_ERROR_OUT_OF_MEMORY;
    }
    ok = EVP_DecryptUpdate(context, plain->data, &length, text, (int)plain->size) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, SIM_SEAL_TAG_SIZE, text + plain->size) &&
         EVP_DecryptFinal_ex(context, plain->data + length, &length);
    EVP_CIPHER_CTX_free(context);
    if (!ok)
        sim_bytes_free(plain);
    return ok ? TEE_SUCCESS : TEE_ERROR_CORRUPT_OBJECT;
}
