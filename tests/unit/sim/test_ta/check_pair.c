/* SPDX-License-Identifier: BSD-2-Clause */
/* Asymmetric keys as objects: attributes, generation, copies, storage; what is no key is refused. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"

#define ZERO_256 "0000000000000000000000000000000000000000000000000000000000000000"
#define PRIME_256 "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
#define ORDER_256 "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"

static bool has(TEE_ObjectHandle object, uint32_t attribute, const char *expected)
{
    uint8_t bytes[TEST_COORDINATE_MAX], wanted[TEST_COORDINATE_MAX];
    size_t size = sizeof(bytes);

    return TEE_GetObjectBufferAttribute(object, attribute, bytes, &size) == TEE_SUCCESS &&
           size == test_bytes(expected, wanted) && !memcmp(bytes, wanted, size);
}

static bool signs(TEE_ObjectHandle pair, TEE_ObjectHandle public_key)
{
    uint8_t digest[32] = {9}, bytes[64];
    TEE_OperationHandle sign, verify;

    return TEE_AllocateOperation(&sign, TEE_ALG_ECDSA_SHA256, TEE_MODE_SIGN, 256) == TEE_SUCCESS &&
           TEE_AllocateOperation(&verify, TEE_ALG_ECDSA_SHA256, TEE_MODE_VERIFY, 256) == TEE_SUCCESS &&
           TEE_SetOperationKey(sign, pair) == TEE_SUCCESS && TEE_SetOperationKey(verify, public_key) == TEE_SUCCESS &&
           test_sign(sign, digest, 32, bytes, 256) == TEE_SUCCESS &&
           test_verify(verify, digest, 32, bytes, 256) == TEE_SUCCESS;
}

uint32_t check_pair_attributes(void)
{
    TEE_ObjectHandle key = test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256);
    TEE_ObjectHandle copy;
    TEE_ObjectInfo info;
    uint8_t bytes[TEST_COORDINATE_MAX];
    size_t size = 31;
    uint32_t a = 0, b = 1;

    CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && info.objectSize == 256 && info.maxObjectSize == 256);
    CHECK(has(key, TEE_ATTR_ECC_PUBLIC_VALUE_X, test_signer_256.x) &&
          has(key, TEE_ATTR_ECC_PUBLIC_VALUE_Y, test_signer_256.y) &&
          has(key, TEE_ATTR_ECC_PRIVATE_VALUE, test_signer_256.d));
    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_ECC_PRIVATE_VALUE, bytes, &size) == TEE_ERROR_SHORT_BUFFER &&
          size == 32);
    CHECK(TEE_GetObjectValueAttribute(key, TEE_ATTR_ECC_CURVE, &a, &b) == TEE_SUCCESS && a == TEE_ECC_CURVE_NIST_P256 &&
          b == 0);
    CHECK(TEE_GetObjectValueAttribute(key, TEE_ATTR_DH_X_BITS, &a, &b) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_SECRET_VALUE, bytes, &size) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ECDSA_PUBLIC_KEY, 256, &copy) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(copy, key) == TEE_SUCCESS && signs(key, copy));
    CHECK(has(copy, TEE_ATTR_ECC_PUBLIC_VALUE_X, test_signer_256.x) &&
          has(copy, TEE_ATTR_ECC_PUBLIC_VALUE_Y, test_signer_256.y));
    CHECK(TEE_GetObjectBufferAttribute(copy, TEE_ATTR_ECC_PRIVATE_VALUE, bytes, &size) == TEE_ERROR_ITEM_NOT_FOUND);
    TEE_FreeTransientObject(copy);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ECDSA_KEYPAIR, 256, &copy) == TEE_SUCCESS);
    CHECK(TEE_RestrictObjectUsage1(key, TEE_USAGE_SIGN) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(copy, key) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(copy, &info) == TEE_SUCCESS && info.objectUsage == TEE_USAGE_SIGN);
    /* The public values are public whatever the usage. */
    CHECK(has(copy, TEE_ATTR_ECC_PUBLIC_VALUE_X, test_signer_256.x));
    return 0;
}

static uint32_t check_generated_nist(uint32_t type, uint32_t bits, uint32_t curve)
{
    uint8_t first[TEST_COORDINATE_MAX], second[TEST_COORDINATE_MAX];
    TEE_ObjectHandle key = test_generate(type, bits, curve);
    TEE_ObjectInfo info;
    size_t first_size = sizeof(first), second_size = sizeof(second);

    CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && info.objectSize == bits && info.objectType == type);
    CHECK(info.handleFlags == TEE_HANDLE_FLAG_INITIALIZED);
    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_ECC_PRIVATE_VALUE, first, &first_size) == TEE_SUCCESS);
    CHECK(first_size > bits / 8 - 8 && first_size <= bits / 8);
    key = test_generate(type, bits, curve);
    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_ECC_PRIVATE_VALUE, second, &second_size) == TEE_SUCCESS);
    CHECK(first_size != second_size || memcmp(first, second, first_size) != 0);
    return 0;
}

uint32_t check_pair_generation(void)
{
    static const uint32_t types[] = {TEE_TYPE_ECDSA_KEYPAIR, TEE_TYPE_ECDH_KEYPAIR};
    TEE_ObjectHandle key, copy;
    TEE_Attribute attribute;
    uint8_t digest[5] = {1}, bytes[64];
    uint32_t line = 0;

    for (int i = 0; i < 2 && !line; i++) {
        line = check_generated_nist(types[i], 256, TEE_ECC_CURVE_NIST_P256);
        if (!line)
            line = check_generated_nist(types[i], 384, TEE_ECC_CURVE_NIST_P384);
    }
    if (line)
        return line;
    key = test_generate(TEE_TYPE_ECDSA_KEYPAIR, 256, TEE_ECC_CURVE_NIST_P256);
    CHECK(signs(key, key));
    /* The size and the curve must agree. */
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ECDSA_KEYPAIR, 384, &key) == TEE_SUCCESS);
    TEE_InitValueAttribute(&attribute, TEE_ATTR_ECC_CURVE, TEE_ECC_CURVE_NIST_P384, 0);
    CHECK(TEE_GenerateKey(key, 256, &attribute, 1) == TEE_ERROR_BAD_PARAMETERS);
    CHECK(TEE_GenerateKey(key, 384, &attribute, 1) == TEE_SUCCESS);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ECDSA_KEYPAIR, 100, &key) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ED25519_KEYPAIR, 128, &key) == TEE_ERROR_NOT_SUPPORTED);
    key = test_generate(TEE_TYPE_ED25519_KEYPAIR, 256, 0);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ED25519_PUBLIC_KEY, 256, &copy) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(copy, key) == TEE_SUCCESS);
    CHECK(test_sign(test_operation(TEE_ALG_ED25519, TEE_MODE_SIGN, 256, key), digest, 5, bytes, 256) == TEE_SUCCESS);
    CHECK(test_verify(test_operation(TEE_ALG_ED25519, TEE_MODE_VERIFY, 256, copy), digest, 5, bytes, 256) ==
          TEE_SUCCESS);
    return 0;
}

uint32_t check_pair_storage(void)
{
    TEE_ObjectHandle key = test_generate(TEE_TYPE_ECDSA_KEYPAIR, 256, TEE_ECC_CURVE_NIST_P256);
    TEE_ObjectHandle stored, copy;
    TEE_ObjectInfo info;

    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ECDSA_PUBLIC_KEY, 256, &copy) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(copy, key) == TEE_SUCCESS);
    CHECK(TEE_RestrictObjectUsage1(key, TEE_USAGE_SIGN) == TEE_SUCCESS);
    CHECK(TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, "pair", 4, 0, key, "data", 4, &stored) == TEE_SUCCESS);
    TEE_CloseObject(stored);
    TEE_FreeTransientObject(key);
    CHECK(TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, "pair", 4, TEE_DATA_FLAG_ACCESS_WRITE_META, &stored) ==
          TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(stored, &info) == TEE_SUCCESS && info.objectType == TEE_TYPE_ECDSA_KEYPAIR);
    CHECK(info.objectSize == 256 && info.objectUsage == TEE_USAGE_SIGN && info.dataSize == 4);
    CHECK(signs(stored, copy));
    CHECK(TEE_CloseAndDeletePersistentObject1(stored) == TEE_SUCCESS);
    return 0;
}

static const struct test_pair bad_publics[] = {
    /* x of one point and y of another; the point at infinity; numbers that are not of the field, or too long. */
    {TEE_ECC_CURVE_NIST_P256, 256, NULL, "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
     "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3"},
    {TEE_ECC_CURVE_NIST_P256, 256, NULL, ZERO_256, ZERO_256},
    {TEE_ECC_CURVE_NIST_P256, 256, NULL, "", ""},
    {TEE_ECC_CURVE_NIST_P256, 256, NULL, PRIME_256, ZERO_256},
    {TEE_ECC_CURVE_NIST_P256, 256, NULL, "01" ZERO_256, ZERO_256},
    /* A P-256 point is none of P-384. */
    {TEE_ECC_CURVE_NIST_P384, 384, NULL, "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"},
};

/* Nought, the order of the curve, and a number that belongs to another point. */
static const char *const bad_privates[] = {
    ZERO_256, ORDER_256, "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433"};

uint32_t check_pair_refusals(void)
{
    TEE_ObjectHandle key;
    TEE_ObjectInfo info;
    TEE_Attribute attributes[2];
    struct test_pair pair;
    uint8_t bytes[2][32] = {{1}, {2}};

    for (size_t i = 0; i < sizeof(bad_publics) / sizeof(bad_publics[0]); i++) {
        CHECK(test_populate(TEE_TYPE_ECDSA_PUBLIC_KEY, &bad_publics[i], &key) == TEE_ERROR_BAD_PARAMETERS);
        CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && info.handleFlags == 0 && info.objectSize == 0);
        TEE_FreeTransientObject(key);
        CHECK(test_populate(TEE_TYPE_ECDH_PUBLIC_KEY, &bad_publics[i], &key) == TEE_ERROR_BAD_PARAMETERS);
        TEE_FreeTransientObject(key);
    }
    for (size_t i = 0; i < sizeof(bad_privates) / sizeof(bad_privates[0]); i++) {
        pair = test_signer_256;
        pair.d = bad_privates[i];
        CHECK(test_populate(TEE_TYPE_ECDSA_KEYPAIR, &pair, &key) == TEE_ERROR_BAD_PARAMETERS);
        TEE_FreeTransientObject(key);
    }
    TEE_InitRefAttribute(&attributes[0], TEE_ATTR_ED25519_PUBLIC_VALUE, bytes[0], 32);
    TEE_InitRefAttribute(&attributes[1], TEE_ATTR_ED25519_PRIVATE_VALUE, bytes[1], 32);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_ED25519_KEYPAIR, 256, &key) == TEE_SUCCESS);
    CHECK(TEE_PopulateTransientObject(key, attributes, 2) == TEE_ERROR_BAD_PARAMETERS);
    return 0;
}

/* Numbers may come with zeros in front and without, and go without them: a caller has to pad. */
uint32_t check_pair_zeros(void)
{
    TEE_ObjectHandle key = test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_leading_zero);
    TEE_ObjectHandle same;
    struct test_pair pair = test_leading_zero;

    CHECK(has(key, TEE_ATTR_ECC_PUBLIC_VALUE_X, test_leading_zero.x + 2));
    CHECK(has(key, TEE_ATTR_ECC_PUBLIC_VALUE_Y, test_leading_zero.y));
    CHECK(has(key, TEE_ATTR_ECC_PRIVATE_VALUE, test_leading_zero.d));
    pair.x = test_leading_zero.x + 2;
    CHECK(test_populate(TEE_TYPE_ECDSA_PUBLIC_KEY, &pair, &same) == TEE_SUCCESS && signs(key, same));
    return 0;
}
