/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's own P-256 key pair, for packages that only this device can read. It is generated when it is first asked
 * for and lives in secure storage; its private half is not extractable, not even by the TA. All apps share it.
 *
 * Errors: what the TEE's storage and cryptography return.
 */
#ifndef LUATEE_CORE_TRUST_DEVICE_KEY_H
#define LUATEE_CORE_TRUST_DEVICE_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/package.h"
#include "tee_internal_api.h"

/* Opens the key pair, an object of TEE_TYPE_ECDH_KEYPAIR. Without one: it is generated, or, with create being false,
 * the result is TEE_ERROR_ITEM_NOT_FOUND. The caller closes it with TEE_CloseObject(). */
TEE_Result device_key_open(bool create, TEE_ObjectHandle *key) __attribute__((warn_unused_result));

/* The SubjectPublicKeyInfo of an opened key (spki in abi/package.cddl). */
TEE_Result device_key_spki(TEE_ObjectHandle key, uint8_t spki[PACKAGE_SPKI_SIZE]) __attribute__((warn_unused_result));

/* The SubjectPublicKeyInfo of the device's key, which is made if need be. */
TEE_Result device_key_public(uint8_t spki[PACKAGE_SPKI_SIZE]) __attribute__((warn_unused_result));

#endif
