/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens a package: checks it, and decrypts it. The order is the security of it: the form, the publisher's key and its
 * signature, only then secure storage (revoked keys, the app's sequence) and what is signed (names, kind, sequence,
 * bundle), only then the body, and the cryptography that needs a secret. So what nobody signed that may gets to see no
 * storage. Whatever fails, nothing that was decrypted or unwrapped is left behind.
 */
#ifndef LUATEE_CORE_TRUST_PACKAGE_OPEN_H
#define LUATEE_CORE_TRUST_PACKAGE_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/package.h"
#include "core/base/alloc.h"
#include "core/package/parse.h"
#include "core/trust/verified_packages.h"
#include "tee_internal_api.h"

/* What the package must be. Texts are NUL-terminated. */
struct package_expected {
    const char *app;
    const char *script;     /* of a manifest: PACKAGE_MANIFEST_NAME */
    enum package_kind kind; /* PACKAGE_SOURCE: Lua bytecode is taken, too */
    uint64_t sequence_min;  /* what the session's other packages have; otherwise 0 */
    const uint8_t *bundle;  /* PACKAGE_BUNDLE_SIZE; NULL: any, the session has none yet */
    bool remembered;        /* its sequence is not below rollback_sequence(app) either */
};

struct package_opened {
    enum package_kind kind;
    unsigned publisher; /* which of the built-in keys signed it: what rollback_revoke() takes */
    uint64_t sequence;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    char version[PACKAGE_VERSION_MAX + 1];
    uint8_t *plaintext; /* from the allocator; NULL when size is 0 */
    size_t size;        /* at most LUATEE_SCRIPT_MAX */
};

/*
 * data: the TA's own copy, which nobody else can write; it is not needed afterwards. verified: what need not be
 * verified again, and what was verified now; NULL: always.
 *
 * TEE_SUCCESS: *opened is to be freed with package_opened_free().
 * TEE_ERROR_SECURITY: the package is refused; *check says why, and package_check_text() says it in words. A release TA
 *   tells nobody.
 * TEE_ERROR_CANCEL: the call that needs the package must end (progress_step()).
 * TEE_ERROR_OUT_OF_MEMORY and what the TEE's storage and cryptography return: nothing is known of the package.
 * With any error *opened holds nothing. *check is PACKAGE_FINE unless the package is refused.
 *
 * Afterwards, and before anything of the package runs: rollback_advance(app, opened->sequence).
 */
TEE_Result package_open(struct alloc *a, const void *data, size_t size, const struct package_expected *expected,
                        struct verified *verified, struct package_opened *opened, enum package_check *check)
    __attribute__((warn_unused_result));

/* Wipes the plaintext. May be called again, and after an error. */
void package_opened_free(struct alloc *a, struct package_opened *opened);

#endif
