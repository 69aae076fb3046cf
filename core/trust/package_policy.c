/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/package_policy.h"

#include <string.h>

#include "core/package/manifest_parse.h"
#include "core/trust/rollback.h"

static TEE_Result reject(const char **why, const char *reason)
{
    *why = reason;
    return TEE_ERROR_SECURITY;
}

/* Rejects the package when a record that protects against rollback is lost. Returns other results unchanged. */
static TEE_Result reject_lost(TEE_Result result, const char **why)
{
    return result == TEE_ERROR_CORRUPT_OBJECT
               ? reject(why, "the TEE's record of sequences or of revoked keys is damaged")
               : result;
}

static TEE_Result open_package(const struct package_policy *policy, struct package_expected *expected, const void *data,
                               size_t size, struct package_opened *opened, const char **why)
{
    enum package_check check;
    expected->app = policy->app;
    expected->verified = policy->verified;
    TEE_Result result = package_open(policy->alloc, data, size, expected, opened, &check);
    return result == TEE_ERROR_SECURITY ? reject(why, package_check_text(check)) : reject_lost(result, why);
}

/* Stores the manifest's revocations and sequence, before anything of its bundle runs. */
static TEE_Result record_manifest(const struct package_policy *policy, const struct package_opened *opened,
                                  const struct manifest_identity *identity, const char **why)
{
    for (size_t i = 0; i < identity->revoked_count; i++) {
        TEE_Result result = rollback_revoke(opened->publisher, identity->revoked[i]);
        if (result == TEE_ERROR_STORAGE_NO_SPACE)
            return reject(why, "it revokes more keys than the TEE can store");
        if (result != TEE_SUCCESS)
            return reject_lost(result, why);
    }
    TEE_Result result = rollback_advance(policy->app, opened->sequence);
    if (result == TEE_ERROR_SECURITY) /* another session has stored a higher sequence meanwhile */
        return reject(why, package_check_text(PACKAGE_OLD_SEQUENCE));
    return reject_lost(result, why);
}

/* Checks the plaintext of a manifest against its package, and stores its revocations and sequence. */
static TEE_Result accept_packed(struct package_policy *policy, const struct package_opened *opened,
                                struct manifest *manifest, const char **why)
{
    struct manifest_identity identity;
    const char *broken = manifest_parse(opened->plaintext, opened->size, manifest, &identity);
    if (broken)
        return reject(why, broken);
    if (strcmp(identity.name, policy->app) != 0 || identity.sequence != opened->sequence)
        return reject(why, "its name or sequence differs from that of its package");
    TEE_Result result = record_manifest(policy, opened, &identity, why);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(policy->bundle, opened->bundle, sizeof(policy->bundle));
    policy->sequence = opened->sequence;
    return TEE_SUCCESS;
}

static TEE_Result accept_plaintext(const struct package_policy *policy, const void *data, size_t size,
                                   struct manifest *manifest, const char **why)
{
    struct manifest_identity identity;
    const char *broken = manifest_parse(data, size, manifest, &identity);
    if (broken)
        return reject(why, broken);
    if (strcmp(identity.name, policy->app) != 0)
        return reject(why, "its name is not the name of the session's app");
    manifest->permissions |= MANIFEST_HOST_ANY;
    return TEE_SUCCESS;
}

TEE_Result policy_accept_manifest(struct package_policy *policy, const void *data, size_t size,
                                  struct manifest *manifest, const char **why)
{
    TEE_Result result;
    if (policy->plaintext) {
        result = accept_plaintext(policy, data, size, manifest, why);
    } else {
        struct package_expected expected = { .script = PACKAGE_MANIFEST_NAME,
                                             .kind = PACKAGE_MANIFEST,
                                             .remembered = true };
        struct package_opened opened;
        result = open_package(policy, &expected, data, size, &opened, why);
        if (result != TEE_SUCCESS)
            return result;
        result = accept_packed(policy, &opened, manifest, why);
        package_opened_free(policy->alloc, &opened);
    }
    if (result == TEE_SUCCESS)
        policy->ready = true;
    else
        manifest_default(manifest);
    return result;
}

void policy_default_manifest(struct package_policy *policy, struct manifest *manifest)
{
    manifest_default(manifest);
    /* A plaintext session exists in the dev flavour only, which has nothing to protect. */
    manifest->memory = LUATEE_TA_MEMORY_MAX;
    manifest->permissions |= MANIFEST_LOAD | MANIFEST_HOST_ANY | MANIFEST_KEYS | MANIFEST_STORAGE | MANIFEST_COUNTERS;
    policy->ready = true;
}

TEE_Result policy_accept_script(const struct package_policy *policy, const char *name, const void *data, size_t size,
                         struct package_opened *opened, const char **why)
{
    struct package_expected expected = {
        .script = name, .kind = PACKAGE_SOURCE, .bundle = policy->bundle, .sequence_min = policy->sequence
    };
    TEE_Result result = open_package(policy, &expected, data, size, opened, why);
    if (result != TEE_SUCCESS || opened->sequence == policy->sequence)
        return result;
    package_opened_free(policy->alloc, opened);
    return reject(why, "its sequence differs from that of the manifest");
}

TEE_Result policy_accept_stored(const struct package_policy *policy, const struct policy_stored *stored,
                                uint8_t bundle[PACKAGE_BUNDLE_SIZE], const char **why)
{
    struct package_expected expected = { .script = stored->name, .kind = stored->kind, .remembered = true };
    struct package_opened opened;
    TEE_Result result = open_package(policy, &expected, stored->data, stored->size, &opened, why);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(bundle, opened.bundle, PACKAGE_BUNDLE_SIZE);
    struct manifest_identity identity;
    struct manifest *manifest = NULL;
    if (stored->kind == PACKAGE_MANIFEST) {
        manifest = alloc_block(policy->alloc, sizeof(*manifest));
        const char *broken = manifest ? manifest_parse(opened.plaintext, opened.size, manifest, &identity) : NULL;
        if (!manifest)
            result = TEE_ERROR_OUT_OF_MEMORY;
        else if (broken)
            result = reject(why, broken);
        alloc_free(policy->alloc, manifest, sizeof(*manifest));
    }
    package_opened_free(policy->alloc, &opened);
    return result;
}
