/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA as the other side of a test that has OpenSSL of its own. */
#include <string.h>

#include "tests/unit/sim/test_ta/asymmetric.h"
#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

static uint32_t curve_of(uint32_t bits)
{
    return bits == 256 ? TEE_ECC_CURVE_NIST_P256 : TEE_ECC_CURVE_NIST_P384;
}

static uint32_t algorithm_of(uint32_t bits)
{
    return bits == 256 ? TEE_ALG_ECDSA_SHA256 : TEE_ALG_ECDSA_SHA384;
}

/* A coordinate, with the zeros that the API leaves out. */
static void coordinate(TEE_ObjectHandle key, uint32_t attribute, uint8_t *out, size_t size)
{
    uint8_t bytes[TEST_COORDINATE_MAX];
    size_t got = size;

    if (TEE_GetObjectBufferAttribute(key, attribute, bytes, &got))
        TEE_Panic(0);
    memset(out, 0, size - got);
    memcpy(out + size - got, bytes, got);
}

static TEE_ObjectHandle new_key(uint32_t type, uint32_t bits, uint8_t *point)
{
    TEE_ObjectHandle key = test_generate(type, bits, curve_of(bits));

    coordinate(key, TEE_ATTR_ECC_PUBLIC_VALUE_X, point, bits / 8);
    coordinate(key, TEE_ATTR_ECC_PUBLIC_VALUE_Y, point + bits / 8, bits / 8);
    return key;
}

static TEE_Result sign(uint32_t bits, const TEE_Param *digest, uint8_t *out)
{
    TEE_ObjectHandle key = new_key(TEE_TYPE_ECDSA_KEYPAIR, bits, out);

    return test_sign(test_operation(algorithm_of(bits), TEE_MODE_SIGN, bits, key), digest->memref.buffer,
                     digest->memref.size, out + 2 * bits / 8, bits);
}

static TEE_Result verify(uint32_t bits, const TEE_Param *digest, const uint8_t *in)
{
    TEE_Attribute attributes[3];
    TEE_ObjectHandle key;
    size_t size = bits / 8;
    TEE_Result result;

    if (TEE_AllocateTransientObject(TEE_TYPE_ECDSA_PUBLIC_KEY, bits, &key))
        return TEE_ERROR_GENERIC;
    TEE_InitRefAttribute(&attributes[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, in, size);
    TEE_InitRefAttribute(&attributes[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, in + size, size);
    TEE_InitValueAttribute(&attributes[2], TEE_ATTR_ECC_CURVE, curve_of(bits), 0);
    result = TEE_PopulateTransientObject(key, attributes, 3);
    if (result != TEE_SUCCESS) {
        TEE_FreeTransientObject(key);
        return result;
    }
    return test_verify(test_operation(algorithm_of(bits), TEE_MODE_VERIFY, bits, key), digest->memref.buffer,
                       digest->memref.size, in + 2 * size, bits);
}

static TEE_Result agree(uint32_t bits, const uint8_t *point, uint8_t *out)
{
    TEE_ObjectHandle key = new_key(TEE_TYPE_ECDH_KEYPAIR, bits, out);
    size_t size = bits / 8;
    TEE_OperationHandle operation =
        test_operation(TEE_ALG_ECDH_DERIVE_SHARED_SECRET, TEE_MODE_DERIVE, bits, key);

    return test_derive(operation, point, point + size, size, out + 2 * size) == size ? TEE_SUCCESS : TEE_ERROR_GENERIC;
}

TEE_Result peer(uint32_t command, TEE_Param *params)
{
    uint32_t bits = params[0].value.a;
    size_t size = bits / 8;
    size_t needed = command == SIM_TEST_AGREE ? 3 * size : 4 * size;

    if ((bits != 256 && bits != 384) || params[2].memref.size != needed ||
        params[1].memref.size != (command == SIM_TEST_AGREE ? 2 * size : size))
        return TEE_ERROR_BAD_FORMAT;
    if (command == SIM_TEST_SIGN)
        return sign(bits, &params[1], params[2].memref.buffer);
    if (command == SIM_TEST_VERIFY)
        return verify(bits, &params[1], params[2].memref.buffer);
    return agree(bits, params[1].memref.buffer, params[2].memref.buffer);
}
