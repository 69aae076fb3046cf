/* SPDX-License-Identifier: BSD-2-Clause */
/* Cryptographic operations of the TEE (GP TEE Internal Core API, 6.2): with a key, and as objects that scripts hold. */
#ifndef LUATEE_CORE_LUALIB_OPERATION_H
#define LUATEE_CORE_LUALIB_OPERATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/lualib/algorithm.h"
#include "core/vm/handle.h"
#include "lua.h"
#include "tee_internal_api.h"

/* What a script holds. It is ended by its last method, <close>, the collector, or the end of the session. */
struct operation {
    struct handle handle;
    TEE_OperationHandle tee;
    const struct hash *hash;
};

/*
 * Opens an operation with a key of `size` bytes and of the type `key_type` (TEE_TYPE_*), which must be a size that GP
 * allows for it. Raises nothing. Returns TEE_SUCCESS, or TEE_ERROR_NOT_SUPPORTED or TEE_ERROR_OUT_OF_MEMORY and no
 * operation.
 */
TEE_Result operation_open_keyed(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode, uint32_t key_type,
                                const void *key, size_t size);

/* The same for AES; size: 16, 24 or 32. */
TEE_Result operation_open_aes(TEE_OperationHandle *operation, const struct aes *aes, uint32_t mode, const void *key,
                              size_t size);

/* The key of AES in argument idx; raises an error when it cannot be one. */
const uint8_t *operation_aes_key(lua_State *L, int idx, size_t *size);

/* Pushes an object of the type `type` (a static string) and of `size` bytes, the first of which are a struct operation;
 * it has no operation yet, and room for one value. methods is a lua_CFunction that pushes the table of its methods;
 * NULL: none. Raises an error when there are LUATEE_HANDLES_MAX already. */
struct operation *operation_new(lua_State *L, const char *type, size_t size, lua_CFunction methods);

/* Gives it the operation that it holds from now on. */
void operation_hold(lua_State *L, struct operation *o, TEE_OperationHandle tee);

/* The object at argument 1; raises an error when it is none of this type, or has ended. */
struct operation *operation_check(lua_State *L, const char *type);

/* Ends it; it gives its handle back to the TEE. */
void operation_end(lua_State *L, struct operation *o);

#endif
