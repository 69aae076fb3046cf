/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asymmetric cryptography of the simulator: checks that run inside a TA, the TA and this process (which has OpenSSL of
 * its own) as each other's peers, and misuse that must panic for the right reason.
 */
#define _GNU_SOURCE
#include "tests/unit/sim/sim_support.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COORDINATE_MAX 48
#define ROUNDS 20
#define DER_MAX 128

CHECK_TEST(published_signatures, SIM_TEST_CHECK_PUBLISHED_SIGNATURES)
CHECK_TEST(signature_bits, SIM_TEST_CHECK_SIGNATURE_BITS)
CHECK_TEST(signature_operation, SIM_TEST_CHECK_SIGNATURE_OPERATION)
CHECK_TEST(ed25519, SIM_TEST_CHECK_ED25519)
CHECK_TEST(published_agreement, SIM_TEST_CHECK_AGREEMENT)
CHECK_TEST(x25519, SIM_TEST_CHECK_X25519)
CHECK_TEST(pair_attributes, SIM_TEST_CHECK_PAIR_ATTRIBUTES)
CHECK_TEST(pair_generation, SIM_TEST_CHECK_PAIR_GENERATION)
CHECK_TEST(pair_storage, SIM_TEST_CHECK_PAIR_STORAGE)
CHECK_TEST(pair_refusals, SIM_TEST_CHECK_PAIR_REFUSALS)
CHECK_TEST(rsa, SIM_TEST_CHECK_RSA)
CHECK_TEST(rsa_refusals, SIM_TEST_CHECK_RSA_REFUSALS)
CHECK_TEST(x25519_public, SIM_TEST_CHECK_X25519_PUBLIC)
CHECK_TEST(leading_zeros, SIM_TEST_CHECK_PAIR_ZEROS)

static TEEC_Result call(uint32_t command, uint32_t bits, const uint8_t *in, size_t in_size, uint8_t *bytes, size_t size)
{
    uint32_t type = command == SIM_TEST_VERIFY ? TEEC_MEMREF_TEMP_INPUT : TEEC_MEMREF_TEMP_OUTPUT;
    TEEC_Operation operation = support_operation(TEEC_VALUE_INPUT, TEEC_MEMREF_TEMP_INPUT, type);
    TEEC_Session session;
    TEEC_Result result;

    operation.params[0].value.a = bits;
    operation.params[1].tmpref.buffer = (void *)(uintptr_t)in;
    operation.params[1].tmpref.size = in_size;
    operation.params[2].tmpref.buffer = bytes;
    operation.params[2].tmpref.size = size;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    result = TEEC_InvokeCommand(&session, command, &operation, NULL);
    TEEC_CloseSession(&session);
    return result;
}

static const char *group(uint32_t bits)
{
    return bits == 256 ? "P-256" : "P-384";
}

static EVP_PKEY *new_key(uint32_t bits)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", group(bits));

    assert_non_null(key);
    return key;
}

/* x || y of a key, with a 4 in front (SEC 1, section 2.3.3). */
static void get_point(EVP_PKEY *key, uint8_t *point, size_t half)
{
    size_t size = 0;

    assert_int_equal(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * half, &size), 1);
    assert_int_equal(size, 1 + 2 * half);
    assert_int_equal(point[0], 4);
}

static EVP_PKEY *public_key(uint32_t bits, const uint8_t *xy)
{
    uint8_t point[1 + 2 * COORDINATE_MAX] = {4};
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[3];

    memcpy(point + 1, xy, 2 * bits / 8);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)group(bits), 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * bits / 8);
    params[2] = OSSL_PARAM_construct_end();
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* The TA signs, OpenSSL verifies. */
static void we_verify(uint32_t bits)
{
    uint8_t digest[COORDINATE_MAX], bytes[4 * COORDINATE_MAX], *der = NULL;
    size_t half = bits / 8;
    EVP_PKEY_CTX *context;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    EVP_PKEY *key;
    int size;

    assert_int_equal(RAND_bytes(digest, sizeof(digest)), 1);
    assert_int_equal(call(SIM_TEST_SIGN, bits, digest, half, bytes, 4 * half), TEEC_SUCCESS);
    key = public_key(bits, bytes);
    assert_int_equal(ECDSA_SIG_set0(pair, BN_bin2bn(bytes + 2 * half, (int)half, NULL),
                                    BN_bin2bn(bytes + 3 * half, (int)half, NULL)), 1);
    size = i2d_ECDSA_SIG(pair, &der);
    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    assert_int_equal(EVP_PKEY_verify_init(context), 1);
    assert_int_equal(EVP_PKEY_verify(context, der, (size_t)size, digest, half), 1);
    digest[0] ^= 1;
    assert_int_equal(EVP_PKEY_verify(context, der, (size_t)size, digest, half), 0);
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
}

/* OpenSSL signs, the TA verifies. */
static void ta_verifies(uint32_t bits)
{
    uint8_t digest[COORDINATE_MAX], point[1 + 2 * COORDINATE_MAX], bytes[4 * COORDINATE_MAX], der[DER_MAX];
    const uint8_t *at = der;
    size_t half = bits / 8, size = sizeof(der);
    EVP_PKEY *key = new_key(bits);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    ECDSA_SIG *pair;

    assert_int_equal(RAND_bytes(digest, sizeof(digest)), 1);
    assert_int_equal(EVP_PKEY_sign_init(context), 1);
    assert_int_equal(EVP_PKEY_sign(context, der, &size, digest, half), 1);
    pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    get_point(key, point, half);
    memcpy(bytes, point + 1, 2 * half);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes + 2 * half, (int)half), half);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + 3 * half, (int)half), half);
    assert_int_equal(call(SIM_TEST_VERIFY, bits, digest, half, bytes, 4 * half), TEEC_SUCCESS);
    digest[half - 1] ^= 0x80;
    assert_int_equal(call(SIM_TEST_VERIFY, bits, digest, half, bytes, 4 * half), TEE_ERROR_SIGNATURE_INVALID);
    bytes[0] ^= 1;
    assert_int_equal(call(SIM_TEST_VERIFY, bits, digest, half, bytes, 4 * half), TEEC_ERROR_BAD_PARAMETERS);
    ECDSA_SIG_free(pair);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
}

static void both_agree(uint32_t bits)
{
    uint8_t point[1 + 2 * COORDINATE_MAX], bytes[3 * COORDINATE_MAX], secret[COORDINATE_MAX];
    size_t half = bits / 8, size = sizeof(secret);
    EVP_PKEY *key = new_key(bits);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    EVP_PKEY *other;

    get_point(key, point, half);
    assert_int_equal(call(SIM_TEST_AGREE, bits, point + 1, 2 * half, bytes, 3 * half), TEEC_SUCCESS);
    other = public_key(bits, bytes);
    assert_int_equal(EVP_PKEY_derive_init(context), 1);
    assert_int_equal(EVP_PKEY_derive_set_peer(context, other), 1);
    assert_int_equal(EVP_PKEY_derive(context, secret, &size), 1);
    assert_int_equal(size, half);
    assert_memory_equal(secret, bytes + 2 * half, half);
    EVP_PKEY_free(other);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
}

static void agrees_with_openssl(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++)
        for (uint32_t bits = 256; bits <= 384; bits += 128) {
            we_verify(bits);
            ta_verifies(bits);
            both_agree(bits);
        }
}

/* Who panics, and why: what the log must say. */
static const char *const reasons[SIM_TEST_MISUSES] = {
    [SIM_TEST_PRIVATE_NOT_EXTRACTABLE] = "TEE_GetObjectBufferAttribute: the key is not extractable",
    [SIM_TEST_ATTRIBUTE_MISSING] = "TEE_PopulateTransientObject: an attribute is missing",
    [SIM_TEST_ATTRIBUTE_TWICE] = "TEE_PopulateTransientObject: an attribute is given twice",
    [SIM_TEST_ATTRIBUTE_OF_OTHER_TYPE] = "TEE_PopulateTransientObject: the object type does not have this attribute",
    [SIM_TEST_CURVE_UNKNOWN] = "TEE_PopulateTransientObject: the simulator does not support this curve",
    [SIM_TEST_CURVE_TOO_LARGE] = "TEE_PopulateTransientObject: the key is larger than the object",
    [SIM_TEST_KEY_TOO_LARGE] = "TEE_PopulateTransientObject: the key is larger than the object",
    [SIM_TEST_STRING_TOO_SHORT] = "TEE_PopulateTransientObject: an attribute has the wrong length",
    [SIM_TEST_GENERATE_PUBLIC] = "TEE_GenerateKey: a public key",
    [SIM_TEST_GENERATE_WITHOUT_CURVE] = "TEE_GenerateKey: expected the parameter ECC_CURVE",
    [SIM_TEST_GENERATE_TWICE] = "TEE_GenerateKey: the object is initialized already",
    [SIM_TEST_PAIR_OF_PUBLIC] = "TEE_CopyObjectAttributes1: the objects have different types",
    [SIM_TEST_SIGN_WITHOUT_KEY] = "TEE_AsymmetricSignDigest: the operation has no key",
    [SIM_TEST_SIGN_WITH_PUBLIC] = "TEE_SetOperationKey: the key is of the wrong type",
    [SIM_TEST_SIGN_WITH_AGREEMENT_KEY] = "TEE_SetOperationKey: the key is of the wrong type",
    [SIM_TEST_SIGN_WITHOUT_USAGE] = "TEE_SetOperationKey: the key's usage does not allow this operation",
    [SIM_TEST_SIGN_ON_OTHER_CURVE] = "TEE_SetOperationKey: the key is on another curve",
    [SIM_TEST_SIGN_IN_VERIFY_MODE] = "TEE_AsymmetricSignDigest: the operation was allocated with another mode",
    [SIM_TEST_SIGN_SHORT_DIGEST] = "TEE_AsymmetricSignDigest: the digest has the wrong size",
    [SIM_TEST_VERIFY_SHORT_SIGNATURE] = "TEE_AsymmetricVerifyDigest: the signature has the wrong size",
    [SIM_TEST_VERIFY_LONG_SIGNATURE] = "TEE_AsymmetricVerifyDigest: the signature has the wrong size",
    [SIM_TEST_COPY_SIGNER] = "TEE_CopyOperation: an asymmetric operation",
    [SIM_TEST_AGREE_WITHOUT_KEY] = "TEE_DeriveKey: the operation has no key",
    [SIM_TEST_AGREE_WITH_NO_POINT] = "TEE_DeriveKey: the peer's public key is invalid",
    [SIM_TEST_AGREE_WITH_NOUGHT] = "TEE_DeriveKey: the peer's public key is invalid",
    [SIM_TEST_AGREE_Y_FIRST] = "TEE_DeriveKey: expected the attributes ECC_PUBLIC_VALUE_X and _Y",
    [SIM_TEST_AGREE_ON_AES_KEY] = "TEE_DeriveKey: the object is not a TEE_TYPE_GENERIC_SECRET",
    [SIM_TEST_AGREE_ON_TOO_MUCH] = "TEE_DeriveKey: the derived secret is larger than the object",
    [SIM_TEST_AGREE_ON_ZEROS] = "TEE_DeriveKey: the peer's public key leads to no shared secret",
    [SIM_TEST_RSA_HALF_OF_PRIMES] = "TEE_PopulateTransientObject: an attribute is missing",
    [SIM_TEST_RSA_SHORT_SIGNATURE] = "TEE_AsymmetricVerifyDigest: the signature has the wrong size",
    [SIM_TEST_RSA_SHORT_DIGEST] = "TEE_AsymmetricSignDigest: the digest has the wrong size",
    [SIM_TEST_RSA_SALT_OF_PKCS1] = "TEE_AsymmetricSignDigest: the only parameter is RSA_PSS_SALT_LENGTH",
    [SIM_TEST_RSA_LABEL] = "TEE_AsymmetricEncrypt: OAEP takes no parameters",
    [SIM_TEST_RSA_ENCRYPT_TO_SIGNER] = "TEE_AsymmetricEncrypt: the operation is of another class",
};

static void misuse_panics(void **state)
{
    char path[256], text[1024];
    FILE *log;

    (void)state;
    snprintf(path, sizeof(path), "%s/log", support_state);
    setenv("LUATEE_SIM_LOG", path, 1);
    for (uint32_t which = SIM_TEST_MISUSES_ASYMMETRIC; which < SIM_TEST_MISUSES; which++) {
        unlink(path);
        support_misuse(which);
        log = fopen(path, "re");
        assert_non_null(log);
        text[fread(text, 1, sizeof(text) - 1, log)] = '\0';
        fclose(log);
        if (!reasons[which] || !strstr(text, reasons[which]))
            fail_msg("sim_test_misuse %u: not \"%s\" but:\n%s", which, reasons[which], text);
    }
    unsetenv("LUATEE_SIM_LOG");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, support_begin, support_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(published_signatures),
        TEST(signature_bits),
        TEST(signature_operation),
        TEST(ed25519),
        TEST(published_agreement),
        TEST(x25519),
        TEST(pair_attributes),
        TEST(pair_generation),
        TEST(pair_storage),
        TEST(pair_refusals),
        TEST(leading_zeros),
        TEST(rsa),
        TEST(rsa_refusals),
        TEST(x25519_public),
        TEST(agrees_with_openssl),
        TEST(misuse_panics),
    };

    return cmocka_run_group_tests_name("simulator: asymmetric cryptography", tests, NULL, NULL);
}
