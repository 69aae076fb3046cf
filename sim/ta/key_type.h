/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key types and the layout of their values. The value of a key is its buffer attributes, the "parts", one after the
 * other, all of the same size. Public parts come first, so that a public key is the beginning of its key pair.
 */
#ifndef SIM_TA_KEY_TYPE_H
#define SIM_TA_KEY_TYPE_H

#include <stdbool.h>
#include <tee_internal_api.h>

#define SIM_KEY_PARTS_MAX 8u

/* The longest part of any type, in bytes (an RSA modulus, or a generic secret), and the longest value. */
#define SIM_KEY_PART_MAX (4096u / 8u)
#define SIM_KEY_VALUE_MAX (SIM_KEY_PARTS_MAX * SIM_KEY_PART_MAX)

enum sim_key_family {
    SIM_KEY_SECRET, /* one secret of any valid size */
    SIM_KEY_NIST,   /* big-endian numbers of the curve's size; the curve is a value attribute */
    SIM_KEY_25519,  /* strings of 32 bytes (RFC 7748, RFC 8032) */
    SIM_KEY_RSA,    /* big-endian numbers of the modulus' size; in a key without primes, parts 3 to 7 are 0 */
};

struct sim_key_type {
    uint32_t type;
    enum sim_key_family family;
    uint32_t step, min, max;           /* valid sizes in bits: multiples of `step` from `min` to `max` */
    uint32_t parts[SIM_KEY_PARTS_MAX]; /* TEE_ATTR_*, ends with a 0 unless all are used */
    const char *name;                  /* SIM_KEY_25519: OpenSSL's name of the type */
};

/* Finds a key type by its TEE_TYPE_*. Returns NULL if the simulator does not have it. */
const struct sim_key_type *sim_key_type(uint32_t type);

/* Whether a key of this type may have this many bits. */
bool sim_key_size_valid(const struct sim_key_type *type, uint32_t bits);

/* Number of parts, 1 to SIM_KEY_PARTS_MAX. */
uint32_t sim_key_part_count(const struct sim_key_type *type);

/* Index of the part that this TEE_ATTR_* is, or -1 if the type does not have it. */
int sim_key_part_index(const struct sim_key_type *type, uint32_t attribute);

/* Whether the type is a key pair. */
bool sim_key_is_pair(const struct sim_key_type *type);

/* Whether the parts are numbers, which GP's API passes without leading zeros. */
bool sim_key_has_numbers(const struct sim_key_type *type);

/* Whether `type` is the type of the public key of the key pair type `pair`. */
bool sim_key_is_public_of(uint32_t type, uint32_t pair);

/* A curve of SIM_KEY_NIST. No two have the same size. */
struct sim_curve {
    uint32_t id;   /* TEE_ECC_CURVE_* */
    uint32_t bits; /* of a coordinate */
    const char *name; /* OpenSSL's */
};

/* Find a curve by its TEE_ECC_CURVE_* or by its size. Return NULL if the simulator does not have it. */
const struct sim_curve *sim_curve_of_id(uint32_t id);
const struct sim_curve *sim_curve_of_bits(uint32_t bits);

#endif
