/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/seal.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "client/base/error.h"
#include "client/package/encode.h"
#include "client/package/keys.h"
#include "core/package/structures.h"

/* The bytes of a recipient: the pointers of struct package_recipient point here. */
struct wrapped {
    uint8_t id[PACKAGE_RECIPIENT_ID_SIZE];
    uint8_t key[PACKAGE_WRAPPED_SIZE];
    uint8_t x[PACKAGE_POINT_SIZE];
    uint8_t y[PACKAGE_POINT_SIZE];
};

/* Wraps a key with AES key wrap (RFC 3394). */
static bool wrap(const uint8_t wrapping_key[PACKAGE_KEY_SIZE], const uint8_t key[PACKAGE_KEY_SIZE],
                 uint8_t out[PACKAGE_WRAPPED_SIZE])
{
    int size = 0, rest = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL)
        return false;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    bool fine = EVP_EncryptInit_ex(context, EVP_aes_256_wrap(), NULL, wrapping_key, NULL) == 1 &&
                EVP_EncryptUpdate(context, out, &size, key, PACKAGE_KEY_SIZE) == 1 &&
                EVP_EncryptFinal_ex(context, out + size, &rest) == 1 && size + rest == PACKAGE_WRAPPED_SIZE;
    EVP_CIPHER_CTX_free(context);
    return fine;
}

/* Computes the ECDH secret of both keys: the x coordinate of the shared point. */
static bool agree(EVP_PKEY *ephemeral, EVP_PKEY *device, uint8_t secret[PACKAGE_POINT_SIZE])
{
    size_t size = PACKAGE_POINT_SIZE;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ephemeral, NULL);
    bool fine = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
                EVP_PKEY_derive_set_peer(context, device) == 1 && EVP_PKEY_derive(context, secret, &size) == 1 &&
                size == PACKAGE_POINT_SIZE;
    EVP_PKEY_CTX_free(context);
    return fine;
}

/* Derives the wrapping key from the secret with HKDF-SHA-256, without a salt (RFC 9053, section 5.1). */
static bool derive(uint8_t secret[PACKAGE_POINT_SIZE], uint8_t key[PACKAGE_KEY_SIZE])
{
    uint8_t info[STRUCTURE_KDF_CONTEXT_MAX];
    size_t info_size = structure_kdf_context(info);
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret, PACKAGE_POINT_SIZE),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, info_size),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = hkdf == NULL ? NULL : EVP_KDF_CTX_new(hkdf);
    bool fine = context != NULL && EVP_KDF_derive(context, key, PACKAGE_KEY_SIZE, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(hkdf);
    return fine;
}

static bool wrap_for_class(const uint8_t *class_key, const uint8_t *key, struct wrapped *wrapped)
{
    return package_class_id(class_key, wrapped->id) && wrap(class_key, key, wrapped->key);
}

static bool wrap_for_device(EVP_PKEY *device, const uint8_t *key, struct wrapped *wrapped)
{
    uint8_t secret[PACKAGE_POINT_SIZE], wrapping_key[PACKAGE_KEY_SIZE];
    EVP_PKEY *ephemeral = EVP_EC_gen("P-256");
    bool fine = ephemeral != NULL && package_device_id(device, wrapped->id) &&
                package_key_point(ephemeral, wrapped->x, wrapped->y) && agree(ephemeral, device, secret) &&
                derive(secret, wrapping_key) && wrap(wrapping_key, key, wrapped->key);
    EVP_PKEY_free(ephemeral);
    OPENSSL_cleanse(secret, sizeof(secret));
    OPENSSL_cleanse(wrapping_key, sizeof(wrapping_key));
    return fine;
}

/* Wraps the key for all readers, the class first. wrapped: an array with an element for each reader. */
static bool wrap_for_all(const struct package_readers *readers, const uint8_t *key, struct wrapped *wrapped,
                         struct package_body *body)
{
    size_t count = 0;
    if (readers->class_key != NULL) {
        if (!wrap_for_class(readers->class_key, key, &wrapped[count]))
            return false;
        body->recipients[count++].kind = PACKAGE_FOR_CLASS;
    }
    for (size_t i = 0; i < readers->device_count; i++) {
        if (!wrap_for_device(readers->devices[i], key, &wrapped[count]))
            return false;
        body->recipients[count++].kind = PACKAGE_FOR_DEVICE;
    }
    for (size_t i = 0; i < count; i++) {
        struct package_recipient *recipient = &body->recipients[i];
        recipient->id = wrapped[i].id;
        recipient->wrapped = wrapped[i].key;
        recipient->x = wrapped[i].x;
        recipient->y = wrapped[i].y;
    }
    body->recipient_count = count;
    return true;
}

/* Encrypts with AES-256-GCM. ciphertext has size + PACKAGE_TAG_SIZE bytes; the tag comes last. */
static bool encrypt(const struct luatee_buffer *header, const uint8_t *key, const uint8_t *iv, const void *plaintext,
                    size_t size, uint8_t *ciphertext)
{
    uint8_t additional[STRUCTURE_ENCRYPT_MAX];
    size_t additional_size = structure_encrypt(header->data, header->size, additional);
    int done = 0, written = 0, rest = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool fine = context != NULL && EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, iv) == 1 &&
                EVP_EncryptUpdate(context, NULL, &done, additional, (int)additional_size) == 1 &&
                (size == 0 || EVP_EncryptUpdate(context, ciphertext, &written, plaintext, (int)size) == 1) &&
                EVP_EncryptFinal_ex(context, ciphertext + written, &rest) == 1 && (size_t)written + (size_t)rest == size &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, PACKAGE_TAG_SIZE, ciphertext + size) == 1;
    EVP_CIPHER_CTX_free(context);
    return fine;
}

luatee_status package_seal(const struct luatee_buffer *header, const void *plaintext, size_t size,
                           const struct package_readers *readers, struct luatee_buffer *body, luatee_error *error)
{
    uint8_t key[PACKAGE_KEY_SIZE], iv[PACKAGE_IV_SIZE];
    struct wrapped wrapped[PACKAGE_RECIPIENTS_MAX];
    struct package_body parts = { .iv = iv };
    struct luatee_buffer ciphertext = { 0 };
    luatee_status status = LUATEE_OK;
    size_t count = readers->device_count + (readers->class_key != NULL);
    if (size > LUATEE_SCRIPT_MAX || header->size > PACKAGE_HEADER_MAX || count == 0 || count > PACKAGE_RECIPIENTS_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "a package has 1 to %d readers and at most %u bytes",
                                PACKAGE_RECIPIENTS_MAX, LUATEE_SCRIPT_MAX);
    if (!luatee_buffer_reserve(&ciphertext, size + PACKAGE_TAG_SIZE))
        return luatee_error_memory(error);
    parts.ciphertext = ciphertext.data;
    parts.ciphertext_size = size + PACKAGE_TAG_SIZE;
    if (RAND_priv_bytes(key, sizeof(key)) != 1 || RAND_bytes(iv, sizeof(iv)) != 1 ||
        !encrypt(header, key, iv, plaintext, size, ciphertext.data) || !wrap_for_all(readers, key, wrapped, &parts))
        status = luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot encrypt");
    else if (!package_encode_body(&parts, body))
        status = luatee_error_memory(error);
    OPENSSL_cleanse(key, sizeof(key));
    luatee_buffer_free(&ciphertext);
    ERR_clear_error();
    return status;
}
