/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens a package: checks and decrypts it. Security depends on the order. First come the format, the publisher's key
 * and the signature. Then come secure storage (revoked keys, the app's sequence) and the signed fields (names, kind,
 * sequence, bundle). Last comes the body, with the cryptography that needs a secret. So a package without a trusted
 * signature never causes an access to storage. After any failure, all decrypted and unwrapped data are wiped.
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

/* The package that is expected. Texts are NUL-terminated. */
struct package_expected {
    const char *app;
    const char *script;        /* PACKAGE_MANIFEST_NAME for a manifest */
    enum package_kind kind;    /* PACKAGE_SOURCE accepts Lua bytecode, too */
    uint64_t sequence_min;     /* the sequence of the session's other packages, or 0 */
    const uint8_t *bundle;     /* PACKAGE_BUNDLE_SIZE; NULL: any, as the session has no bundle yet */
    bool remembered;           /* its sequence must not be below rollback_sequence(app) either */
    struct verified *verified; /* packages whose signature need not be verified again, and where this one is added;
                                * NULL: always verify */
};

struct package_opened {
    enum package_kind kind;
    unsigned publisher; /* the index of the built-in key that signed it, an argument for rollback_revoke() */
    uint64_t sequence;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    char version[PACKAGE_VERSION_MAX + 1];
    uint8_t *plaintext; /* from the allocator; NULL when size is 0 */
    size_t size;        /* at most LUATEE_SCRIPT_MAX */
};

/*
 * Opens a package. data: the TA's own copy, which nobody else can write; it is not needed afterwards.
 *
 * Returns TEE_SUCCESS; the caller frees *opened with package_opened_free().
 * TEE_ERROR_SECURITY: the package is rejected. *check is the reason, and package_check_text() its text. A release TA
 *   must not report it.
 * TEE_ERROR_CANCEL: the call that needs the package must end (progress_step()).
 * TEE_ERROR_OUT_OF_MEMORY, and errors of the TEE's storage and cryptography: the package could not be checked.
 * After an error *opened is empty. *check is PACKAGE_FINE unless the package is rejected.
 *
 * Before anything of the package runs, the caller calls rollback_advance(app, opened->sequence).
 */
TEE_Result package_open(struct alloc *a, const void *data, size_t size, const struct package_expected *expected,
                        struct package_opened *opened, enum package_check *check) __attribute__((warn_unused_result));

/* Wipes and frees the plaintext. May be called again, and after an error. */
void package_opened_free(struct alloc *a, struct package_opened *opened);

#endif
