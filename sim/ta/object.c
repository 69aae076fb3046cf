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

/* OP-TEE's limits (its table of object properties). */
static const struct sim_key_type key_types[] = {
    {TEE_TYPE_AES, 64, 128, 256},           {TEE_TYPE_HMAC_MD5, 8, 64, 512},
    {TEE_TYPE_HMAC_SHA1, 8, 80, 512},       {TEE_TYPE_HMAC_SHA224, 8, 112, 512},
    {TEE_TYPE_HMAC_SHA256, 8, 192, 1024},   {TEE_TYPE_HMAC_SHA384, 8, 256, 1024},
    {TEE_TYPE_HMAC_SHA512, 8, 256, 1024},   {TEE_TYPE_GENERIC_SECRET, 8, 0, 4096},
};

const struct sim_key_type *sim_key_type(uint32_t type)
{
    for (size_t i = 0; i < sizeof(key_types) / sizeof(key_types[0]); i++)
        if (key_types[i].type == type)
            return &key_types[i];
    return NULL;
}

bool sim_key_size_valid(const struct sim_key_type *type, uint32_t bits)
{
    return bits >= type->min && bits <= type->max && bits % type->step == 0;
}

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

    sim_handle_drop(handle);
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

TEE_Result TEE_GetObjectInfo1(TEE_ObjectHandle handle, TEE_ObjectInfo *info)
{
    struct sim_object *object = sim_object_get(handle, __func__);
    bool persistent = (object->flags & TEE_HANDLE_FLAG_PERSISTENT) != 0;
    TEE_Result result;

    sim_require(info, "no room for the information");
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

TEE_Result TEE_GetObjectBufferAttribute(TEE_ObjectHandle handle, uint32_t attribute, void *buffer, size_t *size)
{
    struct sim_object *object = sim_object_get(handle, __func__);
    bool fits;

    sim_require(size && (buffer || !*size), "no room for the attribute");
    sim_require(!(attribute & TEE_ATTR_FLAG_VALUE), "a value attribute");
    sim_require_state(object->flags & TEE_HANDLE_FLAG_INITIALIZED, "the object is not initialized");
    if (!(attribute & TEE_ATTR_FLAG_PUBLIC) && !(object->usage & TEE_USAGE_EXTRACTABLE))
        return TEE_ERROR_ACCESS_DENIED;
    if (attribute != TEE_ATTR_SECRET_VALUE || !object->secret)
        return TEE_ERROR_ITEM_NOT_FOUND;
    fits = object->secret_size <= *size;
    *size = object->secret_size;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    memcpy(buffer, object->secret, object->secret_size);
    return TEE_SUCCESS;
}

/* None of the simulator's key types has a value attribute. */
TEE_Result TEE_GetObjectValueAttribute(TEE_ObjectHandle handle, uint32_t attribute, uint32_t *a, uint32_t *b)
{
    struct sim_object *object = sim_object_get(handle, __func__);

    (void)a;
    (void)b;
    sim_require(attribute & TEE_ATTR_FLAG_VALUE, "a buffer attribute");
    sim_require_state(object->flags & TEE_HANDLE_FLAG_INITIALIZED, "the object is not initialized");
    if (!(attribute & TEE_ATTR_FLAG_PUBLIC) && !(object->usage & TEE_USAGE_EXTRACTABLE))
        return TEE_ERROR_ACCESS_DENIED;
    return TEE_ERROR_ITEM_NOT_FOUND;
}

void TEE_CloseObject(TEE_ObjectHandle handle)
{
    if (handle == TEE_HANDLE_NULL)
        return;
    (void)sim_object_get(handle, __func__);
    sim_object_close(handle);
}
