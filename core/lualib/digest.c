/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.digest(name, data); or step by step: tee.digest(name), d:update(data), d:final(). */
#include "core/base/feed.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

static const struct handle_type type = { "tee.digest", "digests", operation_release };

static int update(lua_State *L)
{
    const struct operation *o = operation_check(L, &type);
    size_t size;
    const uint8_t *data = service_bytes(L, 2, &size);
    feed_update(TEE_DigestUpdate, o->tee, data, size);
    lua_settop(L, 1);
    return 1;
}

static int final(lua_State *L)
{
    const struct operation *o = operation_check(L, &type);
    uint8_t digest[ALGORITHM_DIGEST_MAX];
    size_t size = sizeof(digest);
    TEE_Result result = TEE_DigestDoFinal(o->tee, NULL, 0, digest, &size);
    handle_close(L, 1, &type);
    if (result != TEE_SUCCESS)
        return service_failed(L, type.name, result);
    return service_return(L, digest, size);
}

static int methods(lua_State *L)
{
    lua_createtable(L, 0, 2);
    service_function(L, "update", update);
    service_function(L, "final", final);
    return 1;
}

/* Computes a digest in one call. Nothing in here raises an error, so the operation is always freed. */
static TEE_Result compute(const struct hash *hash, const uint8_t *data, size_t data_size, uint8_t *digest,
                          size_t *size)
{
    TEE_OperationHandle operation;
    TEE_Result result = TEE_AllocateOperation(&operation, hash->digest, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    feed_update(TEE_DigestUpdate, operation, data, data_size);
    result = TEE_DigestDoFinal(operation, NULL, 0, digest, size);
    TEE_FreeOperation(operation);
    return result;
}

static int digest(lua_State *L)
{
    const struct hash *hash = algorithm_digest(L, 1);
    TEE_Result result;
    if (lua_isnone(L, 2)) {
        struct operation *o = operation_new(L, &type, sizeof(*o), OPERATION_WEIGHT, methods);
        result = TEE_AllocateOperation(&o->tee, hash->digest, TEE_MODE_DIGEST, 0);
        return result == TEE_SUCCESS ? 1 : operation_failed(L, &type, hash->name, result);
    }
    uint8_t value[ALGORITHM_DIGEST_MAX];
    size_t data_size, size = sizeof(value);
    const uint8_t *data = service_bytes(L, 2, &data_size);
    result = compute(hash, data, data_size, value, &size);
    if (result != TEE_SUCCESS)
        return service_failed(L, hash->name, result);
    return service_return(L, value, size);
}

int digest_open(lua_State *L)
{
    lua_pushcfunction(L, digest);
    return 1;
}
