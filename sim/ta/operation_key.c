/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys of operations: GP TEE Internal Core API, section 6.2. */
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/object.h"
#include "sim/ta/operation.h"
#include "sim/ta/panic.h"
#include "sim/ta/pkey.h"

static void clear_key(struct sim_operation *operation)
{
    OPENSSL_cleanse(operation->key, sizeof(operation->key));
    EVP_PKEY_free(operation->pair);
    operation->pair = NULL;
    operation->key_size = 0;
    operation->key_bits = 0;
    operation->handle_state &= ~(uint32_t)TEE_HANDLE_FLAG_KEY_SET;
}

static void copy_key(struct sim_operation *operation, const struct sim_object *object)
{
    clear_key(operation);
    if (sim_algorithm_is_asymmetric(operation->algorithm)) {
        operation->pair = sim_pkey_new(sim_key_type(object->type), object->secret, object->secret_size);
        if (!operation->pair)
            sim_operation_failed("TEE_SetOperationKey");
    } else {
        memcpy(operation->key, object->secret, object->secret_size);
        operation->key_size = object->secret_size;
    }
    operation->key_bits = object->size_bits;
    operation->handle_state |= TEE_HANDLE_FLAG_KEY_SET;
}

TEE_Result TEE_SetOperationKey(TEE_OperationHandle handle, TEE_ObjectHandle key)
{
    struct sim_operation *operation = sim_operation_any(handle, __func__);
    uint32_t usage = sim_operation_usage(operation);
    struct sim_object *object;

    sim_require(operation->algorithm->key_type, "the algorithm has no keys");
    sim_require_state(operation->state == TEE_OPERATION_STATE_INITIAL, "the operation is under way");
    if (key == TEE_HANDLE_NULL) {
        clear_key(operation);
        return TEE_SUCCESS;
    }
    object = sim_object_get(key, __func__);
    sim_require(object->flags & TEE_HANDLE_FLAG_INITIALIZED, "the key object is not initialized");
    sim_require(sim_algorithm_accepts_key(operation->algorithm, operation->mode, object->type),
                "the key is of the wrong type for the algorithm");
    sim_require((object->usage & usage) == usage, "the key's usage does not allow this operation");
    sim_require(object->size_bits <= operation->max_bits, "the key is larger than the operation's maximum key size");
    if (sim_algorithm_is_asymmetric(operation->algorithm))
        sim_require(!operation->algorithm->key_bits || object->size_bits == operation->algorithm->key_bits,
                    "the key is on another curve than the algorithm");
    else
        sim_require(object->secret_size <= sizeof(operation->key),
                    "the key is larger than the operation's maximum key size");
    copy_key(operation, object);
    return TEE_SUCCESS;
}

/* For algorithms with two keys (XTS), which the simulator does not have. */
TEE_Result TEE_SetOperationKey2(TEE_OperationHandle handle, TEE_ObjectHandle key1, TEE_ObjectHandle key2)
{
    (void)sim_operation_any(handle, __func__);
    (void)key1;
    (void)key2;
    sim_panic(TEE_ERROR_BAD_PARAMETERS, __func__, "the algorithm does not take two keys");
}
