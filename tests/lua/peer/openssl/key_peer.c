/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other side of the tests of keys: OpenSSL, in a program that runs in the machine in QEMU as well, which has no
 * openssl. What it is given and what it prints is in hexadecimal; keys are in PEM. service_peer.h has the rest.
 *
 *   key_peer new NAME                   a new private key; NAME: EC-256, EC-384, ED25519, X25519, RSA-2048, -3072,
 * -4096 key_peer public PRIVATE             the public key of a private one key_peer sign SCHEME PRIVATE DATA   SCHEME:
 * ecdsa256, ecdsa384, ed25519, pss, pkcs1 key_peer verify SCHEME PUBLIC DATA SIGNATURE    01 or 00 key_peer encrypt
 * PUBLIC TEXT        RSA-OAEP key_peer decrypt PRIVATE BOX key_peer agree PRIVATE PUBLIC       the shared secret
 *
 * Exit status: 0; 1 when OpenSSL refused; 2 wrong usage.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lua/peer/openssl/peer_bytes.h"
#include "tests/lua/peer/openssl/service_peer.h"

void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "key_peer: %s\n", what);
    exit(1);
}

struct bytes from_hex(const char *text)
{
    struct bytes b = { malloc(strlen(text) / 2 + 1), strlen(text) / 2 };
    need(b.data != NULL, "no memory");
    for (size_t i = 0; i < b.size; i++) {
        unsigned byte;
        need(sscanf(text + 2 * i, "%2x", &byte) == 1, "not hexadecimal");
        b.data[i] = (unsigned char)byte;
    }
    return b;
}

int print_hex(const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", data[i]);
    putchar('\n');
    return 0;
}

static EVP_PKEY *read_key(const char *hex, bool private_key)
{
    struct bytes pem = from_hex(hex);
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    EVP_PKEY *key =
        private_key ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    need(key != NULL, "not a key");
    BIO_free(bio);
    free(pem.data);
    return key;
}

static int print_key(EVP_PKEY *key, bool private_key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    int ok = private_key ? PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)
                         : PEM_write_bio_PUBKEY(bio, key);
    need(ok == 1, "cannot write the key");
    long size = BIO_get_mem_data(bio, &pem);
    print_hex((unsigned char *)pem, (size_t)size);
    BIO_free(bio);
    return 0;
}

static int make(const char *name)
{
    EVP_PKEY *key;
    if (strncmp(name, "EC-", 3) == 0)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", strcmp(name, "EC-256") == 0 ? "P-256" : "P-384");
    else if (strncmp(name, "RSA-", 4) == 0)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)strtoul(name + 4, NULL, 10));
    else
        key = EVP_PKEY_Q_keygen(NULL, NULL, name);
    need(key != NULL, "cannot make the key");
    int status = print_key(key, true);
    EVP_PKEY_free(key);
    return status;
}

static const EVP_MD *digest_of(const char *scheme)
{
    if (strcmp(scheme, "ed25519") == 0)
        return NULL;
    return strcmp(scheme, "ecdsa384") == 0 ? EVP_sha384() : EVP_sha256();
}

static void set_padding(EVP_PKEY_CTX *context, const char *scheme)
{
    if (strcmp(scheme, "pss") == 0)
        need(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1,
             "no PSS");
}

static int sign(const char *scheme, EVP_PKEY *key, struct bytes data)
{
    unsigned char signature[1024];
    size_t size = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    need(EVP_DigestSignInit(context, &inner, digest_of(scheme), NULL, key) == 1, "cannot sign");
    set_padding(inner, scheme);
    need(EVP_DigestSign(context, signature, &size, data.data, data.size) == 1, "cannot sign");
    EVP_MD_CTX_free(context);
    return print_hex(signature, size);
}

static int verify(const char *scheme, EVP_PKEY *key, struct bytes data, struct bytes signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    need(EVP_DigestVerifyInit(context, &inner, digest_of(scheme), NULL, key) == 1, "cannot verify");
    set_padding(inner, scheme);
    puts(EVP_DigestVerify(context, signature.data, signature.size, data.data, data.size) == 1 ? "01" : "00");
    EVP_MD_CTX_free(context);
    return 0;
}

static int crypt(bool encrypts, EVP_PKEY *key, struct bytes in)
{
    unsigned char out[1024];
    size_t size = sizeof(out);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    need((encrypts ? EVP_PKEY_encrypt_init(context) : EVP_PKEY_decrypt_init(context)) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1,
         "no OAEP");
    int done = encrypts ? EVP_PKEY_encrypt(context, out, &size, in.data, in.size)
                        : EVP_PKEY_decrypt(context, out, &size, in.data, in.size);
    need(done == 1, "cannot encrypt or decrypt");
    EVP_PKEY_CTX_free(context);
    return print_hex(out, size);
}

static int agree(EVP_PKEY *key, EVP_PKEY *peer)
{
    unsigned char secret[64];
    size_t size = sizeof(secret);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    need(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
             EVP_PKEY_derive(context, secret, &size) == 1,
         "cannot agree");
    EVP_PKEY_CTX_free(context);
    return print_hex(secret, size);
}

static int with_key(int argc, char **argv)
{
    const char *what = argv[1];
    bool named = strcmp(what, "sign") == 0 || strcmp(what, "verify") == 0; /* the scheme comes before the key */
    bool public_key = strcmp(what, "verify") == 0 || strcmp(what, "encrypt") == 0;
    char **rest = argv + (named ? 4 : 3);
    int count = argc - (named ? 4 : 3), status = 2;
    EVP_PKEY *key = read_key(rest[-1], !public_key);
    struct bytes data = { NULL, 0 }, signature = { NULL, 0 };
    if (count == 0 && strcmp(what, "public") == 0) {
        status = print_key(key, false);
    } else if (count == 1 && strcmp(what, "agree") == 0) {
        EVP_PKEY *peer = read_key(rest[0], false);
        status = agree(key, peer);
        EVP_PKEY_free(peer);
    } else if (count == 1 && !named && strcmp(what, "public") != 0) {
        data = from_hex(rest[0]);
        status = crypt(public_key, key, data);
    } else if (count == 1 && strcmp(what, "sign") == 0) {
        data = from_hex(rest[0]);
        status = sign(argv[2], key, data);
    } else if (count == 2 && strcmp(what, "verify") == 0) {
        data = from_hex(rest[0]);
        signature = from_hex(rest[1]);
        status = verify(argv[2], key, data, signature);
    }
    free(data.data);
    free(signature.data);
    EVP_PKEY_free(key);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const verbs[] = { "public", "sign", "verify", "encrypt", "decrypt", "agree" };
    if (argc == 3 && strcmp(argv[1], "new") == 0)
        return make(argv[2]);
    for (size_t i = 0; argc >= 3 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(argv[1], verbs[i]) == 0 && (argc >= 4 || i == 0))
            return with_key(argc, argv);
    int status = service_peer(argc, argv);
    if (status >= 0)
        return status;
    fputs("usage: see the source\n", stderr);
    return 2;
}
