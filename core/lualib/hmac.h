/* SPDX-License-Identifier: BSD-2-Clause */
/* HMAC (RFC 2104) by the TEE, with keys of any length: GP allows only some. */
#ifndef LUATEE_CORE_LUALIB_HMAC_H
#define LUATEE_CORE_LUALIB_HMAC_H

#include <stddef.h>
#include <stdint.h>

#include "core/lualib/algorithm.h"
#include "lua.h"
#include "tee_internal_api.h"

/* Opens an operation with a key, ready for TEE_MACInit. A long key goes in parts (core/base/feed.h). Raises nothing.
 * Returns TEE_SUCCESS, or TEE_ERROR_NOT_SUPPORTED or TEE_ERROR_OUT_OF_MEMORY and no operation. */
TEE_Result hmac_open(TEE_OperationHandle *operation, const struct hash *hash, const void *key, size_t size);

/* The MAC of what was fed since TEE_MACInit, and of `size` bytes more. */
void hmac_final(TEE_OperationHandle operation, const void *data, size_t size, uint8_t mac[ALGORITHM_DIGEST_MAX]);

#endif
