/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "client/package/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "client/base/error.h"
#include "client/package/files.h"

#define KEY_FILE_MAX (16 * 1024)
#define PASSPHRASE_MAX 1024
#define CLASS_PEM_NAME "LUATEE CLASS KEY"
#define PUBLIC_PEM_BEGIN "-----BEGIN PUBLIC KEY-----"

/* The SubjectPublicKeyInfo of a P-256 key, up to the coordinates of its point. Ids use this encoding even when a PEM
 * file uses another one. */
static const uint8_t spki_head[] = { PACKAGE_SPKI_HEAD };

void package_id_text(const uint8_t *id, char text[PACKAGE_ID_TEXT_SIZE])
{
    for (size_t i = 0; i < (PACKAGE_ID_TEXT_SIZE - 1) / 2; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", id[i]);
}

static luatee_status openssl_failed(luatee_error *error, const char *action)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    luatee_status status =
        luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot %s%s%s", action, reason ? ": " : "",
                         reason ? reason : "");
    ERR_clear_error();
    return status;
}

/* --- ids */

static bool get_coordinate(const EVP_PKEY *key, const char *name, uint8_t out[PACKAGE_POINT_SIZE])
{
    BIGNUM *number = NULL;
    bool fine = EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
                BN_bn2binpad(number, out, PACKAGE_POINT_SIZE) == PACKAGE_POINT_SIZE;
    BN_free(number);
    return fine;
}

bool package_key_point(const EVP_PKEY *key, uint8_t x[PACKAGE_POINT_SIZE], uint8_t y[PACKAGE_POINT_SIZE])
{
    return get_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X, x) && get_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y, y);
}

bool package_publisher_id(const EVP_PKEY *key, uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    uint8_t spki[sizeof(spki_head) + 2 * PACKAGE_POINT_SIZE];
    memcpy(spki, spki_head, sizeof(spki_head));
    uint8_t *point = spki + sizeof(spki_head);
    return package_key_point(key, point, point + PACKAGE_POINT_SIZE) &&
           EVP_Digest(spki, sizeof(spki), id, NULL, EVP_sha256(), NULL) == 1;
}

bool package_device_id(const EVP_PKEY *key, uint8_t id[PACKAGE_RECIPIENT_ID_SIZE])
{
    uint8_t digest[PACKAGE_PUBLISHER_ID_SIZE];
    if (!package_publisher_id(key, digest))
        return false;
    memcpy(id, digest, PACKAGE_RECIPIENT_ID_SIZE);
    return true;
}

bool package_class_id(const uint8_t key[PACKAGE_KEY_SIZE], uint8_t id[PACKAGE_RECIPIENT_ID_SIZE])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, PACKAGE_CLASS_KEY_LABEL, strlen(PACKAGE_CLASS_KEY_LABEL)) == 1 &&
                EVP_DigestUpdate(context, key, PACKAGE_KEY_SIZE) == 1 && EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (fine)
        memcpy(id, digest, PACKAGE_RECIPIENT_ID_SIZE);
    return fine;
}

/* --- reading */

/* Reads the passphrase from the environment, or asks for it; with `verify` twice. path: names the key in the prompt.
 * Returns the size of the passphrase, or -1. */
static int get_passphrase(char *passphrase, int room, bool verify, const char *path)
{
    const char *variable = getenv(PACKAGE_PASSPHRASE_VARIABLE);
    if (variable != NULL) {
        size_t size = strlen(variable);
        if (size == 0 || size >= (size_t)room)
            return -1;
        memcpy(passphrase, variable, size + 1);
        return (int)size;
    }
    char prompt[256];
    (void)snprintf(prompt, sizeof(prompt), "Passphrase of %s: ", path);
    if (EVP_read_pw_string_min(passphrase, 1, room - 1, prompt, verify) != 0)
        return -1;
    return (int)strlen(passphrase);
}

/* OpenSSL calls answer_passphrase() once for each decoder. The user is asked only once. */
struct passphrase {
    const char *path;
    bool asked;
    int size; /* -1: no passphrase */
    char text[PASSPHRASE_MAX];
};

static int answer_passphrase(char *out, int room, int writing, void *ud)
{
    struct passphrase *passphrase = ud;
    (void)writing;
    if (!passphrase->asked)
        passphrase->size = get_passphrase(passphrase->text, sizeof(passphrase->text), false, passphrase->path);
    passphrase->asked = true;
    if (passphrase->size > room)
        return -1;
    if (passphrase->size > 0)
        memcpy(out, passphrase->text, (size_t)passphrase->size);
    return passphrase->size;
}

static bool is_p256(const EVP_PKEY *key)
{
    char group[32];
    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

static luatee_status finish_key(const char *path, EVP_PKEY **key, luatee_error *error)
{
    ERR_clear_error();
    if (*key != NULL && is_p256(*key))
        return LUATEE_OK;
    EVP_PKEY_free(*key);
    *key = NULL;
    return luatee_error_set(error, LUATEE_USAGE,
                            "%s does not contain an EC P-256 key in PEM, or the passphrase is wrong; make a key with "
                            "luatee keygen",
                            path);
}

luatee_status package_load_publisher(const char *path, EVP_PKEY **key, bool *is_private, luatee_error *error)
{
    struct luatee_buffer text = { 0 };
    *key = NULL;
    luatee_status status = package_file_read(path, KEY_FILE_MAX, &text, error);
    if (status != LUATEE_OK)
        return status;
    struct passphrase passphrase = { .path = path };
    *is_private = memmem(text.data, text.size, PUBLIC_PEM_BEGIN, strlen(PUBLIC_PEM_BEGIN)) == NULL;
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    if (bio != NULL && *is_private)
        *key = PEM_read_bio_PrivateKey(bio, NULL, answer_passphrase, &passphrase);
    else if (bio != NULL)
        *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    BIO_free(bio);
    luatee_buffer_free(&text);
    OPENSSL_cleanse(passphrase.text, sizeof(passphrase.text));
    if (*key == NULL && passphrase.asked && passphrase.size <= 0) {
        ERR_clear_error();
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s is encrypted, and there is no passphrase: set " PACKAGE_PASSPHRASE_VARIABLE
                                ", or type it on a terminal",
                                path);
    }
    return finish_key(path, key, error);
}

luatee_status package_load_public(const char *path, EVP_PKEY **key, luatee_error *error)
{
    bool is_private;
    luatee_status status = package_load_publisher(path, key, &is_private, error);
    if (status != LUATEE_OK || !is_private)
        return status;
    EVP_PKEY_free(*key);
    *key = NULL;
    return luatee_error_set(error, LUATEE_USAGE, "%s is a private key: name its public half", path);
}

luatee_status package_load_class(const char *path, uint8_t key[PACKAGE_KEY_SIZE], luatee_error *error)
{
    struct luatee_buffer text = { 0 };
    luatee_status status = package_file_read(path, KEY_FILE_MAX, &text, error);
    if (status != LUATEE_OK)
        return status;
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    char *name = NULL, *header = NULL;
    unsigned char *data = NULL;
    long size = 0;
    bool fine = bio != NULL && PEM_read_bio(bio, &name, &header, &data, &size) == 1 &&
                strcmp(name, CLASS_PEM_NAME) == 0 && size == PACKAGE_KEY_SIZE;
    if (fine)
        memcpy(key, data, PACKAGE_KEY_SIZE);
    ERR_clear_error();
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, size > 0 ? (size_t)size : 0);
    BIO_free(bio);
    luatee_buffer_free(&text);
    if (fine)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_USAGE, "%s does not contain a class key; make one with luatee keygen class",
                            path);
}

luatee_status package_key_marked(const char *path, bool *marked, luatee_error *error)
{
    struct luatee_buffer text = { 0 };
    luatee_status status = package_file_read(path, KEY_FILE_MAX, &text, error);
    if (status != LUATEE_OK)
        return status;
    *marked = memmem(text.data, text.size, PACKAGE_DEVELOPMENT_MARK, strlen(PACKAGE_DEVELOPMENT_MARK)) != NULL;
    OPENSSL_cleanse(text.data, text.size);
    luatee_buffer_free(&text);
    return LUATEE_OK;
}

/* --- making */

static bool put_mark(BIO *bio, const char *mark)
{
    return mark == NULL || BIO_printf(bio, "%s\n", mark) > 0;
}

static luatee_status write_bio(const char *path, mode_t mode, BIO *bio, luatee_error *error)
{
    char *text;
    long size = BIO_get_mem_data(bio, &text);
    return package_file_create(path, mode, text, (size_t)size, error);
}

static luatee_status write_private(const char *path, EVP_PKEY *key, bool passphrase, const char *mark, BIO *bio,
                                   luatee_error *error)
{
    char text[PASSPHRASE_MAX];
    int size = 0;
    if (passphrase) {
        size = get_passphrase(text, sizeof(text), true, path);
        if (size <= 0) {
            OPENSSL_cleanse(text, sizeof(text));
            return luatee_error_set(error, LUATEE_USAGE,
                                    "there is no passphrase, or the two are different: set " PACKAGE_PASSPHRASE_VARIABLE
                                    ", or type it on a terminal");
        }
    }
    bool written =
        put_mark(bio, mark) && PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL,
                                                             passphrase ? text : NULL, size, NULL, NULL) == 1;
    OPENSSL_cleanse(text, sizeof(text));
    if (!written)
        return openssl_failed(error, "encode a private key");
    return write_bio(path, S_IRUSR | S_IWUSR, bio, error);
}

static luatee_status write_public(const char *path, EVP_PKEY *key, const char *mark, luatee_error *error)
{
    BIO *bio = BIO_new(BIO_s_mem());
    luatee_status status = bio != NULL && put_mark(bio, mark) && PEM_write_bio_PUBKEY(bio, key) == 1
                               ? write_bio(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, bio, error)
                               : openssl_failed(error, "encode a public key");
    BIO_free(bio);
    return status;
}

luatee_status package_create_publisher(const char *path, const char *public_path, bool passphrase, const char *mark,
                                       luatee_error *error)
{
    /* OpenSSL wipes its secure memory itself. When the public half cannot be written, the private half is removed. */
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_secmem());
    luatee_status status =
        key != NULL && bio != NULL ? package_file_absent(path, error) : openssl_failed(error, "generate a key");
    if (status == LUATEE_OK)
        status = package_file_absent(public_path, error);
    if (status == LUATEE_OK)
        status = write_private(path, key, passphrase, mark, bio, error);
    if (status == LUATEE_OK) {
        status = write_public(public_path, key, mark, error);
        if (status != LUATEE_OK)
            (void)remove(path);
    }
    BIO_free(bio);
    EVP_PKEY_free(key);
    return status;
}

luatee_status package_create_class(const char *path, const char *mark, luatee_error *error)
{
    uint8_t key[PACKAGE_KEY_SIZE];
    BIO *bio = BIO_new(BIO_s_secmem());
    luatee_status status = package_file_absent(path, error);
    if (status == LUATEE_OK && (bio == NULL || RAND_priv_bytes(key, sizeof(key)) != 1 || !put_mark(bio, mark) ||
                                PEM_write_bio(bio, CLASS_PEM_NAME, "", key, sizeof(key)) <= 0))
        status = openssl_failed(error, "generate a key");
    if (status == LUATEE_OK)
        status = write_bio(path, S_IRUSR | S_IWUSR, bio, error);
    OPENSSL_cleanse(key, sizeof(key));
    BIO_free(bio);
    return status;
}
