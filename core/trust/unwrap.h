/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unwraps the content key of a package (RFC 9053, sections 6.2.1 and 6.4.1).
 *
 * The functions that unwrap return TEE_SUCCESS; TEE_ERROR_SECURITY when the wrapped key or the point is invalid;
 * TEE_ERROR_OUT_OF_MEMORY; or other errors of the TEE. After an error the key is all zeros. Intermediate secrets are
 * wiped.
 */
#ifndef LUATEE_CORE_TRUST_UNWRAP_H
#define LUATEE_CORE_TRUST_UNWRAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/package/structures.h"
#include "tee_internal_api.h"

/* Allocates an operation with a key that is one secret value, for AES or HMAC. type: TEE_TYPE_*. The caller frees the
 * operation. Returns TEE_SUCCESS, or errors of the TEE. */
TEE_Result unwrap_operation(uint32_t algorithm, uint32_t mode, uint32_t type, const uint8_t secret[PACKAGE_KEY_SIZE],
                            TEE_OperationHandle *operation) __attribute__((warn_unused_result));

/* Unwraps a 256-bit key with A256KW: AES key unwrap (RFC 3394, section 2.2.2). */
TEE_Result unwrap_key(const uint8_t wrapping_key[PACKAGE_KEY_SIZE], const uint8_t wrapped[PACKAGE_WRAPPED_SIZE],
                      uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

/* Unwraps a key with ECDH-ES+A256KW. device_key: a key pair of TEE_TYPE_ECDH_KEYPAIR. recipient: a device recipient. */
TEE_Result unwrap_for_device(TEE_ObjectHandle device_key, const struct package_recipient *recipient,
                             uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

/* Derives 256 bits with HKDF-SHA-256 without salt (RFC 5869). info_size: at most UNWRAP_INFO_MAX; otherwise returns
 * TEE_ERROR_BAD_PARAMETERS. */
#define UNWRAP_INFO_MAX STRUCTURE_KDF_CONTEXT_MAX
TEE_Result unwrap_hkdf(const void *secret, size_t size, const void *info, size_t info_size,
                       uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

#endif
