/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/operation.h"

#include <string.h>

#include "core/lualib/service.h"
#include "lauxlib.h"

static TEE_Result set_key(TEE_OperationHandle operation, uint32_t key_type, const void *key, size_t size)
{
    TEE_ObjectHandle object;
    TEE_Attribute secret;
    TEE_Result result = TEE_AllocateTransientObject(key_type, (uint32_t)size * 8, &object);
    if (result != TEE_SUCCESS)
        return result;
    TEE_InitRefAttribute(&secret, TEE_ATTR_SECRET_VALUE, (void *)(uintptr_t)key, size);
    result = TEE_PopulateTransientObject(object, &secret, 1);
    if (result == TEE_SUCCESS)
        result = TEE_SetOperationKey(operation, object);
    TEE_FreeTransientObject(object);
    return result;
}

TEE_Result operation_open_keyed(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode, uint32_t key_type,
                                const void *key, size_t size)
{
    TEE_Result result = TEE_AllocateOperation(operation, algorithm, mode, (uint32_t)size * 8);
    if (result != TEE_SUCCESS)
        return result;
    result = set_key(*operation, key_type, key, size);
    if (result != TEE_SUCCESS)
        TEE_FreeOperation(*operation);
    return result;
}

TEE_Result operation_open_aes(TEE_OperationHandle *operation, const struct aes *aes, uint32_t mode, const void *key,
                              size_t size)
{
    return operation_open_keyed(operation, aes->id, mode, TEE_TYPE_AES, key, size);
}

const uint8_t *operation_aes_key(lua_State *L, int idx, size_t *size)
{
    const uint8_t *key = service_bytes(L, idx, size);
    luaL_argcheck(L, *size == 16 || *size == 24 || *size == 32, idx, "an AES key of 16, 24 or 32 bytes expected");
    return key;
}

static void release(struct handle *h)
{
    struct operation *o = (struct operation *)h; /* its first member */
    TEE_FreeOperation(o->tee);
}

/* __gc and __close */
static int end(lua_State *L)
{
    operation_end(L, lua_touserdata(L, 1));
    return 0;
}

/* Pushes the metatable of a type; scripts cannot reach it. */
static void push_metatable(lua_State *L, const char *type, lua_CFunction methods)
{
    if (!service_type(L, type))
        return;
    service_function(L, "__gc", end);
    service_function(L, "__close", end);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    if (methods) {
        methods(L);
        lua_setfield(L, -2, "__index");
    }
    service_type_made(L, type);
}

struct operation *operation_new(lua_State *L, const char *type, size_t size, lua_CFunction methods)
{
    handle_reserve(L);
    struct operation *o = lua_newuserdatauv(L, size, 1);
    memset(o, 0, size);
    push_metatable(L, type, methods);
    lua_setmetatable(L, -2);
    return o;
}

void operation_hold(lua_State *L, struct operation *o, TEE_OperationHandle tee)
{
    o->tee = tee;
    handle_keep(L, &o->handle, release);
}

struct operation *operation_check(lua_State *L, const char *type)
{
    struct operation *o = luaL_checkudata(L, 1, type);
    luaL_argcheck(L, o->handle.link, 1, "it has ended: make another");
    return o;
}

void operation_end(lua_State *L, struct operation *o)
{
    handle_end(L, &o->handle);
}
