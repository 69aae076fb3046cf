/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides which manifests and packages a session accepts, from the other world or from secure storage: packages of one
 * app and, once its manifest is accepted, of one bundle. Data are the TA's own copies.
 *
 * Every function that returns a TEE_Result returns TEE_SUCCESS; TEE_ERROR_SECURITY when the data are rejected, with the
 * reason in *why (a static clause for a message); TEE_ERROR_CANCEL when the call must end; TEE_ERROR_OUT_OF_MEMORY; or
 * errors of the TEE's storage and cryptography.
 */
#ifndef LUATEE_CORE_TRUST_PACKAGE_POLICY_H
#define LUATEE_CORE_TRUST_PACKAGE_POLICY_H

#include <stdbool.h>

#include "core/package/manifest.h"
#include "core/trust/package_open.h"
#include "tee_internal_api.h"

struct package_policy {
    struct alloc *alloc;
    struct verified
        *verified;   /* packages that this session has verified; NULL: it verifies each one when it loads it */
    const char *app; /* the session's app */
    bool plaintext;            /* scripts and manifest are plaintext: dev flavour only */
    bool ready;                /* the manifest was accepted, or there is none */
    uint8_t bundle[PACKAGE_BUNDLE_SIZE]; /* of the manifest's package */
    uint64_t sequence;                   /* of the manifest's package */
};

/*
 * Accepts the app's manifest, and reads it into *manifest. If it is a package, first stores its sequence as the app's
 * lowest one, and its revocations. Rejects a sequence below the app's lowest one.
 */
TEE_Result policy_accept_manifest(struct package_policy *policy, const void *data, size_t size,
                                  struct manifest *manifest, const char **why);

/* Accepts that a plaintext session has no manifest. *manifest gets all memory, default fuel, and all permissions that
 * need no names, except MANIFEST_LOG. */
void policy_default_manifest(struct package_policy *policy, struct manifest *manifest);

/* Accepts and opens a package of the script `name`, of the manifest's bundle and sequence. The caller frees *opened
 * with package_opened_free(). */
TEE_Result policy_accept_script(const struct package_policy *policy, const char *name, const void *data, size_t size,
                         struct package_opened *opened, const char **why);

/* A package that is to be stored under a name. */
struct policy_stored {
    const char *name;
    enum package_kind kind;
    const void *data;
    size_t size;
};

/* Accepts a package for secure storage: of any bundle, and not below the app's lowest sequence. Writes its bundle. */
TEE_Result policy_accept_stored(const struct package_policy *policy, const struct policy_stored *stored,
                                uint8_t bundle[PACKAGE_BUNDLE_SIZE], const char **why);

#endif
