/* SPDX-License-Identifier: BSD-2-Clause */
/* HKDF (RFC 5869), computed with the TEE's HMAC. */
#ifndef LUATEE_CORE_LUALIB_HKDF_H
#define LUATEE_CORE_LUALIB_HKDF_H

#include <stddef.h>
#include <stdint.h>

#include "core/lualib/algorithm.h"
#include "lua.h"
#include "tee_internal_api.h"

#define HKDF_BLOCKS_MAX 255 /* section 2.3: the counter is a byte */
#define HKDF_INFO_MAX 4096  /* bytes; each block hashes all of them */

/* Computes PRK = HMAC(salt, secret). Feeds both in parts (core/base/feed.h). Returns the results of hmac_open(). */
TEE_Result hkdf_extract(const struct hash *hash, const void *salt, size_t salt_size, const void *secret,
                        size_t size, uint8_t prk[ALGORITHM_DIGEST_MAX]);

/* Writes `size` bytes, at most HKDF_BLOCKS_MAX times the size of the hash. hmac: an operation whose key is the PRK.
 * Checks the deadline after each block: when the call must end, the rest is not written, and the caller raises an error
 * before the result is used. */
void hkdf_expand(TEE_OperationHandle hmac, const struct hash *hash, const void *info, size_t info_size,
                 uint8_t *out, size_t size);

#endif
