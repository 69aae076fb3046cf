/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records in secure storage that protect against rollback: the highest sequence of each app, and the publisher keys
 * that were revoked. Each change is atomic, and no change is lost when sessions run in parallel. The TEE decides how
 * well the storage itself is protected against being reset to an older state: see rollback_protection().
 *
 * All functions that return a TEE_Result also return TEE_ERROR_CORRUPT_OBJECT when a record is lost, and the other
 * errors of record.h.
 */
#ifndef LUATEE_CORE_TRUST_ROLLBACK_H
#define LUATEE_CORE_TRUST_ROLLBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/package.h"
#include "tee_internal_api.h"

/* The most revoked keys that are stored, of all apps together, besides built-in keys, for which there is always
 * space. */
#define ROLLBACK_REVOKED_MAX 64

/* Reads the highest sequence that the app has run with; 0 when it never ran. */
TEE_Result rollback_sequence(const char *app, uint64_t *sequence) __attribute__((warn_unused_result));

/* Stores that the app runs with this sequence. To be called before anything of it runs. TEE_ERROR_SECURITY: the app has
 * run with a higher sequence, and must not run. */
TEE_Result rollback_advance(const char *app, uint64_t sequence) __attribute__((warn_unused_result));

/* Returns TEE_ERROR_SECURITY when the key with this id was revoked. */
TEE_Result rollback_check_publisher(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE]) __attribute__((warn_unused_result));

/*
 * Revokes a key that a manifest names. publisher: the index of the built-in key (publisher_keys.h) that signed the
 * manifest. A built-in key can be revoked only by a later one, so that a stolen key cannot revoke its successors. A key
 * that is not built in can be revoked only by the last one. Other revocations are ignored, without an error: the same
 * manifest may be meant for TAs with other keys, too. TEE_ERROR_STORAGE_NO_SPACE: ROLLBACK_REVOKED_MAX keys are stored,
 * and this one is not built in.
 */
TEE_Result rollback_revoke(unsigned publisher, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
    __attribute__((warn_unused_result));

/* Returns how the TEE protects its storage against rollback (GP TEE Internal Core API, property
 * gpd.tee.trustedStorage.antiRollback.protectionLevel): 0 not at all, or unknown; 100 with the help of the rich OS;
 * 1000 by itself, as with RPMB. */
#define ROLLBACK_PROTECTED 1000
uint32_t rollback_protection(void);

#endif
