/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/sim/test_ta/asymmetric.h"

#include <string.h>

#define SECRET_BITS 4096

const struct test_pair test_initiator_256 = {
    TEE_ECC_CURVE_NIST_P256, 256, "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
    "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
    "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3"};
const struct test_pair test_responder_256 = {
    TEE_ECC_CURVE_NIST_P256, 256, "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
    "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63",
    "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB"};
const struct test_pair test_initiator_384 = {
    TEE_ECC_CURVE_NIST_P384, 384,
    "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
    "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6DE3AC808ACB4BDB4C88732AEE95F41AA",
    "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38EEB9FCFF3C2C947DAE69B4C634573A81C"};
const struct test_pair test_responder_384 = {
    TEE_ECC_CURVE_NIST_P384, 384,
    "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942E0308312916B8ED2960E4BD55A7448FC",
    "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571",
    "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FFF83FA40142209DFF5EAAD96DB9E6386C"};
const struct test_pair test_signer_256 = {
    TEE_ECC_CURVE_NIST_P256, 256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"};
const struct test_pair test_signer_384 = {
    TEE_ECC_CURVE_NIST_P384, 384,
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13",
    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720"};
const struct test_pair test_leading_zero = {
    TEE_ECC_CURVE_NIST_P256, 256, "017B", "005543894AF3D00ED7D740ABDBD75C96B06877B787DB5F70EEA78B90A8D7C00A",
    "BB4C85A3D8EA29EFAAFA24406912DD84D5B14DC32BF656EF6C6BD58A5D943F92"};

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

size_t test_bytes(const char *text, uint8_t *bytes)
{
    size_t size = strlen(text) / 2;

    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return size;
}

TEE_Result test_populate(uint32_t type, const struct test_pair *pair, TEE_ObjectHandle *object)
{
    uint8_t d[2 * TEST_COORDINATE_MAX], x[2 * TEST_COORDINATE_MAX], y[2 * TEST_COORDINATE_MAX];
    TEE_Attribute attributes[4];
    uint32_t count = 0;
    TEE_Result result = TEE_AllocateTransientObject(type, pair->bits, object);

    if (result != TEE_SUCCESS)
        return result;
    TEE_InitRefAttribute(&attributes[count++], TEE_ATTR_ECC_PUBLIC_VALUE_X, x, test_bytes(pair->x, x));
    TEE_InitRefAttribute(&attributes[count++], TEE_ATTR_ECC_PUBLIC_VALUE_Y, y, test_bytes(pair->y, y));
    TEE_InitValueAttribute(&attributes[count++], TEE_ATTR_ECC_CURVE, pair->curve, 0);
    if (type == TEE_TYPE_ECDSA_KEYPAIR || type == TEE_TYPE_ECDH_KEYPAIR)
        TEE_InitRefAttribute(&attributes[count++], TEE_ATTR_ECC_PRIVATE_VALUE, d, test_bytes(pair->d, d));
    return TEE_PopulateTransientObject(*object, attributes, count);
}

TEE_ObjectHandle test_key(uint32_t type, const struct test_pair *pair)
{
    TEE_ObjectHandle object;
    TEE_Result result = test_populate(type, pair, &object);

    if (result != TEE_SUCCESS)
        TEE_Panic(result);
    return object;
}

TEE_ObjectHandle test_key_25519(uint32_t type, uint32_t public_id, const char *public_value, uint32_t private_id,
                                const char *private_value)
{
    uint8_t values[2][TEST_COORDINATE_MAX];
    TEE_Attribute attributes[2];
    TEE_ObjectHandle object;
    uint32_t count = 0;

    TEE_InitRefAttribute(&attributes[count++], public_id, values[0], test_bytes(public_value, values[0]));
    if (private_value)
        TEE_InitRefAttribute(&attributes[count++], private_id, values[1], test_bytes(private_value, values[1]));
    if (TEE_AllocateTransientObject(type, 256, &object) || TEE_PopulateTransientObject(object, attributes, count))
        TEE_Panic(0);
    return object;
}

TEE_ObjectHandle test_generate(uint32_t type, uint32_t bits, uint32_t curve)
{
    TEE_ObjectHandle object;
    TEE_Attribute attribute;

    TEE_InitValueAttribute(&attribute, TEE_ATTR_ECC_CURVE, curve, 0);
    if (TEE_AllocateTransientObject(type, bits, &object) || TEE_GenerateKey(object, bits, &attribute, curve ? 1 : 0))
        TEE_Panic(0);
    return object;
}

TEE_OperationHandle test_operation(uint32_t algorithm, uint32_t mode, uint32_t bits, TEE_ObjectHandle key)
{
    TEE_OperationHandle operation;

    if (TEE_AllocateOperation(&operation, algorithm, mode, bits) || TEE_SetOperationKey(operation, key))
        TEE_Panic(0);
    TEE_FreeTransientObject(key);
    return operation;
}

TEE_Result test_sign(TEE_OperationHandle operation, const void *digest, size_t size, uint8_t *signature, uint32_t bits)
{
    size_t signature_size = 2 * bits / 8;
    TEE_Result result = TEE_AsymmetricSignDigest(operation, NULL, 0, digest, size, signature, &signature_size);

    TEE_FreeOperation(operation);
    return signature_size == 2 * bits / 8 ? result : TEE_ERROR_GENERIC;
}

TEE_Result test_verify(TEE_OperationHandle operation, const void *digest, size_t size, const uint8_t *signature,
                       uint32_t bits)
{
    TEE_Result result = TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, size, signature, 2 * bits / 8);

    TEE_FreeOperation(operation);
    return result;
}

size_t test_derive(TEE_OperationHandle operation, const void *x, const void *y, size_t size, uint8_t *secret)
{
    TEE_Attribute point[2];
    TEE_ObjectHandle object;
    size_t secret_size = TEST_COORDINATE_MAX;

    if (TEE_AllocateTransientObject(TEE_TYPE_GENERIC_SECRET, SECRET_BITS, &object))
        TEE_Panic(0);
    TEE_InitRefAttribute(&point[0], y ? TEE_ATTR_ECC_PUBLIC_VALUE_X : TEE_ATTR_X25519_PUBLIC_VALUE, x, size);
    TEE_InitRefAttribute(&point[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, y, size);
    TEE_DeriveKey(operation, point, y ? 2 : 1, object);
    if (TEE_GetObjectBufferAttribute(object, TEE_ATTR_SECRET_VALUE, secret, &secret_size))
        TEE_Panic(0);
    TEE_FreeTransientObject(object);
    TEE_FreeOperation(operation);
    return secret_size;
}
