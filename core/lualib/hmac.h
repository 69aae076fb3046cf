/* SPDX-License-Identifier: BSD-2-Clause */
/* HMAC (RFC 2104) by the TEE, with keys of any size. GP allows only some sizes. */
#ifndef LUATEE_CORE_LUALIB_HMAC_H
#define LUATEE_CORE_LUALIB_HMAC_H

#include <stddef.h>
#include <stdint.h>

#include "core/lualib/algorithm.h"
#include "lua.h"
#include "tee_internal_api.h"

/* Opens an operation with a key, for TEE_MACInit. A long key is fed in parts (core/base/feed.h). Raises no Lua errors.
 * Returns TEE_SUCCESS; otherwise there is no operation, and the result is TEE_ERROR_NOT_SUPPORTED or
 * TEE_ERROR_OUT_OF_MEMORY. */
TEE_Result hmac_open(TEE_OperationHandle *operation, const struct hash *hash, const void *key, size_t size);

/* Computes the MAC of all bytes since TEE_MACInit and of `size` more. */
void hmac_final(TEE_OperationHandle operation, const void *data, size_t size, uint8_t mac[ALGORITHM_DIGEST_MAX]);

#endif
