/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures: published ones, one's own, and ones with a wrong bit. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"

struct signature {
    const struct test_pair *signer;
    const char *message; /* in hexadecimal */
    const char *r;
    const char *s;
    bool right;
};

/* NIST CAVP, FIPS 186-4 ECDSA, SigVer.rsp, [P-256,SHA-256]: 2nd (r was changed), 3rd (Q was) and 4th (right). */
static const struct test_pair cavp_second = {
    TEE_ECC_CURVE_NIST_P256, 256, NULL, "5cf02a00d205bdfee2016f7421807fc38ae69e6b7ccd064ee689fc1a94a9f7d2",
    "ec530ce3cc5c9d1af463f264d685afe2b4db4b5828d7e61b748930f3ce622a85"};
static const struct test_pair cavp_third = {
    TEE_ECC_CURVE_NIST_P256, 256, NULL, "2ddfd145767883ffbb0ac003ab4a44346d08fa2570b3120dcce94562422244cb",
    "5f70c7d11ac2b7a435ccfbbae02c3df1ea6b532cc0e9db74f93fffca7c6f9a64"};
static const struct test_pair cavp_fourth = {
    TEE_ECC_CURVE_NIST_P256, 256, NULL, "e424dc61d4bb3cb7ef4344a7f8957a0c5134e16f7a67c074f82e6e12f49abf3c",
    "970eed7aa2bc48651545949de1dddaf0127e5965ac85d1243d6f60e7dfaee927"};

#define SAMPLE "73616d706c65" /* "sample", RFC 6979 */

static const struct signature signatures[] = {
    {&cavp_fourth,
     "e1130af6a38ccb412a9c8d13e15dbfc9e69a16385af3c3f1e5da954fd5e7c45fd75e2b8c36699228e92840c0562fbf37"
     "72f07e17f1add56588dd45f7450e1217ad239922dd9c32695dc71ff2424ca0dec1321aa47064a044b7fe3c2b97d03ce4"
     "70a592304c5ef21eed9f93da56bb232d1eeb0035f9bf0dfafdcc4606272b20a3",
     "bf96b99aa49c705c910be33142017c642ff540c76349b9dab72f981fd9347f4f",
     "17c55095819089c2e03b9cd415abdf12444e323075d98f31920b9e0f57ec871c", true},
    {&cavp_third,
     "df04a346cf4d0e331a6db78cca2d456d31b0a000aa51441defdb97bbeb20b94d8d746429a393ba88840d661615e07def"
     "615a342abedfa4ce912e562af714959896858af817317a840dcff85a057bb91a3c2bf90105500362754a6dd321cdd861"
     "28cfc5f04667b57aa78c112411e42da304f1012d48cd6a7052d7de44ebcc01de",
     "9913111cff6f20c5bf453a99cd2c2019a4e749a49724a08774d14e4c113edda8",
     "9467cd4cd21ecb56b0cab0a9a453b43386845459127a952421f5c6382866c5cc", false},
    {&cavp_second,
     "069a6e6b93dfee6df6ef6997cd80dd2182c36653cef10c655d524585655462d683877f95ecc6d6c81623d8fac4e900ed"
     "0019964094e7de91f1481989ae1873004565789cbf5dc56c62aedc63f62f3b894c9c6f7788c8ecaadc9bd0e81ad91b2b"
     "3569ea12260e93924fdddd3972af5273198f5efda0746219475017557616170e",
     "dc23d130c6117fb5751201455e99f36f59aba1a6a21cf2d0e7481a97451d6693",
     "d6ce7708c18dbf35d4f8aa7240922dc6823f2e7058cbc1484fcad1599db5018c", false},
    {&test_signer_256, SAMPLE, "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", true},
    {&test_signer_384, SAMPLE,
     "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
     "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8", true},
};

static uint32_t algorithm_of(const struct test_pair *pair)
{
    return pair->bits == 256 ? TEE_ALG_ECDSA_SHA256 : TEE_ALG_ECDSA_SHA384;
}

static TEE_OperationHandle verifier(const struct test_pair *pair)
{
    return test_operation(algorithm_of(pair), TEE_MODE_VERIFY, pair->bits, test_key(TEE_TYPE_ECDSA_PUBLIC_KEY, pair));
}

static TEE_OperationHandle signer(const struct test_pair *pair)
{
    return test_operation(algorithm_of(pair), TEE_MODE_SIGN, pair->bits, test_key(TEE_TYPE_ECDSA_KEYPAIR, pair));
}

static size_t digest_of(const struct signature *signature, uint8_t digest[TEST_COORDINATE_MAX])
{
    uint8_t message[128];
    TEE_OperationHandle operation;
    size_t size = TEST_COORDINATE_MAX;

    if (TEE_AllocateOperation(&operation, signature->signer->bits == 256 ? TEE_ALG_SHA256 : TEE_ALG_SHA384,
                              TEE_MODE_DIGEST, 0) ||
        TEE_DigestDoFinal(operation, message, test_bytes(signature->message, message), digest, &size))
        TEE_Panic(0);
    TEE_FreeOperation(operation);
    return size;
}

uint32_t check_published_signatures(void)
{
    uint8_t digest[TEST_COORDINATE_MAX], bytes[TEST_SIGNATURE_MAX];
    const struct signature *signature;
    size_t size, half;

    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        signature = &signatures[i];
        size = digest_of(signature, digest);
        half = test_bytes(signature->r, bytes);
        CHECK(half == size && test_bytes(signature->s, bytes + half) == half);
        CHECK(test_verify(verifier(signature->signer), digest, size, bytes, signature->signer->bits) ==
              (signature->right ? TEE_SUCCESS : TEE_ERROR_SIGNATURE_INVALID));
    }
    return 0;
}

/* Whatever single bit of signature or digest is another one: the signature is not valid. */
static uint32_t check_bits(const struct test_pair *pair)
{
    uint8_t digest[TEST_COORDINATE_MAX] = {1, 2, 3}, bytes[TEST_SIGNATURE_MAX];
    size_t digest_size = pair->bits / 8, size = 2 * digest_size;
    TEE_OperationHandle operation = verifier(pair);
    TEE_OperationInfo info;

    CHECK(test_sign(signer(pair), digest, digest_size, bytes, pair->bits) == TEE_SUCCESS);
    TEE_GetOperationInfo(operation, &info);
    CHECK(info.operationClass == TEE_OPERATION_ASYMMETRIC_SIGNATURE && info.keySize == pair->bits);
    CHECK(info.requiredKeyUsage == TEE_USAGE_VERIFY && info.digestLength == digest_size);
    CHECK(info.handleState == TEE_HANDLE_FLAG_KEY_SET);
    CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, digest_size, bytes, size) == TEE_SUCCESS);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, digest_size, bytes, size) ==
              TEE_ERROR_SIGNATURE_INVALID);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * digest_size; bit++) {
        digest[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, digest_size, bytes, size) ==
              TEE_ERROR_SIGNATURE_INVALID);
        digest[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    /* The key of another; r = s = 0, and numbers above the order. */
    CHECK(test_verify(verifier(pair->bits == 256 ? &test_initiator_256 : &test_initiator_384), digest, digest_size,
                      bytes, pair->bits) == TEE_ERROR_SIGNATURE_INVALID);
    for (int fill = 0; fill <= 0xff; fill += 0xff) {
        memset(bytes, fill, size);
        CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, digest_size, bytes, size) ==
              TEE_ERROR_SIGNATURE_INVALID);
    }
    TEE_FreeOperation(operation);
    return 0;
}

uint32_t check_signature_bits(void)
{
    uint32_t line = check_bits(&test_signer_256);

    return line ? line : check_bits(&test_signer_384);
}

/* A key pair verifies too; an operation lives on after a reset, and tells how much room it needs. */
uint32_t check_signature_operation(void)
{
    TEE_OperationHandle operation = signer(&test_signer_256);
    uint8_t digest[32] = {7}, bytes[TEST_SIGNATURE_MAX];
    size_t size = 0;

    CHECK(TEE_AsymmetricSignDigest(operation, NULL, 0, digest, 32, NULL, &size) == TEE_ERROR_SHORT_BUFFER &&
          size == 64);
    size = 63;
    CHECK(TEE_AsymmetricSignDigest(operation, NULL, 0, digest, 32, bytes, &size) == TEE_ERROR_SHORT_BUFFER &&
          size == 64);
    TEE_ResetOperation(operation);
    size = sizeof(bytes);
    CHECK(TEE_AsymmetricSignDigest(operation, NULL, 0, digest, 32, bytes, &size) == TEE_SUCCESS && size == 64);
    TEE_FreeOperation(operation);
    operation = test_operation(TEE_ALG_ECDSA_SHA256, TEE_MODE_VERIFY, 256,
                               test_key(TEE_TYPE_ECDSA_KEYPAIR, &test_signer_256));
    CHECK(test_verify(operation, digest, 32, bytes, 256) == TEE_SUCCESS);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDSA_SHA256, TEE_MODE_SIGN, 384) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDSA_SHA384, TEE_MODE_SIGN, 256) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDSA_SHA256, TEE_MODE_DERIVE, 256) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDSA_SHA512, TEE_MODE_SIGN, 521) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDSA_SHA256, TEE_ECC_CURVE_NIST_P256) == TEE_SUCCESS);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDSA_SHA256, TEE_ECC_CURVE_NIST_P384) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDSA_SHA256, TEE_CRYPTO_ELEMENT_NONE) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ED25519, TEE_ECC_CURVE_25519) == TEE_SUCCESS);
    return 0;
}

/* RFC 8032, section 7.1, tests 1 and 2: secret, public key, message, signature. */
static const char *const ed25519[][4] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
};

uint32_t check_ed25519(void)
{
    uint8_t message[1], expected[64], bytes[64];
    TEE_ObjectHandle pair;
    TEE_OperationHandle operation;
    size_t size;

    for (size_t i = 0; i < sizeof(ed25519) / sizeof(ed25519[0]); i++) {
        size = test_bytes(ed25519[i][2], message);
        CHECK(test_bytes(ed25519[i][3], expected) == 64);
        pair = test_key_25519(TEE_TYPE_ED25519_KEYPAIR, TEE_ATTR_ED25519_PUBLIC_VALUE, ed25519[i][1],
                              TEE_ATTR_ED25519_PRIVATE_VALUE, ed25519[i][0]);
        CHECK(test_sign(test_operation(TEE_ALG_ED25519, TEE_MODE_SIGN, 256, pair), message, size, bytes, 256) ==
              TEE_SUCCESS);
        CHECK(!memcmp(bytes, expected, 64));
        operation = test_operation(TEE_ALG_ED25519, TEE_MODE_VERIFY, 256,
                                   test_key_25519(TEE_TYPE_ED25519_PUBLIC_KEY, TEE_ATTR_ED25519_PUBLIC_VALUE,
                                                  ed25519[i][1], 0, NULL));
        CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, message, size, bytes, 64) == TEE_SUCCESS);
        for (size_t bit = 0; bit < 512; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(TEE_AsymmetricVerifyDigest(operation, NULL, 0, message, size, bytes, 64) ==
                  TEE_ERROR_SIGNATURE_INVALID);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        TEE_FreeOperation(operation);
    }
    return 0;
}
