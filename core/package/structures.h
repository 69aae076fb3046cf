/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three structures of COSE that are inputs of a package's cryptography and are never sent (RFC 9052, sections 4.4
 * and 5.3; RFC 9053, section 5.2). Both worlds write them with this code. Each function writes into the caller's
 * buffer, which has the size of the named limit, and returns the number of bytes. They contain no secrets.
 */
#ifndef LUATEE_CORE_PACKAGE_STRUCTURES_H
#define LUATEE_CORE_PACKAGE_STRUCTURES_H

#include <stddef.h>
#include <stdint.h>

#include "core/package/parse.h"

#define STRUCTURE_SIGN_MAX (32 + PACKAGE_HEADER_MAX)
#define STRUCTURE_ENCRYPT_MAX (32 + PACKAGE_HEADER_MAX)
#define STRUCTURE_KDF_CONTEXT_MAX 32

/*
 * Writes Sig_structure, ["Signature1", header, external_aad = h'', payload], without the payload's bytes at its end.
 * The signature is over these bytes followed by the payload, so that a digest can be computed in two steps without a
 * copy of the payload. header: the encoded protected header, at most PACKAGE_HEADER_MAX bytes. payload_size: below
 * 2^32.
 */
size_t structure_sign(const uint8_t *header, size_t header_size, size_t payload_size, uint8_t out[STRUCTURE_SIGN_MAX]);

/* Writes Enc_structure, the additional data of AES-GCM: ["Encrypt", protected of the body, external_aad = header]. */
size_t structure_encrypt(const uint8_t *header, size_t header_size, uint8_t out[STRUCTURE_ENCRYPT_MAX]);

/* Writes COSE_KDF_Context, the info of HKDF for a device recipient. It is the same for every package. */
size_t structure_kdf_context(uint8_t out[STRUCTURE_KDF_CONTEXT_MAX]);

#endif
