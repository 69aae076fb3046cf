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
    if (result != TEE_SUCCESS) {
        *operation = TEE_HANDLE_NULL; /* GP does not define the value after an error */
        return result;
    }
    result = set_key(*operation, key_type, key, size);
    if (result != TEE_SUCCESS) {
        TEE_FreeOperation(*operation);
        *operation = TEE_HANDLE_NULL;
    }
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

void operation_release(struct vm *vm, void *record)
{
    (void)vm;
    struct operation *o = record;
    if (o->tee != TEE_HANDLE_NULL)
        TEE_FreeOperation(o->tee);
}

/* __gc and __close. Upvalue: the type. */
static int end(lua_State *L)
{
    handle_close(L, 1, lua_touserdata(L, lua_upvalueindex(1)));
    return 0;
}

static void set_end(lua_State *L, const char *name, const struct handle_type *type)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)type);
    lua_pushcclosure(L, end, 1);
    lua_setfield(L, -2, name);
}

/* Pushes the metatable of a type, which scripts cannot access. */
static void push_metatable(lua_State *L, const struct handle_type *type, lua_CFunction methods)
{
    if (!service_type(L, type->name))
        return;
    set_end(L, "__gc", type);
    set_end(L, "__close", type);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    if (methods) {
        methods(L);
        lua_setfield(L, -2, "__index");
    }
    service_type_made(L, type->name);
}

void *operation_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, lua_CFunction methods)
{
    push_metatable(L, type, methods);
    return handle_new(L, type, size, weight, 1);
}

int operation_failed(lua_State *L, const struct handle_type *type, const char *what, TEE_Result result)
{
    handle_close(L, -1, type);
    return service_failed(L, what, result);
}

void *operation_check(lua_State *L, const struct handle_type *type)
{
    void *record = handle_get(L, 1, type);
    luaL_argcheck(L, record, 1, "it has ended: create another one");
    return record;
}
