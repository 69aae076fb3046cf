/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/lua/peer/openssl/service_peer.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lua/peer/openssl/peer_bytes.h"

#define OUT_MAX 4096

/* argv after NAME: numbers first, then bytes. */
#define BYTES_MAX 4

struct request {
    const char *name;
    long numbers[2];
    struct bytes in[BYTES_MAX];
};

static const EVP_MD *hash(const char *name)
{
    const EVP_MD *md = EVP_get_digestbyname(name);
    need(md != NULL, "no such hash");
    return md;
}

static const EVP_CIPHER *cipher_of(const char *name, struct bytes key)
{
    const EVP_CIPHER *cipher = EVP_get_cipherbyname(name);
    need(cipher != NULL && (size_t)EVP_CIPHER_get_key_length(cipher) == key.size, "no such cipher, or key");
    return cipher;
}

static int digest(const struct request *r)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size;
    need(EVP_Digest(r->in[0].data, r->in[0].size, out, &size, hash(r->name), NULL) == 1, "no digest");
    return print_hex(out, size);
}

static int hmac(const struct request *r)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size;
    const struct bytes *key = &r->in[0], *data = &r->in[1];
    need(HMAC(hash(r->name), key->data, (int)key->size, data->data, data->size, out, &size) != NULL, "no MAC");
    return print_hex(out, size);
}

static size_t wanted(const struct request *r)
{
    need(r->numbers[0] > 0 && r->numbers[0] <= OUT_MAX, "a size that is none");
    return (size_t)r->numbers[0];
}

static int hkdf(const struct request *r)
{
    unsigned char out[OUT_MAX];
    size_t size = wanted(r);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    need(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_CTX_set_hkdf_md(context, hash(r->name)) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_key(context, r->in[0].data, (int)r->in[0].size) == 1 &&
             EVP_PKEY_CTX_set1_hkdf_salt(context, r->in[1].data, (int)r->in[1].size) == 1 &&
             EVP_PKEY_CTX_add1_hkdf_info(context, r->in[2].data, (int)r->in[2].size) == 1 &&
             EVP_PKEY_derive(context, out, &size) == 1,
         "no HKDF");
    EVP_PKEY_CTX_free(context);
    return print_hex(out, size);
}

static int pbkdf2(const struct request *r)
{
    unsigned char out[OUT_MAX];
    size_t size = wanted(r);
    need(PKCS5_PBKDF2_HMAC((const char *)r->in[0].data, (int)r->in[0].size, r->in[1].data, (int)r->in[1].size,
                           (int)r->numbers[1], hash(r->name), (int)size, out) == 1,
         "no PBKDF2");
    return print_hex(out, size);
}

static int cipher(const struct request *r)
{
    unsigned char out[OUT_MAX + EVP_MAX_BLOCK_LENGTH];
    int size = 0, rest = 0;
    need(r->in[2].size <= OUT_MAX && r->in[1].size == 16, "too much data, or no IV");
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *mode = cipher_of(r->name, r->in[0]);
    need(EVP_CipherInit_ex(context, mode, NULL, r->in[0].data, r->in[1].data, (int)r->numbers[0]) == 1 &&
             EVP_CipherUpdate(context, out, &size, r->in[2].data, (int)r->in[2].size) == 1 &&
             EVP_CipherFinal_ex(context, out + size, &rest) == 1,
         "no cipher");
    EVP_CIPHER_CTX_free(context);
    return print_hex(out, (size_t)size + (size_t)rest);
}

/* OpenSSL's CCM wants the tag (when it decrypts), the sizes of nonce and tag, and of the text, before anything else. */
static EVP_CIPHER_CTX *begin_aead(const struct request *r, bool seals, size_t text_size, unsigned char *tag)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int ignored, tag_size = (int)r->numbers[0];
    const EVP_CIPHER *cipher = cipher_of(r->name, r->in[0]);
    bool ccm = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CCM_MODE;
    need(EVP_CipherInit_ex(context, cipher, NULL, NULL, NULL, seals) == 1 &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)r->in[1].size, NULL) == 1 &&
             ((seals && !ccm) ||
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, seals ? NULL : tag) == 1) &&
             EVP_CipherInit_ex(context, NULL, NULL, r->in[0].data, r->in[1].data, seals) == 1 &&
             (!ccm || EVP_CipherUpdate(context, NULL, &ignored, NULL, (int)text_size) == 1) &&
             (r->in[2].size == 0 || EVP_CipherUpdate(context, NULL, &ignored, r->in[2].data, (int)r->in[2].size) == 1),
         "no AEAD");
    return context;
}

static size_t tag_size(const struct request *r)
{
    need(r->numbers[0] >= 4 && r->numbers[0] <= 16 && r->in[3].size <= OUT_MAX, "no tag, or too much text");
    return (size_t)r->numbers[0];
}

static int seal(const struct request *r)
{
    unsigned char out[OUT_MAX + EVP_MAX_BLOCK_LENGTH];
    size_t tag = tag_size(r), size = r->in[3].size;
    int part = 0, rest = 0;
    EVP_CIPHER_CTX *context = begin_aead(r, true, size, NULL);
    need(EVP_CipherUpdate(context, out, &part, r->in[3].data, (int)size) == 1 &&
             EVP_CipherFinal_ex(context, out + part, &rest) == 1 &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, (int)tag, out + size) == 1,
         "cannot seal");
    EVP_CIPHER_CTX_free(context);
    return print_hex(out, size + tag);
}

static int open_box(const struct request *r)
{
    unsigned char out[OUT_MAX + EVP_MAX_BLOCK_LENGTH];
    size_t tag = tag_size(r);
    need(r->in[3].size >= tag, "no tag");
    size_t size = r->in[3].size - tag;
    int part = 0, rest = 0;
    EVP_CIPHER_CTX *context = begin_aead(r, false, size, r->in[3].data + size);
    bool ccm = EVP_CIPHER_CTX_get_mode(context) == EVP_CIPH_CCM_MODE;
    need(EVP_CipherUpdate(context, out, &part, r->in[3].data, (int)size) == 1, "not authentic");
    need(ccm || EVP_CipherFinal_ex(context, out + part, &rest) == 1, "not authentic");
    EVP_CIPHER_CTX_free(context);
    return print_hex(out, size);
}

int service_peer(int argc, char **argv)
{
    static const struct {
        const char *verb;
        int numbers, bytes;
        int (*run)(const struct request *r);
    } verbs[] = {
        { "digest", 0, 1, digest }, { "hmac", 0, 2, hmac },     { "hkdf", 1, 3, hkdf },     { "pbkdf2", 2, 2, pbkdf2 },
        { "cipher", 1, 3, cipher }, { "seal", 1, 4, seal },     { "open", 1, 4, open_box },
    };
    for (size_t i = 0; argc >= 3 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(argv[1], verbs[i].verb) != 0 || argc != 3 + verbs[i].numbers + verbs[i].bytes)
            continue;
        struct request r = { .name = argv[2] };
        for (int n = 0; n < verbs[i].numbers; n++)
            r.numbers[n] = strtol(argv[3 + n], NULL, 10);
        for (int n = 0; n < verbs[i].bytes; n++)
            r.in[n] = from_hex(argv[3 + verbs[i].numbers + n]);
        int status = verbs[i].run(&r);
        for (int n = 0; n < verbs[i].bytes; n++)
            free(r.in[n].data);
        return status;
    }
    return -1;
}
