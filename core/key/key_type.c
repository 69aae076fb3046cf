/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/key/key_type.h"

#include <string.h>

#define SIGNS (KEY_SIGN | KEY_VERIFY | KEY_EXTRACTABLE)
#define MACS (KEY_MAC | KEY_DERIVE | KEY_EXTRACTABLE)
#define AGREES (KEY_DERIVE | KEY_EXTRACTABLE)

#define SECRET_PARTS                                                                                                   \
    {                                                                                                                  \
        TEE_ATTR_SECRET_VALUE                                                                                          \
    }
#define EC_PARTS                                                                                                       \
    {                                                                                                                  \
        TEE_ATTR_ECC_PUBLIC_VALUE_X, TEE_ATTR_ECC_PUBLIC_VALUE_Y, TEE_ATTR_ECC_PRIVATE_VALUE                           \
    }
#define RSA_PARTS                                                                                                      \
    {                                                                                                                  \
        TEE_ATTR_RSA_MODULUS, TEE_ATTR_RSA_PUBLIC_EXPONENT, TEE_ATTR_RSA_PRIVATE_EXPONENT                              \
    }

#define HMAC(name, id, bits, block)                                                                                    \
    {                                                                                                                  \
        "hmac-" name, id, KEY_SECRET, MACS, 0, 80, block, 8, bits, TEE_TYPE_HMAC_SHA##bits, 0, TEE_ALG_HMAC_SHA##bits, \
            0, 0, NULL, SECRET_PARTS                                                                                   \
    }
/* An RSA key is for one scheme. It is never extractable, since an imported one has no primes to export. */
#define RSA(name, id, uses, algorithm)                                                                                 \
    {                                                                                                                  \
        "rsa-" name, id, KEY_RSA, uses, 0, 2048, 4096, 8, 3072, TEE_TYPE_RSA_KEYPAIR, TEE_TYPE_RSA_PUBLIC_KEY,         \
            algorithm, TEE_ALG_SHA256, 0, NULL, RSA_PARTS                                                              \
    }

static const struct key_type types[] = {
    { "aes", 1, KEY_SECRET, KEY_ENCRYPT | KEY_DECRYPT | KEY_EXTRACTABLE, 0, 128, 256, 64, 256, TEE_TYPE_AES, 0,
      TEE_ALG_AES_GCM, 0, 0, NULL, SECRET_PARTS },
    { "hmac-sha1", 2, KEY_SECRET, MACS, 0, 80, 512, 8, 160, TEE_TYPE_HMAC_SHA1, 0, TEE_ALG_HMAC_SHA1, 0, 0, NULL,
      SECRET_PARTS },
    HMAC("sha256", 3, 256, 512),
    HMAC("sha384", 4, 384, 1024),
    HMAC("sha512", 5, 512, 1024),
    { "ecdsa-p256", 6, KEY_EC, SIGNS, 1, 256, 256, 1, 256, TEE_TYPE_ECDSA_KEYPAIR, TEE_TYPE_ECDSA_PUBLIC_KEY,
      TEE_ALG_ECDSA_SHA256, TEE_ALG_SHA256, TEE_ECC_CURVE_NIST_P256, &curve_p256, EC_PARTS },
    { "ecdsa-p384", 7, KEY_EC, SIGNS, 2, 384, 384, 1, 384, TEE_TYPE_ECDSA_KEYPAIR, TEE_TYPE_ECDSA_PUBLIC_KEY,
      TEE_ALG_ECDSA_SHA384, TEE_ALG_SHA384, TEE_ECC_CURVE_NIST_P384, &curve_p384, EC_PARTS },
    { "ed25519",
      8,
      KEY_OKP,
      SIGNS,
      6,
      256,
      256,
      1,
      256,
      TEE_TYPE_ED25519_KEYPAIR,
      TEE_TYPE_ED25519_PUBLIC_KEY,
      TEE_ALG_ED25519,
      0,
      0,
      NULL,
      { TEE_ATTR_ED25519_PUBLIC_VALUE, TEE_ATTR_ED25519_PRIVATE_VALUE } },
    { "ecdh-p256", 9, KEY_EC, AGREES, 1, 256, 256, 1, 256, TEE_TYPE_ECDH_KEYPAIR, 0, TEE_ALG_ECDH_DERIVE_SHARED_SECRET,
      0, TEE_ECC_CURVE_NIST_P256, &curve_p256, EC_PARTS },
    { "x25519",
      10,
      KEY_OKP,
      AGREES,
      4,
      256,
      256,
      1,
      256,
      TEE_TYPE_X25519_KEYPAIR,
      0,
      TEE_ALG_X25519,
      0,
      0,
      NULL,
      { TEE_ATTR_X25519_PUBLIC_VALUE, TEE_ATTR_X25519_PRIVATE_VALUE } },
    RSA("pss", 11, KEY_SIGN | KEY_VERIFY, TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256),
    RSA("pkcs1", 12, KEY_SIGN | KEY_VERIFY, TEE_ALG_RSASSA_PKCS1_V1_5_SHA256),
    RSA("oaep", 13, KEY_ENCRYPT | KEY_DECRYPT, TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256),
};
#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

const struct key_type *key_type_at(size_t index)
{
    return index < TYPE_COUNT ? &types[index] : NULL;
}

const struct key_type *key_type_named(const char *name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

const struct key_type *key_type_of_id(uint8_t id)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types[i].id == id)
            return &types[i];
    return NULL;
}

unsigned key_type_publics(const struct key_type *type)
{
    static const uint8_t counts[] = { [KEY_SECRET] = 0, [KEY_EC] = 2, [KEY_OKP] = 1, [KEY_RSA] = 2 };
    return counts[type->family];
}

size_t key_type_part_size(const struct key_type *type)
{
    return type->bits_min / 8;
}

/* GP TEE Internal Core API, table 5-9, has the smallest sizes of HMAC keys. */
uint32_t key_type_object_bits(const struct key_type *type, uint32_t bits)
{
    uint32_t least = 0;
    if (type->secret_type == TEE_TYPE_HMAC_SHA256)
        least = 192;
    else if (type->secret_type == TEE_TYPE_HMAC_SHA384 || type->secret_type == TEE_TYPE_HMAC_SHA512)
        least = 256;
    return bits < least ? least : bits;
}

uint32_t key_type_usage(const struct key_type *type, unsigned uses)
{
    static const uint32_t usages[] = { TEE_USAGE_ENCRYPT, TEE_USAGE_DECRYPT, TEE_USAGE_SIGN,       TEE_USAGE_VERIFY,
                                       TEE_USAGE_MAC,     TEE_USAGE_DERIVE,  TEE_USAGE_EXTRACTABLE };
    uint32_t usage = 0;
    for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
        if (uses >> i & 1)
            usage |= usages[i];
    /* A secret key derives with HKDF, which uses HMAC. */
    if (type->family == KEY_SECRET && uses & KEY_DERIVE)
        usage = (usage & ~(uint32_t)TEE_USAGE_DERIVE) | TEE_USAGE_MAC;
    return usage;
}
