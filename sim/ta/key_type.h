/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key types, and what a key of each consists of. An object keeps its buffer attributes ("parts") one after the other,
 * all of the same size: those of a public key first, so that a public key is the beginning of its key pair.
 */
#ifndef SIM_TA_KEY_TYPE_H
#define SIM_TA_KEY_TYPE_H

#include <stdbool.h>
#include <tee_internal_api.h>

#define SIM_KEY_PARTS_MAX 8u

/* The longest part of any type, in bytes: a modulus of RSA, or a generic secret; and the longest value. */
#define SIM_KEY_PART_MAX (4096u / 8u)
#define SIM_KEY_VALUE_MAX (SIM_KEY_PARTS_MAX * SIM_KEY_PART_MAX)

enum sim_key_family {
    SIM_KEY_SECRET, /* one secret of any valid size */
    SIM_KEY_NIST,   /* big-endian numbers of the curve's size, and the curve as a value attribute */
    SIM_KEY_25519,  /* strings of 32 bytes, as RFC 7748 and RFC 8032 have them */
    SIM_KEY_RSA,    /* big-endian numbers of the modulus' size; without primes all from the first of them on are 0 */
};

struct sim_key_type {
    uint32_t type;
    enum sim_key_family family;
    uint32_t step, min, max;           /* limits of the size, in bits */
    uint32_t parts[SIM_KEY_PARTS_MAX]; /* TEE_ATTR_*; 0: no more */
    const char *name;                  /* SIM_KEY_25519: OpenSSL's */
};

/* NULL: not a key type of the simulator. */
const struct sim_key_type *sim_key_type(uint32_t type);

/* May a key of this type be that long? */
bool sim_key_size_valid(const struct sim_key_type *type, uint32_t bits);

uint32_t sim_key_part_count(const struct sim_key_type *type);

/* Which part this attribute is; negative: none. */
int sim_key_part_index(const struct sim_key_type *type, uint32_t attribute);

/* Does it have a public and a private part? */
bool sim_key_is_pair(const struct sim_key_type *type);

/* Are its parts numbers, which come and go without leading zeros? */
bool sim_key_has_numbers(const struct sim_key_type *type);

/* Is `type` the public key's type to the key pair's type `pair`? */
bool sim_key_is_public_of(uint32_t type, uint32_t pair);

/* The curves of SIM_KEY_NIST. Their sizes tell them apart. */
struct sim_curve {
    uint32_t id;   /* TEE_ECC_CURVE_* */
    uint32_t bits; /* of a coordinate */
    const char *name;
};

/* NULL: not a curve of the simulator. */
const struct sim_curve *sim_curve_of_id(uint32_t id);
const struct sim_curve *sim_curve_of_bits(uint32_t bits);

#endif
