/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes, and TEE_PopulateTransientObject: GP TEE Internal Core API, section 5.6. */
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/object.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"

#define FUNCTION "TEE_PopulateTransientObject"

void TEE_InitRefAttribute(TEE_Attribute *attribute, uint32_t id, const void *buffer, size_t length)
{
    sim_require(attribute, "the attribute pointer is NULL");
    sim_require(!(id & TEE_ATTR_FLAG_VALUE), "a value attribute where a buffer attribute is expected");
    attribute->attributeID = id;
    attribute->content.ref.buffer = (void *)(uintptr_t)buffer;
    attribute->content.ref.length = length;
}

void TEE_InitValueAttribute(TEE_Attribute *attribute, uint32_t id, uint32_t a, uint32_t b)
{
    sim_require(attribute, "the attribute pointer is NULL");
    sim_require(id & TEE_ATTR_FLAG_VALUE, "a buffer attribute where a value attribute is expected");
    attribute->attributeID = id;
    attribute->content.value.a = a;
    attribute->content.value.b = b;
}

static bool is_of_type(const struct sim_key_type *type, uint32_t id)
{
    return sim_key_part_index(type, id) >= 0 || (type->family == SIM_KEY_NIST && id == TEE_ATTR_ECC_CURVE);
}

/* An RSA pair may come without its primes and all that is derived from them (GP, table 6-13). */
#define RSA_WITHOUT_PRIMES 3u

/* Panics, as GP says, unless the attributes are all those of the type, each once, and no others. */
static void check_attributes(const struct sim_key_type *type, const TEE_Attribute *attributes, uint32_t count)
{
    uint32_t expected = sim_key_part_count(type) + (type->family == SIM_KEY_NIST ? 1 : 0);

    for (uint32_t i = 0; i < count; i++) {
        if (!is_of_type(type, attributes[i].attributeID))
            sim_panic(TEE_ERROR_ITEM_NOT_FOUND, FUNCTION, "the object type does not have this attribute");
        for (uint32_t k = 0; k < i; k++)
            if (attributes[k].attributeID == attributes[i].attributeID)
                sim_panic(TEE_ERROR_ITEM_NOT_FOUND, FUNCTION, "an attribute is given twice");
        if (!(attributes[i].attributeID & TEE_ATTR_FLAG_VALUE) && !attributes[i].content.ref.buffer &&
            attributes[i].content.ref.length)
            sim_panic(TEE_ERROR_BAD_PARAMETERS, FUNCTION, "an attribute has a length but no buffer");
    }
    if (type->family == SIM_KEY_RSA && sim_key_is_pair(type) && count == RSA_WITHOUT_PRIMES)
        expected = count;
    if (count != expected)
        sim_panic(TEE_ERROR_ITEM_NOT_FOUND, FUNCTION, "an attribute is missing");
}

static const TEE_Attribute *find(const TEE_Attribute *attributes, uint32_t count, uint32_t id)
{
    for (uint32_t i = 0; i < count; i++)
        if (attributes[i].attributeID == id)
            return &attributes[i];
    /* For instance two primes without the exponents and the coefficient. */
    sim_panic(TEE_ERROR_ITEM_NOT_FOUND, FUNCTION, "an attribute is missing");
}

/* The number of bits up to the highest one that is set. */
static size_t bits_of_number(const uint8_t *number, size_t size)
{
    while (size && !*number) {
        number++;
        size--;
    }
    return size ? size * 8 - (size_t)__builtin_clz(*number) + 24 : 0;
}

/* The key's size in bits: that of its curve, its modulus or its secret. */
static size_t size_in_bits(const struct sim_key_type *type, const TEE_Attribute *attributes, uint32_t count)
{
    const struct sim_curve *curve;
    size_t bits;

    if (type->family == SIM_KEY_NIST) {
        curve = sim_curve_of_id(find(attributes, count, TEE_ATTR_ECC_CURVE)->content.value.a);
        if (!curve)
            sim_panic(TEE_ERROR_NOT_SUPPORTED, FUNCTION, "the simulator does not support this curve");
        return curve->bits;
    }
    if (type->family == SIM_KEY_25519)
        return type->max;
    if (type->family == SIM_KEY_RSA) {
        const TEE_Attribute *modulus = find(attributes, count, TEE_ATTR_RSA_MODULUS);
        return bits_of_number(modulus->content.ref.buffer, modulus->content.ref.length);
    }
    if (__builtin_mul_overflow(find(attributes, count, TEE_ATTR_SECRET_VALUE)->content.ref.length, 8, &bits))
        sim_panic(TEE_ERROR_BAD_STATE, FUNCTION, "the key is larger than the object's maximum size");
    return bits;
}

/* Writes the parts one after the other to `value`. Returns false if one is too large for the curve or the modulus. */
static bool gather(const struct sim_key_type *type, const TEE_Attribute *attributes, uint32_t count, uint8_t *value,
                   size_t part)
{
    const TEE_Attribute *attribute;

    for (uint32_t i = 0; i < sim_key_part_count(type); i++, value += part) {
        if (type->family == SIM_KEY_RSA && i >= count) { /* no primes */
            memset(value, 0, part);
            continue;
        }
        attribute = find(attributes, count, type->parts[i]);
        if (sim_key_has_numbers(type)) {
            if (!sim_pkey_number(attribute->content.ref.buffer, attribute->content.ref.length, value, part))
                return false;
            continue;
        }
        if (attribute->content.ref.length != part)
            sim_panic(TEE_ERROR_BAD_STATE, FUNCTION, "an attribute has the wrong length");
        if (part)
            memcpy(value, attribute->content.ref.buffer, part);
    }
    return true;
}

TEE_Result TEE_PopulateTransientObject(TEE_ObjectHandle handle, const TEE_Attribute *attributes, uint32_t count)
{
    struct sim_object *object = sim_object_get_empty(handle, __func__);
    const struct sim_key_type *type = sim_key_type(object->type);
    uint8_t value[SIM_KEY_VALUE_MAX];
    size_t bits, size;
    TEE_Result result = TEE_ERROR_BAD_PARAMETERS;

    sim_require(attributes || !count, "the attribute array is NULL but its count is not 0");
    check_attributes(type, attributes, count);
    bits = size_in_bits(type, attributes, count);
    sim_require_state(bits <= object->max_bits, "the key is larger than the object's maximum size");
    if (!sim_key_size_valid(type, (uint32_t)bits))
        return TEE_ERROR_BAD_PARAMETERS;
    size = bits / 8 * sim_key_part_count(type);
    if (gather(type, attributes, count, value, bits / 8) &&
        (type->family == SIM_KEY_SECRET || sim_pkey_is_valid(type, value, size)))
        result = sim_object_initialize(object, value, size, (uint32_t)bits);
    OPENSSL_cleanse(value, sizeof(value));
    if (result == TEE_ERROR_OUT_OF_MEMORY)
        sim_panic(result, __func__, "out of memory");
    return result;
}
