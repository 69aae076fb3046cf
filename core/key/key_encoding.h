/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodings of keys: DER (SubjectPublicKeyInfo of RFC 5280 for public keys, PKCS #8 of RFC 5958 for secret ones),
 * COSE_Key (RFC 9052, section 7) and raw bytes.
 */
#ifndef LUATEE_CORE_KEY_KEY_ENCODING_H
#define LUATEE_CORE_KEY_KEY_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/key/key_type.h"

/* Bytes of the longest part: a number of RSA with 4096 bits. Bytes of the longest output of key_encoding_write(): the
 * public key of such an RSA key. */
#define KEY_NUMBER_MAX 512
#define KEY_ENCODING_MAX 640

struct key_part {
    const uint8_t *data;
    size_t size;
};

/* The parts of a key, in the order of enum key_family (key_type.h); a missing part has size 0. The parts are not
 * checked to be a valid key. */
struct key_parts {
    struct key_part part[KEY_PARTS_MAX];
    bool secret;
};

enum key_form {
    KEY_FORM_DER,
    KEY_FORM_COSE,
    KEY_FORM_RAW,    /* a secret key, or the secret part of KEY_OKP; only written: that of KEY_EC */
    KEY_FORM_PUBLIC, /* KEY_EC: the uncompressed point of SEC 1, section 2.3.3; KEY_OKP: x */
};

/* Reads a key of this type in this form. The parts point into the data. Returns false when the data are not such a
 * key. */
bool key_encoding_read(const struct key_type *type, enum key_form form, const uint8_t *data, size_t size,
                struct key_parts *parts);

/* Reads a public key in KEY_FORM_PUBLIC, KEY_FORM_DER or KEY_FORM_COSE. The data have at most one of these forms:
 * KEY_FORM_PUBLIC has a fixed size for each type, and the others contain that and more. All of the data decide the
 * form, never a part of them. Returns false when the data have none of these forms. */
bool key_encoding_read_public(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts);

/* Writes the key into the buffer, with its secret part or without it. Returns the beginning of the output, inside the
 * buffer; or NULL when the type does not have this form. A secret key of KEY_RSA has no form. */
const uint8_t *key_encoding_write(const struct key_type *type, enum key_form form, bool secret,
                                  const struct key_parts *parts, uint8_t buffer[KEY_ENCODING_MAX], size_t *size);

/* The parts of key_encoding_read() and key_encoding_write() for COSE_Key. */
bool key_encoding_read_cose(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts);
const uint8_t *key_encoding_write_cose(const struct key_type *type, bool secret, const struct key_parts *parts,
                                       uint8_t buffer[KEY_ENCODING_MAX], size_t *size);

#endif
