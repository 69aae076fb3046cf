/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the TA must not forget, in secure storage: the highest sequence of each app, and the publisher keys that were
 * revoked. Each change is atomic, and parallel sessions lose none of them. How well the storage itself is protected
 * against being put back to an older state is the TEE's affair: rollback_protection() tells.
 *
 * Errors besides those named: TEE_ERROR_CORRUPT_OBJECT, what was remembered is lost (record.h); what the TEE's storage
 * returns.
 */
#ifndef LUATEE_CORE_TRUST_ROLLBACK_H
#define LUATEE_CORE_TRUST_ROLLBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/package.h"
#include "tee_internal_api.h"

/* Revoked keys that are remembered, of all apps together, besides those that are built in, which always find room. */
#define ROLLBACK_REVOKED_MAX 64

/* The highest sequence that the app ran with; 0 when it never ran. */
TEE_Result rollback_sequence(const char *app, uint64_t *sequence) __attribute__((warn_unused_result));

/* Remembers that the app runs with this sequence: to be called before anything of it does. TEE_ERROR_SECURITY: it has
 * run with a higher one, and must not run. */
TEE_Result rollback_advance(const char *app, uint64_t sequence) __attribute__((warn_unused_result));

/* TEE_SUCCESS, or TEE_ERROR_SECURITY when the key with this id was revoked. */
TEE_Result rollback_check_publisher(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE]) __attribute__((warn_unused_result));

/*
 * What a manifest revokes. publisher: which of the built-in keys (keys.h) signed the manifest. A key is revoked only by
 * a later one, so that a stolen key cannot revoke its successors; a key that is not built in, by the last one. Anything
 * else is not remembered, which is no error: the same manifest may be right for TAs with other keys.
 * TEE_ERROR_STORAGE_NO_SPACE: ROLLBACK_REVOKED_MAX are remembered, and this one is not built in.
 */
TEE_Result rollback_revoke(unsigned publisher, const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
    __attribute__((warn_unused_result));

/* How the TEE protects its storage against rollback (GP TEE Internal Core API, gpd.tee.trustedStorage.antiRollback.
 * protectionLevel): 0 not at all (or it does not say), 100 with the help of the rich OS, 1000 by itself, as with
 * RPMB. */
#define ROLLBACK_PROTECTED 1000
uint32_t rollback_protection(void);

#endif
