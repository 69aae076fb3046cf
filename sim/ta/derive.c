/* SPDX-License-Identifier: BSD-2-Clause */
/* Key agreement: GP TEE Internal Core API, section 6.8. TEE_DeriveKey has no result, so that every error is a panic. */
#include <openssl/crypto.h>

#include "sim/ta/object.h"
#include "sim/ta/operation.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"

#define FUNCTION "TEE_DeriveKey"
#define X25519_SIZE 32u

/* Makes the peer's key from x and y, which OP-TEE requires in this order. Returns NULL for a point off the curve. */
static EVP_PKEY *nist_peer(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t count)
{
    uint8_t point[2 * SIM_PKEY_COORDINATE_MAX];
    size_t half = operation->key_bits / 8;

    if (count != 2 || params[0].attributeID != TEE_ATTR_ECC_PUBLIC_VALUE_X ||
        params[1].attributeID != TEE_ATTR_ECC_PUBLIC_VALUE_Y)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, FUNCTION,
                  "expected the attributes ECC_PUBLIC_VALUE_X and _Y, in this order");
    for (uint32_t i = 0; i < count; i++) {
        if (!params[i].content.ref.buffer && params[i].content.ref.length)
            sim_panic(TEE_ERROR_BAD_PARAMETERS, FUNCTION, "an attribute has a length but no buffer");
        if (!sim_pkey_number(params[i].content.ref.buffer, params[i].content.ref.length, point + i * half, half))
            return NULL;
    }
    return sim_pkey_new(sim_key_type(TEE_TYPE_ECDH_PUBLIC_KEY), point, 2 * half);
}

static EVP_PKEY *x25519_peer(const TEE_Attribute *params, uint32_t count)
{
    if (count != 1 || params[0].attributeID != TEE_ATTR_X25519_PUBLIC_VALUE)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, FUNCTION, "expected the attribute X25519_PUBLIC_VALUE alone");
    if (!params[0].content.ref.buffer || params[0].content.ref.length != X25519_SIZE)
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, params[0].content.ref.buffer, X25519_SIZE);
}

/* Computes the shared secret. OpenSSL rejects the all-zero secret of a bad X25519 value (RFC 7748, section 6.1). */
static bool agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *secret, size_t *size)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    bool ok = context && EVP_PKEY_derive_init(context) > 0 && EVP_PKEY_derive_set_peer(context, peer) > 0 &&
              EVP_PKEY_derive(context, secret, size) > 0;

    EVP_PKEY_CTX_free(context);
    return ok;
}

void TEE_DeriveKey(TEE_OperationHandle handle, const TEE_Attribute *params, uint32_t param_count,
                   TEE_ObjectHandle derived)
{
    struct sim_operation *operation = sim_operation_get(handle, TEE_OPERATION_KEY_DERIVATION, __func__);
    struct sim_object *object = sim_object_get_empty(derived, __func__);
    uint8_t secret[SIM_PKEY_COORDINATE_MAX];
    size_t size = sizeof(secret);
    EVP_PKEY *peer;

    sim_operation_need_key(operation, __func__);
    sim_require(params || !param_count, "the parameter array is NULL but its count is not 0");
    sim_require(object->type == TEE_TYPE_GENERIC_SECRET, "the object is not a TEE_TYPE_GENERIC_SECRET");
    if (operation->algorithm->id == TEE_ALG_X25519)
        peer = x25519_peer(params, param_count);
    else
        peer = nist_peer(operation, params, param_count);
    sim_require(peer, "the peer's public key is invalid for this algorithm");
    sim_require(agree(operation->pair, peer, secret, &size), "the peer's public key leads to no shared secret");
    EVP_PKEY_free(peer);
    sim_require(size * 8 <= object->max_bits, "the derived secret is larger than the object's maximum size");
    /* OP-TEE leaves the object's size at 0: a TA must read the value to learn the secret's length. */
    if (sim_object_initialize(object, secret, size, 0) != TEE_SUCCESS)
        sim_panic(TEE_ERROR_OUT_OF_MEMORY, __func__, "out of memory");
    OPENSSL_cleanse(secret, sizeof(secret));
}
