/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unwraps the content key of a package (RFC 9053, sections 6.2.1 and 6.4.1).
 *
 * Errors: TEE_ERROR_SECURITY when the wrapped key or the point is not sound; TEE_ERROR_OUT_OF_MEMORY and what else the
 * TEE returns. With any error the key is all zero. What is secret in between is wiped.
 */
#ifndef LUATEE_CORE_TRUST_UNWRAP_H
#define LUATEE_CORE_TRUST_UNWRAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/package/structures.h"
#include "tee_internal_api.h"

/* An operation with a key that is one secret value: of AES or of HMAC. The caller frees it. */
TEE_Result unwrap_operation(uint32_t algorithm, uint32_t mode, uint32_t type, const uint8_t secret[PACKAGE_KEY_SIZE],
                            TEE_OperationHandle *operation) __attribute__((warn_unused_result));

/* A256KW: AES key unwrap (RFC 3394, section 2.2.2) of a 256-bit key. */
TEE_Result unwrap_key(const uint8_t wrapping_key[PACKAGE_KEY_SIZE], const uint8_t wrapped[PACKAGE_WRAPPED_SIZE],
                      uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

/* ECDH-ES+A256KW. device_key: a key pair of TEE_TYPE_ECDH_KEYPAIR; recipient: one for a device. */
TEE_Result unwrap_for_device(TEE_ObjectHandle device_key, const struct package_recipient *recipient,
                             uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

/* HKDF-SHA-256 without salt (RFC 5869), 256 bits of it. info_size: at most UNWRAP_INFO_MAX. */
#define UNWRAP_INFO_MAX STRUCTURE_KDF_CONTEXT_MAX
TEE_Result unwrap_hkdf(const void *secret, size_t size, const void *info, size_t info_size,
                       uint8_t key[PACKAGE_KEY_SIZE]) __attribute__((warn_unused_result));

#endif
