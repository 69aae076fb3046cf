/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packages whose signature a session has verified, so that one that is stored and then loaded is verified once: on
 * a TEE without an accelerator that is most of the time that opening a package takes. Whether the key is trusted still
 * is another question, which open.c asks each time.
 */
#ifndef LUATEE_CORE_TRUST_VERIFIED_PACKAGES_H
#define LUATEE_CORE_TRUST_VERIFIED_PACKAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"

#define VERIFIED_MAX 32

/* All zeros: none. */
struct verified {
    uint8_t digests[VERIFIED_MAX][LUATEE_DIGEST_SIZE]; /* SHA-256 over the digest that is signed and the signature */
    unsigned count;                                    /* of all that were ever added; the oldest gives way */
};

bool verified_has(const struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE]);
void verified_add(struct verified *verified, const uint8_t digest[LUATEE_DIGEST_SIZE]);

#endif
