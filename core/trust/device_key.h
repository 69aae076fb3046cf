/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's own P-256 key pair, for packages that only this device can read. It is generated on first use and kept
 * in secure storage. Its private half is not extractable, not even by the TA. All apps share it.
 *
 * All functions return TEE_SUCCESS, or errors of the TEE's storage and cryptography.
 */
#ifndef LUATEE_CORE_TRUST_DEVICE_KEY_H
#define LUATEE_CORE_TRUST_DEVICE_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/package.h"
#include "tee_internal_api.h"

/* Opens the key pair, an object of TEE_TYPE_ECDH_KEYPAIR. If there is none, generates it, or, when generate_missing is
 * false, returns TEE_ERROR_ITEM_NOT_FOUND. The caller closes the object with TEE_CloseObject(). */
TEE_Result device_key_open(bool generate_missing, TEE_ObjectHandle *key) __attribute__((warn_unused_result));

/* Writes the SubjectPublicKeyInfo of an open key (spki in abi/package.cddl). */
TEE_Result device_key_spki(TEE_ObjectHandle key, uint8_t spki[PACKAGE_SPKI_SIZE]) __attribute__((warn_unused_result));

/* Writes the SubjectPublicKeyInfo of the device's key, which is generated if there is none. */
TEE_Result device_key_public(uint8_t spki[PACKAGE_SPKI_SIZE]) __attribute__((warn_unused_result));

#endif
