/* SPDX-License-Identifier: BSD-2-Clause */
/* The types of keys: their names in Lua, their possible uses, and their identifiers in GP and COSE. */
#ifndef LUATEE_CORE_KEY_KEY_TYPE_H
#define LUATEE_CORE_KEY_KEY_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/key/curve.h"
#include "tee_internal_api.h"

/* The values are stored in records, so a value must never get another meaning. */
enum key_use {
    KEY_ENCRYPT = 1u << 0,
    KEY_DECRYPT = 1u << 1,
    KEY_SIGN = 1u << 2,
    KEY_VERIFY = 1u << 3,
    KEY_MAC = 1u << 4,
    KEY_DERIVE = 1u << 5,
    KEY_EXTRACTABLE = 1u << 6,
};
/* The uses that a public key can have. */
#define KEY_PUBLIC_USES (KEY_ENCRYPT | KEY_VERIFY)

/* The parts of a key (struct key_parts): first its public parts, then the secret part. */
enum key_family {
    KEY_SECRET, /* k */
    KEY_EC,     /* x, y, d: big-endian numbers of the curve's size */
    KEY_OKP,    /* x, d: strings of 32 bytes (RFC 7748, RFC 8032) */
    KEY_RSA,    /* n, e, d: big-endian numbers */
};
#define KEY_PARTS_MAX 3

struct key_type {
    const char *name;
    uint8_t id;         /* stored in records, as above */
    uint8_t family;     /* enum key_family */
    uint8_t uses;       /* all possible uses */
    uint8_t cose_curve; /* RFC 9053, section 7.1; 0: none */
    uint16_t bits_min, bits_max, bits_step, bits_default;
    uint32_t secret_type; /* TEE_TYPE_* of a secret key, or of a pair */
    uint32_t public_type; /* 0: the TEE has no objects for public keys of the type */
    uint32_t algorithm;   /* TEE_ALG_* */
    uint32_t digest;      /* TEE_ALG_* of the digest that is signed; 0: the message itself is signed */
    uint32_t curve_id;    /* TEE_ECC_CURVE_* of KEY_EC */
    const struct curve *curve;
    uint32_t parts[KEY_PARTS_MAX]; /* TEE_ATTR_* */
};

/* Returns the type with this name or id, or NULL. */
const struct key_type *key_type_named(const char *name);
const struct key_type *key_type_of_id(uint8_t id);

/* Returns the type with this index, from 0 on; NULL after the last. */
const struct key_type *key_type_at(size_t index);

/* Returns the number of public parts, which is also the index of the secret part. */
unsigned key_type_publics(const struct key_type *type);

/* Returns the bytes of each part of KEY_EC and KEY_OKP. */
size_t key_type_part_size(const struct key_type *type);

/* Returns the size of the GP object for a key of `bits` bits. HMAC keys may be shorter than GP allows: zeros at the end
 * do not change an HMAC key (RFC 2104). */
uint32_t key_type_object_bits(const struct key_type *type, uint32_t bits);

/* Returns the TEE_USAGE_* flags for these uses. */
uint32_t key_type_usage(const struct key_type *type, unsigned uses);

#endif
