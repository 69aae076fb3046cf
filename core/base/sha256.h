/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 by the TEE. */
#ifndef LUATEE_CORE_BASE_SHA256_H
#define LUATEE_CORE_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* Returns TEE_SUCCESS, or what TEE_AllocateOperation and TEE_DigestDoFinal return. */
TEE_Result sha256_digest(const void *data, size_t size, uint8_t digest[LUATEE_DIGEST_SIZE]);

/* TEE_SUCCESS when data has this digest, TEE_ERROR_SECURITY when it has not. */
TEE_Result sha256_check(const void *data, size_t size, const uint8_t digest[LUATEE_DIGEST_SIZE]);

#endif
