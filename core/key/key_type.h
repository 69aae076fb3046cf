/* SPDX-License-Identifier: BSD-2-Clause */
/* The types of keys: their names in Lua, what they can be used for, and what they are to GP and to COSE. */
#ifndef LUATEE_CORE_KEY_KEY_TYPE_H
#define LUATEE_CORE_KEY_KEY_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/key/curve.h"
#include "tee_internal_api.h"

/* Values are those of records in storage: never used anew for something else. */
enum key_use {
    KEY_ENCRYPT = 1u << 0,
    KEY_DECRYPT = 1u << 1,
    KEY_SIGN = 1u << 2,
    KEY_VERIFY = 1u << 3,
    KEY_MAC = 1u << 4,
    KEY_DERIVE = 1u << 5,
    KEY_EXTRACTABLE = 1u << 6,
};
/* What a public key can do. */
#define KEY_PUBLIC_USES (KEY_ENCRYPT | KEY_VERIFY)

/* What a key consists of (struct key_parts): first its public parts, then the one secret. */
enum key_family {
    KEY_SECRET, /* k */
    KEY_EC,     /* x, y, d: big-endian numbers of the curve's size */
    KEY_OKP,    /* x, d: strings of 32 bytes (RFC 7748, RFC 8032) */
    KEY_RSA,    /* n, e, d: big-endian numbers */
};
#define KEY_PARTS_MAX 3

struct key_type {
    const char *name;
    uint8_t id;         /* in records in storage, as above */
    uint8_t family;     /* enum key_family */
    uint8_t uses;       /* all that a key of the type can do */
    uint8_t cose_curve; /* RFC 9053, section 7.1; 0: none */
    uint16_t bits_min, bits_max, bits_step, bits_default;
    uint32_t secret_type; /* TEE_TYPE_* of a secret key, or of a pair */
    uint32_t public_type; /* 0: the TEE has no objects for public keys of the type */
    uint32_t algorithm;   /* TEE_ALG_* */
    uint32_t digest;      /* TEE_ALG_* of what is signed; 0: the message itself */
    uint32_t curve_id;    /* TEE_ECC_CURVE_* of KEY_EC */
    const struct curve *curve;
    uint32_t parts[KEY_PARTS_MAX]; /* TEE_ATTR_* */
};

/* NULL: there is none. */
const struct key_type *key_type_named(const char *name);
const struct key_type *key_type_of_id(uint8_t id);
/* From 0 on; NULL: no more. */
const struct key_type *key_type_at(size_t index);

/* How many parts are public; the secret comes after them. */
unsigned key_type_publics(const struct key_type *type);

/* Bytes of each part of KEY_EC and KEY_OKP. */
size_t key_type_part_size(const struct key_type *type);

/* HMAC keys may be shorter than GP allows: zeros at the end make no difference to them (RFC 2104). */
uint32_t key_type_object_bits(const struct key_type *type, uint32_t bits);

/* TEE_USAGE_* of these uses. */
uint32_t key_type_usage(const struct key_type *type, unsigned uses);

#endif
