/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256, computed by the TEE. */
#ifndef LUATEE_CORE_BASE_SHA256_H
#define LUATEE_CORE_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* Computes the digest of `size` bytes. Returns TEE_SUCCESS, or an error of TEE_AllocateOperation or
 * TEE_DigestDoFinal. */
TEE_Result sha256_digest(const void *data, size_t size, uint8_t digest[LUATEE_DIGEST_SIZE]);

/* Returns TEE_SUCCESS when the data have this digest, TEE_ERROR_SECURITY when they do not, or an error of
 * sha256_digest(). */
TEE_Result sha256_check(const void *data, size_t size, const uint8_t digest[LUATEE_DIGEST_SIZE]);

#endif
