/* SPDX-License-Identifier: BSD-2-Clause */
/* Transient objects: GP TEE Internal Core API, section 5.6. */
#include <openssl/crypto.h>
#include <string.h>
#include <tee_internal_api.h>

#include "sim/ta/object.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"
#include "sim/ta/random.h"

static struct sim_object *get_transient(TEE_ObjectHandle handle, const char *function)
{
    struct sim_object *object = sim_object_get(handle, function);

    if (object->flags & TEE_HANDLE_FLAG_PERSISTENT)
        sim_panic(TEE_ERROR_BAD_STATE, function, "the object is persistent");
    return object;
}

struct sim_object *sim_object_get_empty(TEE_ObjectHandle handle, const char *function)
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

    sim_require(handle, "the handle pointer is NULL");
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

/* Copies to an object of the same type, or copies the public key of a pair, which is the beginning of its value. */
TEE_Result TEE_CopyObjectAttributes1(TEE_ObjectHandle to, TEE_ObjectHandle from)
{
    struct sim_object *destination = sim_object_get_empty(to, __func__);
    struct sim_object *source = sim_object_get(from, __func__);
    size_t size = source->secret_size;
    TEE_Result result;

    sim_require_state(source->flags & TEE_HANDLE_FLAG_INITIALIZED, "the source is not initialized");
    sim_require(source->secret, "the source has no attributes");
    if (sim_key_is_public_of(destination->type, source->type))
        size = size / sim_key_part_count(sim_key_type(source->type)) *
               sim_key_part_count(sim_key_type(destination->type));
    else
        sim_require(source->type == destination->type, "the objects have different types");
    sim_require(source->size_bits <= destination->max_bits, "the key is larger than the object's maximum size");
    result = sim_object_initialize(destination, source->secret, size, source->size_bits);
    if (result != TEE_SUCCESS)
        sim_panic(result, __func__, "out of memory");
    destination->usage &= source->usage;
    return TEE_SUCCESS;
}

void TEE_CopyObjectAttributes(TEE_ObjectHandle to, TEE_ObjectHandle from)
{
    (void)TEE_CopyObjectAttributes1(to, from);
}

/* Whether the curve in the parameters has this size. Panics if the parameters are wrong in any other way. */
static bool curve_fits(const struct sim_object *object, uint32_t bits, const TEE_Attribute *params,
                       uint32_t param_count, const char *function)
{
    const struct sim_curve *curve;

    if (param_count != 1 || params[0].attributeID != TEE_ATTR_ECC_CURVE)
        sim_panic(TEE_ERROR_ITEM_NOT_FOUND, function, "expected the parameter ECC_CURVE alone");
    curve = sim_curve_of_id(params[0].content.value.a);
    if (!curve)
        sim_panic(TEE_ERROR_NOT_SUPPORTED, function, "the simulator does not support this curve");
    if (curve->bits > object->max_bits)
        sim_panic(TEE_ERROR_BAD_STATE, function, "the curve is larger than the object's maximum size");
    return curve->bits == bits;
}

/* Reads the public exponent of a new RSA key from the parameters. Returns NULL if there is none. */
static BIGNUM *parse_exponent(const TEE_Attribute *params, uint32_t param_count, const char *function)
{
    BIGNUM *exponent;

    if (!param_count)
        return NULL;
    if (param_count != 1 || params[0].attributeID != TEE_ATTR_RSA_PUBLIC_EXPONENT)
        sim_panic(TEE_ERROR_ITEM_NOT_FOUND, function, "the only parameter of an RSA key is RSA_PUBLIC_EXPONENT");
    exponent = BN_bin2bn(params[0].content.ref.buffer, (int)params[0].content.ref.length, NULL);
    if (!exponent || !BN_is_odd(exponent) || BN_num_bits(exponent) < 2 || BN_num_bits(exponent) > 256)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function,
                  "the public exponent must be odd, above 1 and at most 256 bits long");
    return exponent;
}

TEE_Result TEE_GenerateKey(TEE_ObjectHandle handle, uint32_t bits, const TEE_Attribute *params, uint32_t param_count)
{
    struct sim_object *object = sim_object_get_empty(handle, __func__);
    const struct sim_key_type *type = sim_key_type(object->type);
    uint8_t value[SIM_KEY_VALUE_MAX];
    BIGNUM *exponent = NULL;
    size_t size = bits / 8;
    TEE_Result result;

    sim_require(params || !param_count, "the parameter array is NULL but its count is not 0");
    sim_require(type->family == SIM_KEY_SECRET || sim_key_is_pair(type), "a public key cannot be generated");
    sim_require(bits && bits <= object->max_bits && sim_key_size_valid(type, bits),
                "the key size is invalid for the type or above the object's maximum");
    if (type->family == SIM_KEY_RSA)
        exponent = parse_exponent(params, param_count, __func__);
    else if (type->family != SIM_KEY_NIST)
        sim_require(!param_count, "this key type takes no parameters");
    else if (!curve_fits(object, bits, params, param_count, __func__))
        return TEE_ERROR_BAD_PARAMETERS;
    if (type->family == SIM_KEY_SECRET)
        sim_random(value, size);
    else
        size = sim_pkey_generate(type, bits, exponent, value);
    BN_free(exponent);
    if (!size)
        sim_panic(TEE_ERROR_GENERIC, __func__, "OpenSSL failed");
    result = sim_object_initialize(object, value, size, bits);
    OPENSSL_cleanse(value, sizeof(value));
    return result;
}
