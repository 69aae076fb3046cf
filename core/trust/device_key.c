/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/device_key.h"

#include <string.h>

#include "core/storage/object.h"

static const uint8_t key_id[] = { OBJECT_DEVICE_KEY };
#define KEY_BITS (PACKAGE_POINT_SIZE * 8)

static TEE_Result generate(TEE_ObjectHandle *key)
{
    TEE_Attribute curve;
    TEE_Result result = TEE_AllocateTransientObject(TEE_TYPE_ECDH_KEYPAIR, KEY_BITS, key);
    if (result != TEE_SUCCESS)
        return result;
    TEE_InitValueAttribute(&curve, TEE_ATTR_ECC_CURVE, TEE_ECC_CURVE_NIST_P256, 0);
    result = TEE_GenerateKey(*key, KEY_BITS, &curve, 1);
    if (result == TEE_SUCCESS)
        result = TEE_RestrictObjectUsage1(*key, TEE_USAGE_DERIVE);
    if (result != TEE_SUCCESS)
        TEE_FreeTransientObject(*key);
    return result;
}

static TEE_Result create(TEE_ObjectHandle *key)
{
    TEE_ObjectHandle generated;
    TEE_Result result = generate(&generated);
    if (result != TEE_SUCCESS)
        return result;
    result =
        TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, key_id, sizeof(key_id), OBJECT_SHARED, generated, NULL, 0, key);
    TEE_FreeTransientObject(generated);
    if (result == TEE_ERROR_ACCESS_CONFLICT) /* another session has created the device key meanwhile */
        result = object_open(key_id, sizeof(key_id), OBJECT_SHARED, key);
    return result;
}

TEE_Result device_key_open(bool generate_missing, TEE_ObjectHandle *key)
{
    TEE_Result result = object_open(key_id, sizeof(key_id), OBJECT_SHARED, key);
    return result == TEE_ERROR_ITEM_NOT_FOUND && generate_missing ? create(key) : result;
}

/* Reads one coordinate. The TEE returns it without leading zeros. */
static TEE_Result get_coordinate(TEE_ObjectHandle key, uint32_t attribute, uint8_t out[PACKAGE_POINT_SIZE])
{
    uint8_t number[PACKAGE_POINT_SIZE];
    size_t size = sizeof(number);
    TEE_Result result = TEE_GetObjectBufferAttribute(key, attribute, number, &size);
    if (result != TEE_SUCCESS)
        return result;
    memset(out, 0, PACKAGE_POINT_SIZE);
    memcpy(out + PACKAGE_POINT_SIZE - size, number, size);
    return TEE_SUCCESS;
}

TEE_Result device_key_spki(TEE_ObjectHandle key, uint8_t spki[PACKAGE_SPKI_SIZE])
{
    static const uint8_t head[] = { PACKAGE_SPKI_HEAD };
    _Static_assert(sizeof(head) + 2 * PACKAGE_POINT_SIZE == PACKAGE_SPKI_SIZE, "the point fills the rest");
    uint8_t *x = spki + sizeof(head);
    memcpy(spki, head, sizeof(head));
    TEE_Result result = get_coordinate(key, TEE_ATTR_ECC_PUBLIC_VALUE_X, x);
    return result == TEE_SUCCESS ? get_coordinate(key, TEE_ATTR_ECC_PUBLIC_VALUE_Y, x + PACKAGE_POINT_SIZE) : result;
}

TEE_Result device_key_public(uint8_t spki[PACKAGE_SPKI_SIZE])
{
    TEE_ObjectHandle key;
    TEE_Result result = device_key_open(true, &key);
    if (result != TEE_SUCCESS)
        return result;
    result = device_key_spki(key, spki);
    TEE_CloseObject(key);
    return result;
}
