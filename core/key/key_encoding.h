/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key as bytes, in the forms of the outside world: DER (public: SubjectPublicKeyInfo of RFC 5280; secret: PKCS #8 of
 * RFC 5958), COSE_Key (RFC 9052, section 7) and raw.
 */
#ifndef LUATEE_CORE_KEY_KEY_ENCODING_H
#define LUATEE_CORE_KEY_KEY_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/key/key_type.h"

/* Longest part: a number of RSA with 4096 bits. Longest key in any form that key_encoding_write makes: the public one
 * of such.
 */
#define PARTS_NUMBER_MAX 512
#define PARTS_SIZE_MAX 640

struct key_part {
    const uint8_t *data;
    size_t size;
};

/* The parts that key_type.h names, in its order; what is not there is of size 0. Whether they are a key is not said
 * here. */
struct key_parts {
    struct key_part part[KEY_PARTS_MAX];
    bool secret;
};

enum key_form {
    KEY_FORM_DER,
    KEY_FORM_COSE,
    KEY_FORM_RAW,    /* secret keys, and the secret of KEY_OKP and KEY_EC */
    KEY_FORM_PUBLIC, /* KEY_EC: the uncompressed point of SEC 1, section 2.3.3; KEY_OKP: x */
};

/* parts point into data. False when data is no key of this type in this form. */
bool key_encoding_read(const struct key_type *type, enum key_form form, const uint8_t *data, size_t size,
                struct key_parts *parts);

/* Reads a public key in whichever form the whole of it has: KEY_FORM_PUBLIC, KEY_FORM_DER or KEY_FORM_COSE. It has one
 * at most: KEY_FORM_PUBLIC is of one size for each type, and the others hold that and more. Nothing is guessed from a
 * part of data, which may be of any bytes. */
bool key_encoding_read_public(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts);

/* Writes the key, with its secret or without, to the end of buffer; returns where it begins, NULL: the type has no such
 * form. The secret of KEY_RSA has none at all. */
const uint8_t *key_encoding_write(const struct key_type *type, enum key_form form, bool secret,
                                  const struct key_parts *parts, uint8_t buffer[PARTS_SIZE_MAX], size_t *size);

/* Of key_encoding_read and key_encoding_write: COSE_Key. */
bool key_encoding_read_cose(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts);
const uint8_t *key_encoding_write_cose(const struct key_type *type, bool secret, const struct key_parts *parts,
                                uint8_t buffer[PARTS_SIZE_MAX], size_t *size);

#endif
