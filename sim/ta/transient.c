/* SPDX-License-Identifier: BSD-2-Clause */
/* Transient objects: GP TEE Internal Core API, section 5.6. */
#include <openssl/crypto.h>
#include <string.h>
#include <tee_internal_api.h>

#include "sim/ta/object.h"
#include "sim/ta/panic.h"
#include "sim/ta/random.h"

/* The longest key of any type, in bytes. */
#define KEY_MAX (4096u / 8u)

static struct sim_object *get_transient(TEE_ObjectHandle handle, const char *function)
{
    struct sim_object *object = sim_object_get(handle, function);

    if (object->flags & TEE_HANDLE_FLAG_PERSISTENT)
        sim_panic(TEE_ERROR_BAD_STATE, function, "a persistent object");
    return object;
}

static struct sim_object *get_empty(TEE_ObjectHandle handle, const char *function)
{
    struct sim_object *object = get_transient(handle, function);

    if (object->flags & TEE_HANDLE_FLAG_INITIALIZED)
        sim_panic(TEE_ERROR_BAD_STATE, function, "the object is initialized already");
    return object;
}

TEE_Result TEE_AllocateTransientObject(TEE_ObjectType type, uint32_t max_bits, TEE_ObjectHandle *handle)
{
    const struct sim_key_type *key_type = sim_key_type(type);
    struct sim_object *object;

    sim_require(handle, "no room for the handle");
    *handle = TEE_HANDLE_NULL;
    if (!key_type || !sim_key_size_valid(key_type, max_bits))
        return TEE_ERROR_NOT_SUPPORTED;
    object = sim_object_new(type, handle);
    if (!object)
        return TEE_ERROR_OUT_OF_MEMORY;
    object->max_bits = max_bits;
    return TEE_SUCCESS;
}

void TEE_FreeTransientObject(TEE_ObjectHandle handle)
{
    if (handle == TEE_HANDLE_NULL)
        return;
    (void)get_transient(handle, __func__);
    sim_object_close(handle);
}

void TEE_ResetTransientObject(TEE_ObjectHandle handle)
{
    struct sim_object *object;

    if (handle == TEE_HANDLE_NULL)
        return;
    object = get_transient(handle, __func__);
    sim_object_set_secret(object, NULL, 0);
    object->size_bits = 0;
    object->usage = SIM_USAGE_ALL;
    object->flags = 0;
}

static TEE_Result initialize(struct sim_object *object, const void *secret, size_t size)
{
    if (!sim_object_set_secret(object, secret, size))
        return TEE_ERROR_OUT_OF_MEMORY;
    object->size_bits = (uint32_t)size * 8;
    object->flags |= TEE_HANDLE_FLAG_INITIALIZED;
    return TEE_SUCCESS;
}

TEE_Result TEE_PopulateTransientObject(TEE_ObjectHandle handle, const TEE_Attribute *attributes, uint32_t count)
{
    struct sim_object *object = get_empty(handle, __func__);
    const void *secret;
    size_t size;
    TEE_Result result;

    sim_require(attributes || !count, "no attributes");
    if (count != 1 || attributes[0].attributeID != TEE_ATTR_SECRET_VALUE)
        return TEE_ERROR_BAD_PARAMETERS;
    secret = attributes[0].content.ref.buffer;
    size = attributes[0].content.ref.length;
    sim_require(secret || !size, "an attribute without a value");
    if (size > object->max_bits / 8 || !sim_key_size_valid(sim_key_type(object->type), (uint32_t)size * 8))
        return TEE_ERROR_BAD_PARAMETERS;
    result = initialize(object, secret ? secret : "", size);
    if (result != TEE_SUCCESS)
        sim_panic(result, __func__, "no memory");
    return TEE_SUCCESS;
}

void TEE_InitRefAttribute(TEE_Attribute *attribute, uint32_t id, const void *buffer, size_t length)
{
    sim_require(attribute, "no attribute");
    sim_require(!(id & TEE_ATTR_FLAG_VALUE), "a value attribute");
    attribute->attributeID = id;
    attribute->content.ref.buffer = (void *)(uintptr_t)buffer;
    attribute->content.ref.length = length;
}

void TEE_InitValueAttribute(TEE_Attribute *attribute, uint32_t id, uint32_t a, uint32_t b)
{
    sim_require(attribute, "no attribute");
    sim_require(id & TEE_ATTR_FLAG_VALUE, "a buffer attribute");
    attribute->attributeID = id;
    attribute->content.value.a = a;
    attribute->content.value.b = b;
}

TEE_Result TEE_CopyObjectAttributes1(TEE_ObjectHandle to, TEE_ObjectHandle from)
{
    struct sim_object *destination = get_empty(to, __func__);
    struct sim_object *source = sim_object_get(from, __func__);
    TEE_Result result;

    sim_require_state(source->flags & TEE_HANDLE_FLAG_INITIALIZED, "the source is not initialized");
    sim_require(source->secret && source->type == destination->type, "objects of different types");
    sim_require(source->size_bits <= destination->max_bits, "the key is longer than the object");
    result = initialize(destination, source->secret, source->secret_size);
    if (result != TEE_SUCCESS)
        sim_panic(result, __func__, "no memory");
    destination->usage &= source->usage;
    return TEE_SUCCESS;
}

void TEE_CopyObjectAttributes(TEE_ObjectHandle to, TEE_ObjectHandle from)
{
    (void)TEE_CopyObjectAttributes1(to, from);
}

TEE_Result TEE_GenerateKey(TEE_ObjectHandle handle, uint32_t bits, const TEE_Attribute *params, uint32_t param_count)
{
    struct sim_object *object = get_empty(handle, __func__);
    uint8_t secret[KEY_MAX];
    TEE_Result result;

    (void)params;
    sim_require(!param_count, "a symmetric key takes no parameters");
    sim_require(bits && bits <= object->max_bits && sim_key_size_valid(sim_key_type(object->type), bits),
                "not a size for this key");
    sim_random(secret, bits / 8);
    result = initialize(object, secret, bits / 8);
    OPENSSL_cleanse(secret, sizeof(secret));
    return result;
}
