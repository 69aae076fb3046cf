/* SPDX-License-Identifier: BSD-2-Clause */
/* What OP-TEE answers with a panic, of asymmetric keys and operations. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

#define P256 TEE_ECC_CURVE_NIST_P256
#define P384 TEE_ECC_CURVE_NIST_P384

static TEE_ObjectHandle object(uint32_t type, uint32_t bits)
{
    TEE_ObjectHandle handle;

    return TEE_AllocateTransientObject(type, bits, &handle) ? TEE_HANDLE_NULL : handle;
}

static TEE_OperationHandle operation(uint32_t algorithm, uint32_t mode, uint32_t bits)
{
    TEE_OperationHandle handle;

    return TEE_AllocateOperation(&handle, algorithm, mode, bits) ? TEE_HANDLE_NULL : handle;
}

static void misuse_populate(uint32_t which)
{
    TEE_ObjectHandle key = object(TEE_TYPE_ECDSA_PUBLIC_KEY, 256);
    uint8_t x[TEST_COORDINATE_MAX], y[TEST_COORDINATE_MAX];
    TEE_Attribute attributes[4];
    uint32_t count = 3;

    TEE_InitRefAttribute(&attributes[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, x, test_bytes(test_signer_256.x, x));
    TEE_InitRefAttribute(&attributes[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, y, test_bytes(test_signer_256.y, y));
    TEE_InitValueAttribute(&attributes[2], TEE_ATTR_ECC_CURVE, P256, 0);
    attributes[3] = attributes[0];
    switch (which) {
    case SIM_TEST_ATTRIBUTE_MISSING:
        count = 2;
        break;
    case SIM_TEST_ATTRIBUTE_TWICE:
        count = 4;
        break;
    case SIM_TEST_ATTRIBUTE_OF_OTHER_TYPE:
        attributes[3].attributeID = TEE_ATTR_ECC_PRIVATE_VALUE;
        count = 4;
        break;
    case SIM_TEST_CURVE_UNKNOWN:
        attributes[2].content.value.a = 99;
        break;
    case SIM_TEST_CURVE_TOO_LARGE:
        attributes[2].content.value.a = P384;
        break;
    case SIM_TEST_KEY_TOO_LARGE:
        key = object(TEE_TYPE_AES, 128);
        TEE_InitRefAttribute(&attributes[0], TEE_ATTR_SECRET_VALUE, x, 32);
        count = 1;
        break;
    default:
        key = object(TEE_TYPE_ED25519_PUBLIC_KEY, 256);
        TEE_InitRefAttribute(&attributes[0], TEE_ATTR_ED25519_PUBLIC_VALUE, x, 31);
        count = 1;
        break;
    }
    TEE_PopulateTransientObject(key, attributes, count);
}

static void misuse_generate(uint32_t which)
{
    TEE_ObjectHandle pair = object(TEE_TYPE_ECDSA_KEYPAIR, 256);
    TEE_Attribute curve;

    TEE_InitValueAttribute(&curve, TEE_ATTR_ECC_CURVE, P256, 0);
    if (which == SIM_TEST_GENERATE_PUBLIC)
        TEE_GenerateKey(object(TEE_TYPE_ECDSA_PUBLIC_KEY, 256), 256, &curve, 1);
    else if (which == SIM_TEST_GENERATE_WITHOUT_CURVE)
        TEE_GenerateKey(pair, 256, NULL, 0);
    else if (which == SIM_TEST_GENERATE_TWICE)
        TEE_GenerateKey(test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256), 256, &curve, 1);
    else
        TEE_CopyObjectAttributes1(pair, test_key(TEE_TYPE_ECDSA_PUBLIC_KEY, &test_signer_256));
}

/* An operation that signs gets a key that it must not take. */
static void misuse_signing_key(uint32_t which)
{
    TEE_ObjectHandle key = test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256);
    uint32_t algorithm = TEE_ALG_ECDSA_SHA256, bits = 256;

    if (which == SIM_TEST_SIGN_WITH_PUBLIC)
        key = test_key(TEE_TYPE_ECDSA_PUBLIC_KEY, &test_signer_256);
    else if (which == SIM_TEST_SIGN_WITH_AGREEMENT_KEY)
        key = test_key(TEE_TYPE_ECDH_KEYPAIR, &test_signer_256);
    else if (which == SIM_TEST_SIGN_WITHOUT_USAGE)
        TEE_RestrictObjectUsage1(key, TEE_USAGE_VERIFY);
    else
        algorithm = TEE_ALG_ECDSA_SHA384, bits = 384;
    TEE_SetOperationKey(operation(algorithm, TEE_MODE_SIGN, bits), key);
}

static void misuse_signature(uint32_t which)
{
    TEE_OperationHandle sign = test_operation(TEE_ALG_ECDSA_SHA256, TEE_MODE_SIGN, 256,
                                              test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256));
    TEE_OperationHandle verify = test_operation(TEE_ALG_ECDSA_SHA256, TEE_MODE_VERIFY, 256,
                                                test_key(TEE_TYPE_ECDSA_PUBLIC_KEY, &test_signer_256));
    uint8_t digest[32] = {0}, signature[TEST_SIGNATURE_MAX] = {0};
    size_t size = sizeof(signature);

    switch (which) {
    case SIM_TEST_SIGN_WITHOUT_KEY:
        sign = operation(TEE_ALG_ECDSA_SHA256, TEE_MODE_SIGN, 256);
        TEE_AsymmetricSignDigest(sign, NULL, 0, digest, 32, signature, &size);
        break;
    case SIM_TEST_SIGN_IN_VERIFY_MODE:
        TEE_AsymmetricSignDigest(verify, NULL, 0, digest, 32, signature, &size);
        break;
    case SIM_TEST_SIGN_SHORT_DIGEST:
        TEE_AsymmetricSignDigest(sign, NULL, 0, digest, 20, signature, &size);
        break;
    case SIM_TEST_VERIFY_SHORT_SIGNATURE:
        TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, 63);
        break;
    case SIM_TEST_VERIFY_LONG_SIGNATURE:
        TEE_AsymmetricVerifyDigest(verify, NULL, 0, digest, 32, signature, 65);
        break;
    default:
        TEE_CopyOperation(operation(TEE_ALG_ECDSA_SHA256, TEE_MODE_SIGN, 256), sign);
        break;
    }
}

static void misuse_agreement(uint32_t which)
{
    TEE_OperationHandle derive = test_operation(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, 256,
                                                test_key(TEE_TYPE_ECDH_KEYPAIR, &test_initiator_256));
    TEE_ObjectHandle secret = object(TEE_TYPE_GENERIC_SECRET, 256);
    uint8_t x[TEST_COORDINATE_MAX], y[TEST_COORDINATE_MAX];
    TEE_Attribute point[2], swap;
    uint32_t count = 2;

    TEE_InitRefAttribute(&point[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, x, test_bytes(test_responder_256.x, x));
    TEE_InitRefAttribute(&point[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, y, test_bytes(test_responder_256.y, y));
    switch (which) {
    case SIM_TEST_AGREE_WITHOUT_KEY:
        derive = operation(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, 256);
        break;
    case SIM_TEST_AGREE_WITH_NO_POINT:
        y[31] ^= 1;
        break;
    case SIM_TEST_AGREE_WITH_NOUGHT:
        memset(x, 0, 32);
        memset(y, 0, 32);
        break;
    case SIM_TEST_AGREE_Y_FIRST:
        swap = point[0];
        point[0] = point[1];
        point[1] = swap;
        break;
    case SIM_TEST_AGREE_ON_AES_KEY:
        secret = object(TEE_TYPE_AES, 256);
        break;
    case SIM_TEST_AGREE_ON_TOO_MUCH:
        secret = object(TEE_TYPE_GENERIC_SECRET, 128);
        break;
    default: /* a point of small order: RFC 7748, section 6.1 */
        derive = test_operation(TEE_ALG_X25519, TEE_MODE_DERIVE, 256, test_generate(TEE_TYPE_X25519_KEYPAIR, 256, 0));
        memset(x, 0, 32);
        point[0].attributeID = TEE_ATTR_X25519_PUBLIC_VALUE;
        count = 1;
        break;
    }
    TEE_DeriveKey(derive, point, count, secret);
}

void misuse_asymmetric(uint32_t which)
{
    TEE_ObjectHandle key = test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256);
    uint8_t d[TEST_COORDINATE_MAX];
    size_t size = sizeof(d);

    if (which > SIM_TEST_AGREE_ON_ZEROS) {
        misuse_rsa(which);
    } else if (which == SIM_TEST_PRIVATE_NOT_EXTRACTABLE) {
        TEE_RestrictObjectUsage1(key, ~(uint32_t)TEE_USAGE_EXTRACTABLE);
        TEE_GetObjectBufferAttribute(key, TEE_ATTR_ECC_PRIVATE_VALUE, d, &size);
    } else if (which <= SIM_TEST_STRING_TOO_SHORT) {
        misuse_populate(which);
    } else if (which <= SIM_TEST_PAIR_OF_PUBLIC) {
        misuse_generate(which);
    } else if (which >= SIM_TEST_SIGN_WITH_PUBLIC && which <= SIM_TEST_SIGN_ON_OTHER_CURVE) {
        misuse_signing_key(which);
    } else if (which <= SIM_TEST_COPY_SIGNER) {
        misuse_signature(which);
    } else {
        misuse_agreement(which);
    }
}
