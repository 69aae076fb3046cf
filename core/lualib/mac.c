/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.mac(hash, key, data), and in pieces: tee.mac(hash, key), m:update(data), then m:final() or m:verify(mac).
 * HMAC. */
#include "core/lualib/hmac.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

#define TYPE "tee.mac"

static int update(lua_State *L)
{
    struct operation *o = operation_check(L, TYPE);
    size_t size;
    const uint8_t *data = service_bytes(L, 2, &size);
    TEE_MACUpdate(o->tee, data, size);
    lua_settop(L, 1);
    return 1;
}

static int final(lua_State *L)
{
    struct operation *o = operation_check(L, TYPE);
    uint8_t mac[ALGORITHM_DIGEST_MAX];
    hmac_final(o->tee, NULL, 0, mac);
    operation_end(L, o);
    return service_return(L, mac, o->hash->size);
}

/* TEE_MACCompareFinal compares in constant time. */
static int verify(lua_State *L)
{
    struct operation *o = operation_check(L, TYPE);
    size_t size;
    const uint8_t *mac = service_bytes(L, 2, &size);
    TEE_Result result = TEE_MACCompareFinal(o->tee, NULL, 0, mac, size);
    operation_end(L, o);
    if (result != TEE_SUCCESS && result != TEE_ERROR_MAC_INVALID)
        return service_failed(L, TYPE, result);
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

static int mac(lua_State *L)
{
    const struct hash *hash = algorithm_hmac(L, 1);
    size_t key_size, size = 0;
    const uint8_t *key = service_bytes(L, 2, &key_size), *data = NULL;
    struct operation *o = NULL;
    if (lua_isnone(L, 3))
        o = operation_new(L, TYPE, sizeof(*o), methods);
    else
        data = service_bytes(L, 3, &size);
    TEE_OperationHandle operation;
    TEE_Result result = hmac_open(&operation, hash, key, key_size);
    if (result != TEE_SUCCESS)
        return service_failed(L, hash->name, result);
    TEE_MACInit(operation, NULL, 0);
    if (o) {
        o->hash = hash;
        operation_hold(L, o, operation);
        return 1;
    }
    uint8_t value[ALGORITHM_DIGEST_MAX];
    hmac_final(operation, data, size, value);
    TEE_FreeOperation(operation);
    return service_return(L, value, hash->size);
}

int mac_open(lua_State *L)
{
    lua_pushcfunction(L, mac);
    return 1;
}
