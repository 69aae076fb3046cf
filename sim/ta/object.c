/* SPDX-License-Identifier: BSD-2-Clause */
/* Generic object functions: GP TEE Internal Core API, section 5.5. */
#include "sim/ta/object.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/ta/handle.h"
#include "sim/ta/panic.h"
#include "sim/ta/persistent.h"
#include "sim/ta/storage_record.h"

struct sim_object *sim_object_new(uint32_t type, TEE_ObjectHandle *handle)
{
    struct sim_object *object = calloc(1, sizeof(*object));

    if (!object)
        return NULL;
    object->type = type;
    object->usage = SIM_USAGE_ALL;
    object->lock = object->version = -1;
    *handle = sim_handle_new(SIM_HANDLE_OBJECT, object);
    if (*handle)
        return object;
    free(object);
    return NULL;
}

struct sim_object *sim_object_get(TEE_ObjectHandle handle, const char *function)
{
    return sim_handle_get(SIM_HANDLE_OBJECT, handle, function);
}

void sim_object_close(TEE_ObjectHandle handle)
{
    struct sim_object *object = sim_object_get(handle, __func__);

    sim_handle_invalidate(handle);
    sim_bytes_free(&object->content);
    if (object->version >= 0)
        close(object->version);
    if (object->lock >= 0)
        close(object->lock);
    sim_object_set_secret(object, NULL, 0);
    free(object);
}

bool sim_object_set_secret(struct sim_object *object, const void *secret, size_t size)
{
    uint8_t *copy = NULL;

    if (secret) {
        copy = malloc(size ? size : 1);
        if (!copy)
            return false;
        memcpy(copy, secret, size);
    }
    if (object->secret)
        OPENSSL_cleanse(object->secret, object->secret_size);
    free(object->secret);
    object->secret = copy;
    object->secret_size = size;
    return true;
}

TEE_Result sim_object_initialize(struct sim_object *object, const void *value, size_t size, uint32_t bits)
{
    if (!sim_object_set_secret(object, value, size))
        return TEE_ERROR_OUT_OF_MEMORY;
    object->size_bits = bits;
    object->flags |= TEE_HANDLE_FLAG_INITIALIZED;
    return TEE_SUCCESS;
}

TEE_Result TEE_GetObjectInfo1(TEE_ObjectHandle handle, TEE_ObjectInfo *info)
{
    struct sim_object *object = sim_object_get(handle, __func__);
    bool persistent = (object->flags & TEE_HANDLE_FLAG_PERSISTENT) != 0;
    TEE_Result result;

    sim_require(info, "the pointer to the information is NULL");
    memset(info, 0, sizeof(*info));
    if (persistent) {
        result = sim_persistent_refresh(handle, object);
        if (result != TEE_SUCCESS)
            return result;
        info->dataSize = sim_record_data_size(&object->content);
    }
    info->objectType = object->type;
    info->objectSize = object->size_bits;
    info->maxObjectSize = object->max_bits;
    info->objectUsage = object->usage;
    info->dataPosition = object->position;
    info->handleFlags = object->flags;
    return TEE_SUCCESS;
}

void TEE_GetObjectInfo(TEE_ObjectHandle handle, TEE_ObjectInfo *info)
{
    TEE_Result result = TEE_GetObjectInfo1(handle, info);

    if (result == TEE_SUCCESS)
        return;
    if (result != TEE_ERROR_CORRUPT_OBJECT)
        sim_panic(result, __func__, "the object cannot be read");
    memset(info, 0, sizeof(*info));
    info->objectType = TEE_TYPE_CORRUPTED_OBJECT;
}

TEE_Result TEE_RestrictObjectUsage1(TEE_ObjectHandle handle, uint32_t usage)
{
    sim_object_get(handle, __func__)->usage &= usage;
    return TEE_SUCCESS;
}

void TEE_RestrictObjectUsage(TEE_ObjectHandle handle, uint32_t usage)
{
    (void)TEE_RestrictObjectUsage1(handle, usage);
}

/* Finds the object and checks that the attribute may be read: a private one only if the key is extractable. */
static struct sim_object *get_readable(TEE_ObjectHandle handle, uint32_t attribute, const char *function)
{
    struct sim_object *object = sim_object_get(handle, function);

    if (!(object->flags & TEE_HANDLE_FLAG_INITIALIZED))
        sim_panic(TEE_ERROR_BAD_STATE, function, "the object is not initialized");
    if (!(attribute & TEE_ATTR_FLAG_PUBLIC) && !(object->usage & TEE_USAGE_EXTRACTABLE))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the key is not extractable");
    return object;
}

TEE_Result TEE_GetObjectBufferAttribute(TEE_ObjectHandle handle, uint32_t attribute, void *buffer, size_t *size)
{
    struct sim_object *object = get_readable(handle, attribute, __func__);
    const struct sim_key_type *type = sim_key_type(object->type);
    int index = type ? sim_key_part_index(type, attribute) : -1;
    const uint8_t *part;
    size_t part_size;
    bool fits;

    sim_require(size && (buffer || !*size), "the attribute buffer or its size pointer is NULL");
    sim_require(!(attribute & TEE_ATTR_FLAG_VALUE), "a value attribute where a buffer attribute is expected");
    if (index < 0 || !object->secret)
        return TEE_ERROR_ITEM_NOT_FOUND;
    part_size = object->secret_size / sim_key_part_count(type);
    part = object->secret + (size_t)index * part_size;
    /* OP-TEE returns numbers without leading zeros. */
    while (sim_key_has_numbers(type) && part_size && !*part) {
        part++;
        part_size--;
    }
    fits = part_size <= *size;
    *size = part_size;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    if (part_size)
        memcpy(buffer, part, part_size);
    return TEE_SUCCESS;
}

/* The only value attribute is the curve of an elliptic curve key. */
TEE_Result TEE_GetObjectValueAttribute(TEE_ObjectHandle handle, uint32_t attribute, uint32_t *a, uint32_t *b)
{
    struct sim_object *object = get_readable(handle, attribute, __func__);
    const struct sim_key_type *type = sim_key_type(object->type);
    const struct sim_curve *curve = sim_curve_of_bits(object->size_bits);

    sim_require(attribute & TEE_ATTR_FLAG_VALUE, "a buffer attribute where a value attribute is expected");
    if (attribute != TEE_ATTR_ECC_CURVE || !type || type->family != SIM_KEY_NIST || !curve)
        return TEE_ERROR_ITEM_NOT_FOUND;
    if (a)
        *a = curve->id;
    if (b)
        *b = 0;
    return TEE_SUCCESS;
}

void TEE_CloseObject(TEE_ObjectHandle handle)
{
    if (handle == TEE_HANDLE_NULL)
        return;
    (void)sim_object_get(handle, __func__);
    sim_object_close(handle);
}
