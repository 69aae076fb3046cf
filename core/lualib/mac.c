/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.mac(hash, key, data) computes an HMAC; or step by step: tee.mac(hash, key), m:update(data), then m:final() or
 * m:verify(mac). */
#include "core/base/feed.h"
#include "core/lualib/hmac.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

static const struct handle_type type = { "tee.mac", "MACs", operation_release };

static int update(lua_State *L)
{
    const struct operation *o = operation_check(L, &type);
    size_t size;
    const uint8_t *data = service_bytes(L, 2, &size);
    feed_update(TEE_MACUpdate, o->tee, data, size);
    lua_settop(L, 1);
    return 1;
}

static int final(lua_State *L)
{
    const struct operation *o = operation_check(L, &type);
    uint8_t mac[ALGORITHM_DIGEST_MAX];
    size_t size = o->hash->size;
    hmac_final(o->tee, NULL, 0, mac);
    handle_close(L, 1, &type);
    return service_return(L, mac, size);
}

/* TEE_MACCompareFinal compares in constant time. */
static int verify(lua_State *L)
{
    const struct operation *o = operation_check(L, &type);
    size_t size;
    const uint8_t *mac = service_bytes(L, 2, &size);
    TEE_Result result = TEE_MACCompareFinal(o->tee, NULL, 0, mac, size);
    handle_close(L, 1, &type);
    if (result != TEE_SUCCESS && result != TEE_ERROR_MAC_INVALID)
        return service_failed(L, type.name, result);
    lua_pushboolean(L, result == TEE_SUCCESS);
    return 1;
}

static int methods(lua_State *L)
{
    lua_createtable(L, 0, 3);
    service_function(L, "update", update);
    service_function(L, "final", final);
    service_function(L, "verify", verify);
    return 1;
}

/* mac(hash, key): returns an object for an HMAC step by step */
static int begin(lua_State *L, const struct hash *hash, const uint8_t *key, size_t key_size)
{
    struct operation *o = operation_new(L, &type, sizeof(*o), OPERATION_KEYED_WEIGHT, methods);
    TEE_Result result = hmac_open(&o->tee, hash, key, key_size);
    if (result != TEE_SUCCESS)
        return operation_failed(L, &type, hash->name, result);
    o->hash = hash;
    TEE_MACInit(o->tee, NULL, 0);
    return 1;
}

static int mac(lua_State *L)
{
    const struct hash *hash = algorithm_hmac(L, 1);
    size_t key_size, size;
    const uint8_t *key = service_bytes(L, 2, &key_size);
    if (lua_isnone(L, 3))
        return begin(L, hash, key, key_size);
    const uint8_t *data = service_bytes(L, 3, &size);
    TEE_OperationHandle operation;
    TEE_Result result = hmac_open(&operation, hash, key, key_size);
    if (result != TEE_SUCCESS)
        return service_failed(L, hash->name, result);
    TEE_MACInit(operation, NULL, 0);
    uint8_t value[ALGORITHM_DIGEST_MAX];
    feed_update(TEE_MACUpdate, operation, data, size);
    hmac_final(operation, NULL, 0, value);
    TEE_FreeOperation(operation);
    return service_return(L, value, hash->size);
}

int mac_open(lua_State *L)
{
    lua_pushcfunction(L, mac);
    return 1;
}
