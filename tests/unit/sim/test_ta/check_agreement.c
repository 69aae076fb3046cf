/* SPDX-License-Identifier: BSD-2-Clause */
/* Key agreement, against published vectors. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"

/* RFC 5903, sections 8.1 and 8.2: both sides, and the x of what they agree on. */
static const struct {
    const struct test_pair *initiator, *responder;
    const char *secret;
} agreements[] = {
    {&test_initiator_256, &test_responder_256, "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE"},
    {&test_initiator_384, &test_responder_384,
     "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746"},
};

static size_t agree(const struct test_pair *own, const struct test_pair *peer, uint8_t *secret)
{
    TEE_OperationHandle operation = test_operation(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, own->bits,
                                                   test_key(TEE_TYPE_ECDH_KEYPAIR, own));
    uint8_t x[TEST_COORDINATE_MAX], y[TEST_COORDINATE_MAX];

    (void)test_bytes(peer->y, y);
    return test_derive(operation, x, y, test_bytes(peer->x, x), secret);
}

uint32_t check_agreement(void)
{
    uint8_t expected[TEST_COORDINATE_MAX], secret[TEST_COORDINATE_MAX];
    TEE_OperationHandle operation;
    size_t size;

    for (size_t i = 0; i < sizeof(agreements) / sizeof(agreements[0]); i++) {
        size = test_bytes(agreements[i].secret, expected);
        CHECK(agree(agreements[i].initiator, agreements[i].responder, secret) == size);
        CHECK(!memcmp(secret, expected, size));
        CHECK(agree(agreements[i].responder, agreements[i].initiator, secret) == size);
        CHECK(!memcmp(secret, expected, size));
    }
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, 0) ==
          TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_SIGN, 256) ==
          TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_ECC_CURVE_NIST_P256) == TEE_SUCCESS);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_ECC_CURVE_NIST_P384) == TEE_SUCCESS);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_ECC_CURVE_NIST_P521) ==
          TEE_ERROR_NOT_SUPPORTED);
    return 0;
}

/* RFC 7748, section 6.1: private and public value, Alice's and Bob's. */
static const char *const x25519[2][2] = {
    {"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"},
    {"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"},
};
static const char x25519_secret[] = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

static TEE_OperationHandle x25519_operation(TEE_ObjectHandle key)
{
    return test_operation(TEE_ALG_X25519, TEE_MODE_DERIVE, 256, key);
}

uint32_t check_x25519(void)
{
    uint8_t expected[32], secret[TEST_COORDINATE_MAX], other[TEST_COORDINATE_MAX], publics[2][32];
    TEE_ObjectHandle keys[2];
    size_t size;

    (void)test_bytes(x25519_secret, expected);
    for (int own = 0; own < 2; own++) {
        keys[own] = test_key_25519(TEE_TYPE_X25519_KEYPAIR, TEE_ATTR_X25519_PUBLIC_VALUE, x25519[own][1],
                                   TEE_ATTR_X25519_PRIVATE_VALUE, x25519[own][0]);
        size = test_bytes(x25519[1 - own][1], publics[0]);
        CHECK(test_derive(x25519_operation(keys[own]), publics[0], NULL, size, secret) == 32);
        CHECK(!memcmp(secret, expected, 32));
    }
    for (int own = 0; own < 2; own++) {
        keys[own] = test_generate(TEE_TYPE_X25519_KEYPAIR, 256, 0);
        size = 32;
        CHECK(TEE_GetObjectBufferAttribute(keys[own], TEE_ATTR_X25519_PUBLIC_VALUE, publics[own], &size) ==
              TEE_SUCCESS);
    }
    CHECK(test_derive(x25519_operation(keys[0]), publics[1], NULL, 32, secret) == 32);
    CHECK(test_derive(x25519_operation(keys[1]), publics[0], NULL, 32, other) == 32 && !memcmp(secret, other, 32));
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_X25519_PUBLIC_KEY, 256, &keys[0]) == TEE_ERROR_NOT_SUPPORTED);
    return 0;
}
