/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session takes from the other world or from secure storage: packages of one app and, once its manifest is
 * there, of one bundle. Data are the TA's own copies.
 *
 * Every function returns TEE_SUCCESS; TEE_ERROR_SECURITY when what came is refused, with the reason in *why (words that
 * end a sentence, static); TEE_ERROR_OUT_OF_MEMORY; or what the TEE's storage or cryptography returned.
 */
#ifndef LUATEE_CORE_TRUST_PACKAGE_POLICY_H
#define LUATEE_CORE_TRUST_PACKAGE_POLICY_H

#include <stdbool.h>

#include "core/package/manifest.h"
#include "core/trust/package_open.h"
#include "tee_internal_api.h"

struct package_policy {
    struct alloc *alloc;
    struct verified *verified; /* by this session; NULL: it verifies whatever it loads */
    const char *app;           /* the session's */
    bool plaintext;            /* scripts and manifest are plaintext: dev flavour only */
    bool ready;                /* the manifest is there, or it is known that there is none */
    uint8_t bundle[PACKAGE_BUNDLE_SIZE]; /* of the manifest's package */
    uint64_t sequence;
};

/*
 * The app's manifest, into *manifest. Of a package: its sequence is the app's lowest from now on, and its revocations
 * are remembered, before this returns; a sequence below the lowest is refused.
 */
TEE_Result policy_accept_manifest(struct package_policy *policy, const void *data, size_t size, struct manifest *manifest,
                           const char **why);

/* There is no manifest, of a plaintext session: all memory, default fuel, and what can be granted without naming it. */
void policy_default_manifest(struct package_policy *policy, struct manifest *manifest);

/* A package of the script `name`, of the manifest's bundle. The caller frees *opened with package_opened_free. */
TEE_Result policy_accept_script(const struct package_policy *policy, const char *name, const void *data, size_t size,
                         struct package_opened *opened, const char **why);

/* What secure storage is to keep: a package of any bundle that is not below the app's lowest sequence. bundle: its
 * own. */
TEE_Result policy_accept_stored(const struct package_policy *policy, const char *name, enum package_kind kind, const void *data,
                         size_t size, uint8_t bundle[PACKAGE_BUNDLE_SIZE], const char **why);

#endif
