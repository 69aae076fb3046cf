/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations and keys, against published vectors. */
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"

static TEE_ObjectHandle key_of(uint32_t type, uint32_t max_bits, const void *bytes, size_t size)
{
    TEE_ObjectHandle key;
    TEE_Attribute attribute;

    TEE_InitRefAttribute(&attribute, TEE_ATTR_SECRET_VALUE, bytes, size);
    if (TEE_AllocateTransientObject(type, max_bits, &key) || TEE_PopulateTransientObject(key, &attribute, 1))
        TEE_Panic(0);
    return key;
}

/* NIST SP 800-38A, appendix F: the key of its AES-128 examples. */
TEE_ObjectHandle test_aes_key(void)
{
    static const uint8_t key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                    0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};

    return key_of(TEE_TYPE_AES, 128, key, sizeof(key));
}

static const uint8_t plain[16] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                  0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};

uint32_t check_digest(void)
{
    static const uint8_t abc[4] = {0xba, 0x78, 0x16, 0xbf}; /* SHA-256("abc"), FIPS 180-4 */
    TEE_OperationHandle one, two;
    TEE_OperationInfo info;
    uint8_t hash[64], pieces[64];
    size_t size = 10;

    CHECK(TEE_AllocateOperation(&one, TEE_ALG_SHA256, TEE_MODE_DIGEST, 256) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&one, TEE_ALG_SHA256, TEE_MODE_MAC, 0) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&one, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0) == TEE_SUCCESS);
    CHECK(TEE_AllocateOperation(&two, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0) == TEE_SUCCESS);
    TEE_GetOperationInfo(one, &info);
    CHECK(info.digestLength == 32 && info.operationClass == TEE_OPERATION_DIGEST);
    CHECK(TEE_DigestDoFinal(one, "abc", 3, hash, &size) == TEE_ERROR_SHORT_BUFFER && size == 32);
    CHECK(TEE_DigestDoFinal(one, "abc", 3, hash, &size) == TEE_SUCCESS && !memcmp(hash, abc, sizeof(abc)));
    TEE_DigestUpdate(one, "a", 1);
    TEE_CopyOperation(two, one);
    TEE_DigestUpdate(one, "x", 1);
    TEE_ResetOperation(one);
    TEE_DigestUpdate(two, "b", 1);
    CHECK(TEE_DigestDoFinal(two, "c", 1, pieces, &size) == TEE_SUCCESS && !memcmp(hash, pieces, 32));
    TEE_DigestUpdate(one, "abc", 3);
    size = 20;
    CHECK(TEE_DigestExtract(one, pieces, &size) == TEE_SUCCESS && size == 20);
    size = 64;
    CHECK(TEE_DigestDoFinal(one, NULL, 0, pieces + 20, &size) == TEE_SUCCESS && size == 12);
    CHECK(!memcmp(hash, pieces, 32));
    TEE_FreeOperation(one);
    TEE_FreeOperation(two);
    TEE_FreeOperation(TEE_HANDLE_NULL);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_SHA512, TEE_CRYPTO_ELEMENT_NONE) == TEE_SUCCESS);
    CHECK(TEE_IsAlgorithmSupported(TEE_ALG_RSA_NOPAD, TEE_CRYPTO_ELEMENT_NONE) == TEE_ERROR_NOT_SUPPORTED);
    return 0;
}

static uint32_t check_cbc(void)
{
    static const uint8_t expected[8] = {0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46}; /* SP 800-38A, F.2.1 */
    TEE_ObjectHandle key = test_aes_key();
    TEE_OperationHandle operation;
    uint8_t iv[16], out[32], back[32];
    size_t size = sizeof(out);

    for (int i = 0; i < 16; i++)
        iv[i] = (uint8_t)i;
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_AES_CBC_NOPAD, TEE_MODE_ENCRYPT, 128) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(operation, key) == TEE_SUCCESS);
    TEE_CipherInit(operation, iv, sizeof(iv));
    CHECK(TEE_CipherUpdate(operation, plain, 5, out, &size) == TEE_SUCCESS && size == 0);
    size = 15;
    CHECK(TEE_CipherUpdate(operation, plain + 5, 11, out, &size) == TEE_ERROR_SHORT_BUFFER && size == 16);
    CHECK(TEE_CipherUpdate(operation, plain + 5, 11, out, &size) == TEE_SUCCESS && size == 16);
    CHECK(!memcmp(out, expected, sizeof(expected)));
    size = 16;
    CHECK(TEE_CipherDoFinal(operation, plain, 16, out + 16, &size) == TEE_SUCCESS && size == 16);
    TEE_FreeOperation(operation);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_AES_CBC_NOPAD, TEE_MODE_DECRYPT, 128) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(operation, key) == TEE_SUCCESS);
    TEE_CipherInit(operation, iv, sizeof(iv));
    size = sizeof(back);
    CHECK(TEE_CipherDoFinal(operation, out, 32, back, &size) == TEE_SUCCESS && size == 32);
    CHECK(!memcmp(back, plain, 16) && !memcmp(back + 16, plain, 16));
    TEE_FreeOperation(operation);
    TEE_FreeTransientObject(key);
    return 0;
}

uint32_t check_cipher(void)
{
    static const uint8_t expected[4] = {0x87, 0x4d, 0x61, 0x91}; /* SP 800-38A, F.5.1 */
    TEE_ObjectHandle key = test_aes_key();
    TEE_OperationHandle operation;
    uint8_t counter[16], out[16];
    size_t size = sizeof(out);
    uint32_t line = check_cbc();

    if (line)
        return line;
    for (int i = 0; i < 16; i++)
        counter[i] = (uint8_t)(0xf0 + i);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_AES_CTR, TEE_MODE_ENCRYPT, 120) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_AES_CTR, TEE_MODE_ENCRYPT, 256) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(operation, key) == TEE_SUCCESS);
    TEE_FreeTransientObject(key);
    for (int round = 0; round < 2; round++) {
        TEE_CipherInit(operation, counter, sizeof(counter));
        size = sizeof(out);
        CHECK(TEE_CipherUpdate(operation, plain, 3, out, &size) == TEE_SUCCESS && size == 3);
        size = sizeof(out) - 3;
        CHECK(TEE_CipherDoFinal(operation, plain + 3, 13, out + 3, &size) == TEE_SUCCESS && size == 13);
        CHECK(!memcmp(out, expected, sizeof(expected)));
    }
    TEE_FreeOperation(operation);
    return 0;
}

uint32_t check_ae(void)
{
    static const uint8_t zeros[16];
    static const uint8_t expected[4] = {0x03, 0x88, 0xda, 0xce}; /* the GCM paper, test case 2 */
    static const uint8_t expected_tag[4] = {0xab, 0x6e, 0x47, 0xd4};
    TEE_ObjectHandle key = key_of(TEE_TYPE_AES, 128, zeros, sizeof(zeros));
    TEE_OperationHandle seal, open;
    uint8_t out[16], back[16], tag[16];
    size_t size = sizeof(out);
    size_t tag_size = 8;

    CHECK(TEE_AllocateOperation(&seal, TEE_ALG_AES_GCM, TEE_MODE_ENCRYPT, 128) == TEE_SUCCESS);
    CHECK(TEE_AllocateOperation(&open, TEE_ALG_AES_GCM, TEE_MODE_DECRYPT, 128) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(seal, key) == TEE_SUCCESS && TEE_SetOperationKey(open, key) == TEE_SUCCESS);
    TEE_FreeTransientObject(key);
    CHECK(TEE_AEInit(seal, zeros, 12, 64, 0, 0) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AEInit(seal, zeros, 12, 128, 0, 0) == TEE_SUCCESS);
    CHECK(TEE_AEEncryptFinal(seal, zeros, 16, out, &size, tag, &tag_size) == TEE_ERROR_SHORT_BUFFER && tag_size == 16);
    CHECK(TEE_AEEncryptFinal(seal, zeros, 16, out, &size, tag, &tag_size) == TEE_SUCCESS && size == 16);
    CHECK(!memcmp(out, expected, sizeof(expected)) && !memcmp(tag, expected_tag, sizeof(expected_tag)));
    CHECK(TEE_AEInit(seal, zeros, 12, 128, 0, 0) == TEE_SUCCESS);
    TEE_AEUpdateAAD(seal, "header", 6);
    size = 10;
    CHECK(TEE_AEUpdate(seal, plain, 10, out, &size) == TEE_SUCCESS && size == 10);
    size = 6;
    CHECK(TEE_AEEncryptFinal(seal, plain + 10, 6, out + 10, &size, tag, &tag_size) == TEE_SUCCESS && size == 6);
    for (int bad = 0; bad < 2; bad++) {
        CHECK(TEE_AEInit(open, zeros, 12, 128, 0, 0) == TEE_SUCCESS);
        TEE_AEUpdateAAD(open, "header", 6);
        tag[15] ^= (uint8_t)bad;
        size = sizeof(back);
        CHECK(TEE_AEDecryptFinal(open, out, 16, back, &size, tag, 16) == (bad ? TEE_ERROR_MAC_INVALID : TEE_SUCCESS));
        CHECK(!memcmp(back, bad ? zeros : plain, 16));
    }
    TEE_FreeOperation(seal);
    TEE_FreeOperation(open);
    return 0;
}

uint32_t check_mac(void)
{
    static const uint8_t expected[4] = {0xb0, 0x34, 0x4c, 0x61}; /* RFC 4231, case 1, whose key is 20 bytes */
    uint8_t key_bytes[24] = {0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
                             0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b};
    /* HMAC pads keys with zeros: four of them make it long enough for GP and change nothing. */
    TEE_ObjectHandle key = key_of(TEE_TYPE_HMAC_SHA256, 256, key_bytes, sizeof(key_bytes));
    TEE_OperationHandle operation;
    uint8_t mac[32];
    size_t size = sizeof(mac);

    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_HMAC_SHA256, TEE_MODE_MAC, 256) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(operation, key) == TEE_SUCCESS);
    TEE_FreeTransientObject(key);
    TEE_MACInit(operation, NULL, 0);
    TEE_MACUpdate(operation, "Hi ", 3);
    CHECK(TEE_MACComputeFinal(operation, "There", 5, mac, &size) == TEE_SUCCESS && size == 32);
    CHECK(!memcmp(mac, expected, sizeof(expected)));
    TEE_MACInit(operation, NULL, 0);
    CHECK(TEE_MACCompareFinal(operation, "Hi There", 8, mac, 32) == TEE_SUCCESS);
    mac[0] ^= 1;
    TEE_MACInit(operation, NULL, 0);
    CHECK(TEE_MACCompareFinal(operation, "Hi There", 8, mac, 32) == TEE_ERROR_MAC_INVALID);
    TEE_FreeOperation(operation);
    return 0;
}

uint32_t check_keys(void)
{
    TEE_ObjectHandle key, copy;
    TEE_ObjectInfo info;
    TEE_Attribute attribute;
    uint8_t bytes[32], same[32];
    size_t size = sizeof(bytes);

    CHECK(TEE_AllocateTransientObject(TEE_TYPE_AES, 100, &key) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_DSA_KEYPAIR, 2048, &key) == TEE_ERROR_NOT_SUPPORTED);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_AES, 256, &key) == TEE_SUCCESS);
    TEE_InitRefAttribute(&attribute, TEE_ATTR_SECRET_VALUE, bytes, 15);
    CHECK(TEE_PopulateTransientObject(key, &attribute, 1) == TEE_ERROR_BAD_PARAMETERS);
    CHECK(TEE_GenerateKey(key, 256, NULL, 0) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && info.objectSize == 256 && info.objectType == TEE_TYPE_AES);
    CHECK(info.handleFlags == TEE_HANDLE_FLAG_INITIALIZED && info.dataSize == 0);
    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_SECRET_VALUE, bytes, &size) == TEE_SUCCESS && size == 32);
    CHECK(TEE_AllocateTransientObject(TEE_TYPE_AES, 256, &copy) == TEE_SUCCESS);
    CHECK(TEE_CopyObjectAttributes1(copy, key) == TEE_SUCCESS);
    size = 31;
    CHECK(TEE_GetObjectBufferAttribute(copy, TEE_ATTR_SECRET_VALUE, same, &size) == TEE_ERROR_SHORT_BUFFER &&
          size == 32);
    CHECK(TEE_GetObjectBufferAttribute(copy, TEE_ATTR_SECRET_VALUE, same, &size) == TEE_SUCCESS &&
          !memcmp(bytes, same, 32));
    CHECK(TEE_RestrictObjectUsage1(copy, TEE_USAGE_ENCRYPT) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(copy, &info) == TEE_SUCCESS && info.objectUsage == TEE_USAGE_ENCRYPT);
    TEE_ResetTransientObject(copy);
    CHECK(TEE_GetObjectInfo1(copy, &info) == TEE_SUCCESS && info.handleFlags == 0 && info.objectSize == 0);
    TEE_FreeTransientObject(copy);
    TEE_FreeTransientObject(key);
    TEE_FreeTransientObject(TEE_HANDLE_NULL);
    return 0;
}
