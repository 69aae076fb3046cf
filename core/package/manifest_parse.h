/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads `manifest` of abi/package.cddl, the plaintext of a manifest's package, for both worlds. Accepts exactly what
 * package.cddl describes, in its only encoding: every key once and in order, no unknown key, nothing after the
 * manifest.
 */
#ifndef LUATEE_CORE_PACKAGE_MANIFEST_PARSE_H
#define LUATEE_CORE_PACKAGE_MANIFEST_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "core/package/manifest.h"

/* The contents of a manifest besides limits and permissions. */
struct manifest_identity {
    char name[LUATEE_NAME_MAX + 1];
    uint64_t sequence;
    const uint8_t *revoked[PACKAGE_REVOKE_MAX]; /* ids of publisher keys, PACKAGE_PUBLISHER_ID_SIZE each, in the data */
    size_t revoked_count;
};

/*
 * Reads a manifest. Fields that it leaves out are as in manifest_default(). Returns NULL. On failure, returns the
 * reason as a clause for a message ("its memory is more than ..."), and the results must not be used. data: memory that
 * only the caller can write; it must stay valid while identity->revoked is used.
 */
const char *manifest_parse(const void *data, size_t size, struct manifest *manifest, struct manifest_identity *identity)
    __attribute__((warn_unused_result));

#endif
