/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packages whose signature a session has verified, so that a package that is stored and then loaded is verified
 * only once. On a TEE without an accelerator, verifying takes most of the time of opening a package. package_open.c
 * checks each time whether the key is still trusted.
 */
#ifndef LUATEE_CORE_TRUST_VERIFIED_PACKAGES_H
#define LUATEE_CORE_TRUST_VERIFIED_PACKAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"

#define VERIFIED_MAX 32

/* All zeros is an empty list. */
struct verified {
    uint8_t digests[VERIFIED_MAX][LUATEE_DIGEST_SIZE]; /* SHA-256 over the signed digest and the signature */
    unsigned count;                                    /* of all that were ever added */
};

/* Returns whether the package with this digest is in the list. */
bool verified_has(const struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE]);

/* Adds a package. When the list is full, replaces the oldest one. */
void verified_add(struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE]);

#endif
