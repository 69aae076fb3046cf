/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/key_type.h"

/* A key pair's TEE_TYPE_* is that of its public key with this bit set (GP, table 6-13). */
#define PAIR_BIT 0x01000000u

#define SECRET {TEE_ATTR_SECRET_VALUE}
#define NIST_PUBLIC {TEE_ATTR_ECC_PUBLIC_VALUE_X, TEE_ATTR_ECC_PUBLIC_VALUE_Y}
#define NIST_PAIR {TEE_ATTR_ECC_PUBLIC_VALUE_X, TEE_ATTR_ECC_PUBLIC_VALUE_Y, TEE_ATTR_ECC_PRIVATE_VALUE}

#define RSA_PUBLIC {TEE_ATTR_RSA_MODULUS, TEE_ATTR_RSA_PUBLIC_EXPONENT}
#define RSA_PAIR \
    {TEE_ATTR_RSA_MODULUS, TEE_ATTR_RSA_PUBLIC_EXPONENT, TEE_ATTR_RSA_PRIVATE_EXPONENT, TEE_ATTR_RSA_PRIME1, \
     TEE_ATTR_RSA_PRIME2, TEE_ATTR_RSA_EXPONENT1, TEE_ATTR_RSA_EXPONENT2, TEE_ATTR_RSA_COEFFICIENT}

/* Types and limits are those of OP-TEE's table of object properties, which has no TEE_TYPE_X25519_PUBLIC_KEY. RSA
 * differs: OP-TEE accepts moduli from 256 bits that are not whole bytes; OpenSSL needs 512 bits. */
static const struct sim_key_type key_types[] = {
    {TEE_TYPE_AES, SIM_KEY_SECRET, 64, 128, 256, SECRET, NULL},
    {TEE_TYPE_HMAC_MD5, SIM_KEY_SECRET, 8, 64, 512, SECRET, NULL},
    {TEE_TYPE_HMAC_SHA1, SIM_KEY_SECRET, 8, 80, 512, SECRET, NULL},
    {TEE_TYPE_HMAC_SHA224, SIM_KEY_SECRET, 8, 112, 512, SECRET, NULL},
    {TEE_TYPE_HMAC_SHA256, SIM_KEY_SECRET, 8, 192, 1024, SECRET, NULL},
    {TEE_TYPE_HMAC_SHA384, SIM_KEY_SECRET, 8, 256, 1024, SECRET, NULL},
    {TEE_TYPE_HMAC_SHA512, SIM_KEY_SECRET, 8, 256, 1024, SECRET, NULL},
    {TEE_TYPE_GENERIC_SECRET, SIM_KEY_SECRET, 8, 0, 4096, SECRET, NULL},
    {TEE_TYPE_ECDSA_PUBLIC_KEY, SIM_KEY_NIST, 1, 192, 521, NIST_PUBLIC, NULL},
    {TEE_TYPE_ECDSA_KEYPAIR, SIM_KEY_NIST, 1, 192, 521, NIST_PAIR, NULL},
    {TEE_TYPE_ECDH_PUBLIC_KEY, SIM_KEY_NIST, 1, 192, 521, NIST_PUBLIC, NULL},
    {TEE_TYPE_ECDH_KEYPAIR, SIM_KEY_NIST, 1, 192, 521, NIST_PAIR, NULL},
    {TEE_TYPE_ED25519_PUBLIC_KEY, SIM_KEY_25519, 1, 256, 256, {TEE_ATTR_ED25519_PUBLIC_VALUE}, "ED25519"},
    {TEE_TYPE_ED25519_KEYPAIR, SIM_KEY_25519, 1, 256, 256,
     {TEE_ATTR_ED25519_PUBLIC_VALUE, TEE_ATTR_ED25519_PRIVATE_VALUE}, "ED25519"},
    {TEE_TYPE_RSA_PUBLIC_KEY, SIM_KEY_RSA, 8, 512, 4096, RSA_PUBLIC, NULL},
    {TEE_TYPE_RSA_KEYPAIR, SIM_KEY_RSA, 8, 512, 4096, RSA_PAIR, NULL},
    {TEE_TYPE_X25519_KEYPAIR, SIM_KEY_25519, 1, 256, 256,
     {TEE_ATTR_X25519_PUBLIC_VALUE, TEE_ATTR_X25519_PRIVATE_VALUE}, "X25519"},
};

static const struct sim_curve curves[] = {
    {TEE_ECC_CURVE_NIST_P256, 256, "P-256"},
    {TEE_ECC_CURVE_NIST_P384, 384, "P-384"},
};

const struct sim_key_type *sim_key_type(uint32_t type)
{
    for (size_t i = 0; i < sizeof(key_types) / sizeof(key_types[0]); i++)
        if (key_types[i].type == type)
            return &key_types[i];
    return NULL;
}

bool sim_key_size_valid(const struct sim_key_type *type, uint32_t bits)
{
    return bits >= type->min && bits <= type->max && bits % type->step == 0;
}

uint32_t sim_key_part_count(const struct sim_key_type *type)
{
    uint32_t count = 0;

    while (count < SIM_KEY_PARTS_MAX && type->parts[count])
        count++;
    return count;
}

int sim_key_part_index(const struct sim_key_type *type, uint32_t attribute)
{
    for (uint32_t i = 0; i < sim_key_part_count(type); i++)
        if (type->parts[i] == attribute)
            return (int)i;
    return -1;
}

bool sim_key_is_pair(const struct sim_key_type *type)
{
    return type->family != SIM_KEY_SECRET && (type->type & PAIR_BIT);
}

bool sim_key_has_numbers(const struct sim_key_type *type)
{
    return type->family == SIM_KEY_NIST || type->family == SIM_KEY_RSA;
}

bool sim_key_is_public_of(uint32_t type, uint32_t pair)
{
    const struct sim_key_type *pair_type = sim_key_type(pair);

    return pair_type && sim_key_is_pair(pair_type) && type == (pair & ~PAIR_BIT);
}

const struct sim_curve *sim_curve_of_id(uint32_t id)
{
    for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
        if (curves[i].id == id)
            return &curves[i];
    return NULL;
}

const struct sim_curve *sim_curve_of_bits(uint32_t bits)
{
    for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
        if (curves[i].bits == bits)
            return &curves[i];
    return NULL;
}
