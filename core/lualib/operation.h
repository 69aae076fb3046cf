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

/* Bytes of the TEE's own memory (docs/keys.md has the measurement): an operation; one with a key of its own. */
#define OPERATION_WEIGHT 560
#define OPERATION_KEYED_WEIGHT 976

/* A record that a script holds (core/vm/handle.h). It is ended by its last method, <close>, the collector, or the end
 * of the session. */
struct operation {
    TEE_OperationHandle tee; /* TEE_HANDLE_NULL: not opened yet */
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

/* Pushes a handle with one user value, and returns its record of `size` bytes, the first of which are a struct
 * operation that is not open yet. It is ended when that fails: operation_failed(). methods is a lua_CFunction that
 * pushes the table of its methods; NULL: none. Raises an error as handle_new. */
void *operation_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, lua_CFunction methods);

/* Ends the new record, whose handle is on the top of the stack, and raises the error that the result is. */
int operation_failed(lua_State *L, const struct handle_type *type, const char *what, TEE_Result result);

/* Returns the record of the handle at argument 1. Raises an error when the value is not a handle of this type, or when
 * its record was closed. */
void *operation_check(lua_State *L, const struct handle_type *type);

/* handle_type.release for records that have no secrets but in the operation. */
void operation_release(struct vm *vm, void *record);

#endif
