/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads `manifest` of abi/package.cddl, the plaintext of a manifest's package, for both worlds. Accepted is exactly
 * what is described there, in its one encoding: every key once and in order, nothing unknown, nothing after it.
 */
#ifndef LUATEE_CORE_PACKAGE_MANIFEST_PARSE_H
#define LUATEE_CORE_PACKAGE_MANIFEST_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "core/package/manifest.h"

/* What a manifest says beside limits and grants. */
struct manifest_identity {
    char name[LUATEE_NAME_MAX + 1];
    uint64_t sequence;
    const uint8_t *revoked[PACKAGE_REVOKE_MAX]; /* publishers' ids, PACKAGE_PUBLISHER_ID_SIZE each, in the data */
    size_t revoked_count;
};

/*
 * Returns NULL; or the rule that is broken, in words, as in "its budget is ...", and then neither result may be used.
 * What the manifest leaves out is as in manifest_default. data: memory that nobody else can write.
 */
const char *manifest_parse(const void *data, size_t size, struct manifest *manifest, struct manifest_identity *identity)
    __attribute__((warn_unused_result));

#endif
