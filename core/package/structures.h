/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three structures of COSE that go into the cryptography of a package and are never sent (RFC 9052, sections 4.4
 * and 5.3; RFC 9053, section 5.2). Both worlds write them with this code. Each function writes into the caller's
 * buffer, whose size is the named limit, and returns how many bytes it wrote; nothing in them is secret.
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
 * Sig_structure up to its last item's bytes: ["Signature1", header, external_aad = h'', payload]. What is signed is
 * these bytes followed by the payload's, so that a digest can take them one after the other and a payload needs no
 * second copy. header: the protected header as it is encoded, at most PACKAGE_HEADER_MAX bytes. payload_size: below
 * 2^32.
 */
size_t structure_sign(const uint8_t *header, size_t header_size, size_t payload_size, uint8_t out[STRUCTURE_SIGN_MAX]);

/* Enc_structure, whole, the additional data of AES-GCM: ["Encrypt", protected of the body, external_aad = header]. */
size_t structure_encrypt(const uint8_t *header, size_t header_size, uint8_t out[STRUCTURE_ENCRYPT_MAX]);

/* COSE_KDF_Context, whole, the info of HKDF for a device recipient: the same for every package. */
size_t structure_kdf_context(uint8_t out[STRUCTURE_KDF_CONTEXT_MAX]);

#endif
