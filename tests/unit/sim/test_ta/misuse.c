/* SPDX-License-Identifier: BSD-2-Clause */
/* What GP answers with a panic. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

static TEE_ObjectHandle object(uint32_t flags)
{
    TEE_ObjectHandle handle;

    if (TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, "misuse", 6, flags | TEE_DATA_FLAG_OVERWRITE, TEE_HANDLE_NULL,
                                   "x", 1, &handle))
        exit(1);
    return handle;
}

static TEE_OperationHandle operation(uint32_t algorithm, uint32_t mode, uint32_t bits)
{
    TEE_OperationHandle handle;

    if (TEE_AllocateOperation(&handle, algorithm, mode, bits))
        exit(1);
    return handle;
}

static void misuse_memory(uint32_t which)
{
    uint64_t on_stack[4] = {0};
    uint8_t *block = TEE_Malloc(64, 0);

    if (which == SIM_TEST_DOUBLE_FREE) {
        TEE_Free(block);
        TEE_Free(block);
    } else if (which == SIM_TEST_FREE_OF_STACK) {
        TEE_Free(on_stack);
    } else {
        TEE_Free(block + 16);
    }
}

static void misuse_object(uint32_t which)
{
    uint8_t id[TEE_OBJECT_ID_MAX_LEN + 1] = {0};
    TEE_ObjectHandle handle = TEE_HANDLE_NULL;
    TEE_ObjectInfo info;
    size_t count;

    switch (which) {
    case SIM_TEST_CLOSED_OBJECT:
        handle = object(0);
        TEE_CloseObject(handle);
        TEE_GetObjectInfo1(handle, &info);
        break;
    case SIM_TEST_BAD_OBJECT:
        TEE_CloseObject((TEE_ObjectHandle)id);
        break;
    case SIM_TEST_READ_WITHOUT_ACCESS:
        TEE_ReadObjectData(object(TEE_DATA_FLAG_ACCESS_WRITE), id, 1, &count);
        break;
    case SIM_TEST_DELETE_WITHOUT_ACCESS:
        TEE_CloseAndDeletePersistentObject1(object(TEE_DATA_FLAG_ACCESS_WRITE));
        break;
    case SIM_TEST_LONG_ID:
        TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, sizeof(id), 0, &handle);
        break;
    default:
        TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, 1, 1u << 20, &handle);
        break;
    }
}

static void misuse_key(uint32_t which)
{
    TEE_ObjectHandle key = test_aes_key();
    TEE_Attribute attribute;

    if (which == SIM_TEST_KEY_WITHOUT_USAGE) {
        TEE_RestrictObjectUsage1(key, TEE_USAGE_DECRYPT);
        TEE_SetOperationKey(operation(TEE_ALG_AES_CTR, TEE_MODE_ENCRYPT, 128), key);
    } else if (which == SIM_TEST_KEY_OF_OTHER_TYPE) {
        TEE_SetOperationKey(operation(TEE_ALG_HMAC_SHA256, TEE_MODE_MAC, 256), key);
    } else {
        TEE_InitRefAttribute(&attribute, TEE_ATTR_SECRET_VALUE, "0123456789abcdef", 16);
        TEE_PopulateTransientObject(key, &attribute, 1);
    }
}

static void misuse_operation(uint32_t which)
{
    TEE_OperationHandle handle;
    uint8_t bytes[32] = {0};
    size_t size = sizeof(bytes);

    switch (which) {
    case SIM_TEST_FREED_OPERATION:
        handle = operation(TEE_ALG_SHA256, TEE_MODE_DIGEST, 0);
        TEE_FreeOperation(handle);
        TEE_DigestUpdate(handle, bytes, 1);
        break;
    case SIM_TEST_OPERATION_OF_OTHER_CLASS:
        TEE_MACInit(operation(TEE_ALG_SHA256, TEE_MODE_DIGEST, 0), NULL, 0);
        break;
    case SIM_TEST_CIPHER_WITHOUT_KEY:
        TEE_CipherInit(operation(TEE_ALG_AES_CTR, TEE_MODE_ENCRYPT, 128), bytes, 16);
        break;
    case SIM_TEST_CIPHER_HALF_BLOCK:
        handle = operation(TEE_ALG_AES_CBC_NOPAD, TEE_MODE_ENCRYPT, 128);
        TEE_SetOperationKey(handle, test_aes_key());
        TEE_CipherInit(handle, bytes, 16);
        TEE_CipherDoFinal(handle, bytes, 8, bytes, &size);
        break;
    default:
        handle = operation(TEE_ALG_AES_GCM, TEE_MODE_ENCRYPT, 128);
        TEE_SetOperationKey(handle, test_aes_key());
        TEE_AEInit(handle, bytes, 12, 128, 0, 0);
        TEE_AEUpdate(handle, bytes, 8, bytes, &size);
        TEE_AEUpdateAAD(handle, bytes, 8);
        break;
    }
}

void misuse(uint32_t which)
{
    static uint8_t much[4097];
    uint8_t id[TEE_OBJECT_ID_MAX_LEN];
    size_t size;
    bool value;

    switch (which) {
    case SIM_TEST_PANIC:
        TEE_Panic(0x1234);
        break;
    case SIM_TEST_ABORT:
        abort();
    case SIM_TEST_DOUBLE_FREE:
    case SIM_TEST_FREE_OF_STACK:
    case SIM_TEST_FREE_INSIDE:
        misuse_memory(which);
        break;
    case SIM_TEST_CLOSED_OBJECT:
    case SIM_TEST_BAD_OBJECT:
    case SIM_TEST_READ_WITHOUT_ACCESS:
    case SIM_TEST_DELETE_WITHOUT_ACCESS:
    case SIM_TEST_LONG_ID:
    case SIM_TEST_BAD_FLAGS:
        misuse_object(which);
        break;
    case SIM_TEST_KEY_WITHOUT_USAGE:
    case SIM_TEST_KEY_OF_OTHER_TYPE:
    case SIM_TEST_POPULATE_TWICE:
        misuse_key(which);
        break;
    case SIM_TEST_BAD_ENUMERATOR:
        TEE_GetNextPersistentObject(TEE_HANDLE_NULL, NULL, id, &size);
        break;
    case SIM_TEST_PROPERTY_WITHOUT_NAME:
        TEE_GetPropertyAsBool(TEE_PROPSET_CURRENT_TA, NULL, &value);
        break;
    case SIM_TEST_FREED_OPERATION:
    case SIM_TEST_OPERATION_OF_OTHER_CLASS:
    case SIM_TEST_CIPHER_WITHOUT_KEY:
    case SIM_TEST_CIPHER_HALF_BLOCK:
    case SIM_TEST_AAD_AFTER_PAYLOAD:
        misuse_operation(which);
        break;
    case SIM_TEST_RANDOM_TOO_MUCH:
        TEE_GenerateRandom(much, sizeof(much));
        break;
    case SIM_TEST_CCM_NONCE_SHORT:
    case SIM_TEST_CCM_NONCE_LONG:
    case SIM_TEST_CCM_TOO_LONG_FOR_NONCE:
    case SIM_TEST_CCM_AAD_MORE:
    case SIM_TEST_CCM_AAD_LESS:
    case SIM_TEST_CCM_PAYLOAD_MORE:
    case SIM_TEST_CCM_PAYLOAD_LESS:
        misuse_ccm(which);
        break;
    default:
        misuse_asymmetric(which);
        break;
    }
}
