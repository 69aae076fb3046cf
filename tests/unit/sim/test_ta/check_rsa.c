/* SPDX-License-Identifier: BSD-2-Clause */
/* RSA: a published signature, keys with primes and without, encryption, what is refused. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

#define BITS 1024
#define SIZE (BITS / 8)
#define PARTS 8

static const uint32_t ids[PARTS] = {TEE_ATTR_RSA_MODULUS, TEE_ATTR_RSA_PUBLIC_EXPONENT, TEE_ATTR_RSA_PRIVATE_EXPONENT,
                                    TEE_ATTR_RSA_PRIME1, TEE_ATTR_RSA_PRIME2, TEE_ATTR_RSA_EXPONENT1,
                                    TEE_ATTR_RSA_EXPONENT2, TEE_ATTR_RSA_COEFFICIENT};

/* The parts of a key, as numbers. */
struct parts {
    uint8_t bytes[PARTS][SIZE];
    size_t size[PARTS];
};

static uint32_t read_parts(TEE_ObjectHandle key, struct parts *parts)
{
    for (int i = 0; i < PARTS; i++) {
        parts->size[i] = SIZE;
        CHECK(TEE_GetObjectBufferAttribute(key, ids[i], parts->bytes[i], &parts->size[i]) == TEE_SUCCESS);
    }
    return 0;
}

static TEE_Result populate(uint32_t type, struct parts *parts, uint32_t count, TEE_ObjectHandle *key)
{
    TEE_Attribute attributes[PARTS];

    for (uint32_t i = 0; i < count; i++)
        TEE_InitRefAttribute(&attributes[i], ids[i], parts->bytes[i], parts->size[i]);
    if (TEE_AllocateTransientObject(type, BITS, key))
        TEE_Panic(0);
    return TEE_PopulateTransientObject(*key, attributes, count);
}

static TEE_OperationHandle operation(uint32_t algorithm, uint32_t mode, TEE_ObjectHandle key)
{
    TEE_OperationHandle handle;

    if (TEE_AllocateOperation(&handle, algorithm, mode, BITS) || TEE_SetOperationKey(handle, key))
        TEE_Panic(0);
    return handle;
}

static uint32_t check_signatures(TEE_ObjectHandle pair, TEE_ObjectHandle other)
{
    static const uint32_t algorithms[] = {TEE_ALG_RSASSA_PKCS1_V1_5_SHA256, TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256};
    uint8_t digest[32] = {7}, signature[SIZE];
    size_t size;

    for (int i = 0; i < 2; i++) {
        TEE_OperationHandle sign = operation(algorithms[i], TEE_MODE_SIGN, pair);
        TEE_OperationHandle verify = operation(algorithms[i], TEE_MODE_VERIFY, other);

        size = SIZE - 1;
        CHECK(TEE_AsymmetricSignDigest(sign, NULL, 0, digest, 32, signature, &size) == TEE_ERROR_SHORT_BUFFER);
        CHECK(size == SIZE);
        CHECK(TEE_AsymmetricSignDigest(sign, NULL, 0, digest, 32, signature, &size) == TEE_SUCCESS && size == SIZE);
        CHECK(TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, SIZE) == TEE_SUCCESS);
        signature[SIZE - 1] ^= 1;
        CHECK(TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, SIZE) == TEE_ERROR_SIGNATURE_INVALID);
        memset(signature, 0xff, SIZE);
        CHECK(TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, SIZE) == TEE_ERROR_SIGNATURE_INVALID);
        TEE_FreeOperation(sign);
        TEE_FreeOperation(verify);
    }
    return 0;
}

/* The length of the salt is part of a signature of PSS. */
static uint32_t check_salt(TEE_ObjectHandle pair)
{
    TEE_OperationHandle sign = operation(TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256, TEE_MODE_SIGN, pair);
    TEE_OperationHandle verify = operation(TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256, TEE_MODE_VERIFY, pair);
    uint8_t digest[32] = {7}, signature[SIZE];
    size_t size = SIZE;
    TEE_Attribute salt;

    TEE_InitValueAttribute(&salt, TEE_ATTR_RSA_PSS_SALT_LENGTH, 20, 0);
    CHECK(TEE_AsymmetricSignDigest(sign, &salt, 1, digest, 32, signature, &size) == TEE_SUCCESS);
    CHECK(TEE_AsymmetricVerifyDigest(verify, &salt, 1, digest, 32, signature, SIZE) == TEE_SUCCESS);
    CHECK(TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, SIZE) == TEE_ERROR_SIGNATURE_INVALID);
    TEE_FreeOperation(sign);
    TEE_FreeOperation(verify);
    return 0;
}

static uint32_t check_encryption(TEE_ObjectHandle pair, TEE_ObjectHandle other)
{
    TEE_OperationHandle encrypt = operation(TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256, TEE_MODE_ENCRYPT, other);
    TEE_OperationHandle decrypt = operation(TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256, TEE_MODE_DECRYPT, pair);
    uint8_t text[SIZE - 66] = {3}, box[SIZE], out[SIZE];
    size_t size = SIZE - 1;

    CHECK(TEE_AsymmetricEncrypt(encrypt, NULL, 0, text, sizeof(text), box, &size) == TEE_ERROR_SHORT_BUFFER);
    CHECK(size == SIZE);
    CHECK(TEE_AsymmetricEncrypt(encrypt, NULL, 0, box, sizeof(text) + 1, box, &size) == TEE_ERROR_BAD_PARAMETERS);
    CHECK(TEE_AsymmetricEncrypt(encrypt, NULL, 0, text, sizeof(text), box, &size) == TEE_SUCCESS && size == SIZE);
    size = sizeof(text) - 1;
    CHECK(TEE_AsymmetricDecrypt(decrypt, NULL, 0, box, SIZE, out, &size) == TEE_ERROR_SHORT_BUFFER);
    CHECK(size == sizeof(text));
    CHECK(TEE_AsymmetricDecrypt(decrypt, NULL, 0, box, SIZE, out, &size) == TEE_SUCCESS);
    CHECK(size == sizeof(text) && !memcmp(out, text, size));
    box[5] ^= 1;
    size = SIZE;
    CHECK(TEE_AsymmetricDecrypt(decrypt, NULL, 0, box, SIZE, out, &size) == TEE_ERROR_BAD_PARAMETERS);
    memset(box, 0xff, SIZE);
    CHECK(TEE_AsymmetricDecrypt(decrypt, NULL, 0, box, SIZE, out, &size) == TEE_ERROR_BAD_PARAMETERS);
    CHECK(TEE_AsymmetricDecrypt(decrypt, NULL, 0, box, 5, out, &size) == TEE_ERROR_BAD_PARAMETERS);
    TEE_FreeOperation(encrypt);
    TEE_FreeOperation(decrypt);
    return 0;
}

uint32_t check_rsa(void)
{
    TEE_ObjectHandle key = test_generate(TEE_TYPE_RSA_KEYPAIR, BITS, 0);
    TEE_ObjectHandle public_key, whole, without;
    TEE_ObjectInfo info;
    struct parts parts;
    uint32_t line = read_parts(key, &parts);

    if (line)
        return line;
    CHECK(parts.size[0] == SIZE && parts.size[1] == 3 && !memcmp(parts.bytes[1], "\1\0\1", 3));
    CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && info.objectSize == BITS);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_RSA_PUBLIC_KEY, BITS, &public_key) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(public_key, key) == TEE_SUCCESS);
    CHECK(populate(TEE_TYPE_RSA_KEYPAIR, &parts, PARTS, &whole) == TEE_SUCCESS);
    CHECK(populate(TEE_TYPE_RSA_KEYPAIR, &parts, 3, &without) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(without, &info) == TEE_SUCCESS && info.objectSize == BITS);
    line = check_signatures(key, public_key);
    line = line ? line : check_signatures(whole, key);
    line = line ? line : check_signatures(without, public_key);
    line = line ? line : check_salt(without);
    line = line ? line : check_encryption(key, public_key);
    return line ? line : check_encryption(without, whole);
}

uint32_t check_rsa_refusals(void)
{
    TEE_ObjectHandle key = test_generate(TEE_TYPE_RSA_KEYPAIR, BITS, 0);
    struct parts parts, bad;
    TEE_Attribute exponent;
    uint32_t line = read_parts(key, &parts);

    if (line)
        return line;
    for (int i = 0; i < PARTS; i++) {
        bad = parts;
        bad.bytes[i][bad.size[i] - 1] ^= 2;
        CHECK(populate(TEE_TYPE_RSA_KEYPAIR, &bad, PARTS, &key) == TEE_ERROR_BAD_PARAMETERS);
        if (i < 3)
            CHECK(populate(TEE_TYPE_RSA_KEYPAIR, &bad, 3, &key) == TEE_ERROR_BAD_PARAMETERS);
    }
    bad = parts;
    bad.bytes[0][SIZE - 1] ^= 1; /* even */
    CHECK(populate(TEE_TYPE_RSA_PUBLIC_KEY, &bad, 2, &key) == TEE_ERROR_BAD_PARAMETERS);
    bad = parts;
    memset(bad.bytes[1], 0, 2); /* an exponent of 1 */
    CHECK(populate(TEE_TYPE_RSA_PUBLIC_KEY, &bad, 2, &key) == TEE_ERROR_BAD_PARAMETERS);
    bad = parts;
    bad.bytes[0][0] = 1; /* 1017 bits, which OpenSSL would take and the simulator's parts are not made for */
    CHECK(populate(TEE_TYPE_RSA_PUBLIC_KEY, &bad, 2, &key) == TEE_ERROR_BAD_PARAMETERS);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_RSA_KEYPAIR, 4104, &key) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_RSA_KEYPAIR, 512, &key) == TEE_SUCCESS);
    TEE_InitRefAttribute(&exponent, TEE_ATTR_RSA_PUBLIC_EXPONENT, "\3", 1);
    CHECK(TEE_GenerateKey(key, 512, &exponent, 1) == TEE_SUCCESS);
    line = read_parts(key, &parts);
    CHECK(!line && parts.size[1] == 1 && parts.bytes[1][0] == 3);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256, TEE_CRYPTO_ELEMENT_NONE) == TEE_SUCCESS);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA1, TEE_CRYPTO_ELEMENT_NONE) != TEE_SUCCESS);
    return 0;
}

void misuse_rsa(uint32_t which)
{
    TEE_ObjectHandle key = test_generate(TEE_TYPE_RSA_KEYPAIR, BITS, 0);
    TEE_OperationHandle sign = operation(TEE_ALG_RSASSA_PKCS1_V1_5_SHA256, TEE_MODE_SIGN, key);
    TEE_OperationHandle verify = operation(TEE_ALG_RSASSA_PKCS1_V1_5_SHA256, TEE_MODE_VERIFY, key);
    TEE_OperationHandle encrypt = operation(TEE_ALG_RSAES_PKCS1_OAEP_MGF1_SHA256, TEE_MODE_ENCRYPT, key);
    uint8_t digest[32] = {0}, out[SIZE] = {0};
    size_t size = SIZE;
    struct parts parts;
    TEE_Attribute attribute;

    TEE_InitValueAttribute(&attribute, TEE_ATTR_RSA_PSS_SALT_LENGTH, 20, 0);
    switch (which) {
    case SIM_TEST_RSA_HALF_OF_PRIMES:
        if (!read_parts(key, &parts))
            populate(TEE_TYPE_RSA_KEYPAIR, &parts, 5, &key);
        break;
    case SIM_TEST_RSA_SHORT_SIGNATURE:
        TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, out, SIZE - 1);
        break;
    case SIM_TEST_RSA_SHORT_DIGEST:
        TEE_AsymmetricSignDigest(sign, NULL, 0, digest, 20, out, &size);
        break;
    case SIM_TEST_RSA_SALT_OF_PKCS1:
        TEE_AsymmetricSignDigest(sign, &attribute, 1, digest, 32, out, &size);
        break;
    case SIM_TEST_RSA_LABEL:
        TEE_InitRefAttribute(&attribute, TEE_ATTR_RSA_OAEP_LABEL, "label", 5);
        TEE_AsymmetricEncrypt(encrypt, &attribute, 1, digest, 32, out, &size);
        break;
    default:
        TEE_AsymmetricEncrypt(sign, NULL, 0, digest, 32, out, &size);
        break;
    }
}

/* Of X25519, the public half is found out with the base point. */
uint32_t check_x25519_public(void)
{
    uint8_t nine[32] = {9}, secret[32], expected[32];
    TEE_ObjectHandle key = test_key_25519(TEE_TYPE_X25519_KEYPAIR, TEE_ATTR_X25519_PUBLIC_VALUE,
                                          "0900000000000000000000000000000000000000000000000000000000000000",
                                          TEE_ATTR_X25519_PRIVATE_VALUE,
                                          "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

    test_bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", expected);
    CHECK(test_derive(test_operation(TEE_ALG_X25519, TEE_MODE_DERIVE, 256, key), nine, NULL, 32, secret) == 32);
    CHECK(!memcmp(secret, expected, 32));
    return 0;
}
