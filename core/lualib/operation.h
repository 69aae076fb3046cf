/* SPDX-License-Identifier: BSD-2-Clause */
/* Cryptographic operations of the TEE (GP TEE Internal Core API, section 6.2): with a key, and as objects that scripts
 * hold. */
#ifndef LUATEE_CORE_LUALIB_OPERATION_H
#define LUATEE_CORE_LUALIB_OPERATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/lualib/algorithm.h"
#include "core/vm/handle.h"
#include "lua.h"
#include "tee_internal_api.h"

/* Bytes of the TEE's own memory that an operation takes, without and with a key of its own (measured in
 * docs/keys.md). */
#define OPERATION_WEIGHT 560
#define OPERATION_KEYED_WEIGHT 976

/* The record of a handle that a script holds (core/vm/handle.h). It ends with its last method, <close>, the garbage
 * collector, or the end of the session. */
struct operation {
    TEE_OperationHandle tee; /* TEE_HANDLE_NULL: not open yet */
    const struct hash *hash;
};

/*
 * Opens an operation with a key of `size` bytes, which GP must allow for the type `key_type` (TEE_TYPE_*). Raises no
 * Lua errors. Returns TEE_SUCCESS; otherwise there is no operation, and the result is TEE_ERROR_NOT_SUPPORTED or
 * TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result operation_open_keyed(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode, uint32_t key_type,
                                const void *key, size_t size);

/* Opens an operation with an AES key of 16, 24 or 32 bytes. Otherwise as operation_open_keyed(). */
TEE_Result operation_open_aes(TEE_OperationHandle *operation, const struct aes *aes, uint32_t mode, const void *key,
                              size_t size);

/* Returns the AES key in argument idx. Raises an error when its size is wrong. */
const uint8_t *operation_aes_key(lua_State *L, int idx, size_t *size);

/* Pushes a handle with one user value, and returns its record of `size` bytes, which begins with a struct operation
 * that is not open yet. If the caller cannot open it, it calls operation_failed(). methods: a lua_CFunction that pushes
 * the table of methods; NULL: there are none. Raises errors as handle_new() does. */
void *operation_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, lua_CFunction methods);

/* Ends the new record, whose handle is at the top of the stack, and raises the error for the result. */
int operation_failed(lua_State *L, const struct handle_type *type, const char *what, TEE_Result result);

/* Returns the record of the handle at argument 1. Raises an error when the value is not a handle of this type, or when
 * its record was closed. */
void *operation_check(lua_State *L, const struct handle_type *type);

/* The handle_type.release for records without secrets outside the operation. */
void operation_release(struct vm *vm, void *record);

#endif
