/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/stored.h"

#include "core/session/answer.h"
#include "core/session/supplied.h"

struct script_store_object stored_object(const struct package_policy *policy, const char *name, enum luatee_script_kind kind)
{
    static const enum object_kind kinds[2][2] = { { OBJECT_PACKAGE, OBJECT_PACKAGED_MANIFEST },
                                                 { OBJECT_SCRIPT, OBJECT_MANIFEST } };
    bool is_manifest = kind == LUATEE_KIND_MANIFEST;
    return (struct script_store_object) { kinds[policy->plaintext][is_manifest], policy->app,
                                   is_manifest ? PACKAGE_MANIFEST_NAME : name, NULL };
}

/* Makes the cache of verified packages: the session loads a package after storing it. Without memory for the cache, the
 * session verifies each package again. */
static void make_verified_cache(struct package_policy *policy)
{
    if (policy->verified || policy->plaintext)
        return;
    policy->verified = alloc_block(policy->alloc, sizeof(*policy->verified));
    if (policy->verified)
        *policy->verified = (struct verified){ 0 };
}

/* Stores a script, a manifest or a package. A package is verified here, so that only valid packages are stored, and
 * again by each session that loads it. */
static TEE_Result keep(const struct package_policy *policy, const char *name, const struct supplied *supplied, const char **why)
{
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    struct script_store_object object = stored_object(policy, name, supplied->kind);
    bool packages = !policy->plaintext, is_manifest = supplied->kind == LUATEE_KIND_MANIFEST;
    TEE_Result result = TEE_SUCCESS;
    const struct policy_stored stored = { object.name, is_manifest ? PACKAGE_MANIFEST : PACKAGE_SOURCE, supplied->data,
                                          supplied->size };
    if (packages)
        result = policy_accept_stored(policy, &stored, bundle, why);
    if (result != TEE_SUCCESS)
        return result;
    if (packages && !is_manifest)
        object.bundle = bundle;
    result = script_store_put(policy->alloc, &object, supplied->digest, supplied->data, supplied->size);
    if (result == TEE_SUCCESS && packages && is_manifest)
        script_store_keep_bundle(policy->app, bundle);
    return result;
}

/* request = stored-script */
TEE_Result stored_add(struct package_policy *policy, struct message_buffer *messages, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    struct supplied supplied;
    const char *why = NULL;
    cursor_expect_array(c, 1 + SUPPLIED_ITEMS);
    if (!supplied_name(c, name))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = supplied_read(c, policy->plaintext ? LUATEE_SCRIPT_MAX : PACKAGE_SIZE_MAX, &supplied);
    if (result == TEE_SUCCESS) {
        make_verified_cache(policy);
        result = keep(policy, name, &supplied, &why);
    }
    if (why)
        return answer_refused(messages, supplied.kind == LUATEE_KIND_MANIFEST ? NULL : name, why, io);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

/* request = script-name */
TEE_Result stored_remove(const struct package_policy *policy, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    enum luatee_script_kind kind;
    cursor_expect_array(c, 2);
    if (!supplied_name(c, name) || !supplied_kind(c, &kind) || !cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    struct script_store_object object = stored_object(policy, name, kind);
    TEE_Result result = script_store_remove(&object);
    /* Packages are stored before their manifest, so they can exist without one. They are removed, too. */
    if (object.kind == OBJECT_PACKAGED_MANIFEST && (result == TEE_SUCCESS || result == TEE_ERROR_ITEM_NOT_FOUND))
        script_store_keep_bundle(policy->app, NULL);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

/* Adds the scripts of this kind and bundle that `wanted` names, or all of them. */
static TEE_Result list_wanted(const struct package_policy *policy, struct script_store_object *scripts, struct cursor wanted,
                              struct script_store_list *list)
{
    if (cursor_nil(&wanted))
        return script_store_list(policy->alloc, scripts, list);
    TEE_Result result = TEE_SUCCESS;
    for (uint64_t count = cursor_array(&wanted); count > 0 && result == TEE_SUCCESS; count--) {
        char name[LUATEE_NAME_MAX + 1];
        (void)supplied_name(&wanted, name); /* checked before */
        scripts->name = name;
        result = script_store_list_one(policy->alloc, scripts, list);
        scripts->name = ""; /* `name` ends here */
    }
    return result;
}

/* Adds the scripts that can run. Only packages of the manifest's bundle can run. */
static TEE_Result list_scripts(const struct package_policy *policy, struct cursor wanted, struct script_store_list *list)
{
    struct script_store_object scripts = stored_object(policy, "", LUATEE_KIND_SCRIPT);
    if (policy->plaintext)
        return list_wanted(policy, &scripts, wanted, list);
    struct script_store_object manifest = stored_object(policy, "", LUATEE_KIND_MANIFEST);
    struct script_store_record record;
    TEE_Result result = script_store_get(policy->alloc, &manifest, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    if (result != TEE_SUCCESS)
        return result;
    struct package package;
    if (package_parse(record.data, record.size, &package) == PACKAGE_FINE) {
        scripts.bundle = package.identity.bundle;
        result = list_wanted(policy, &scripts, wanted, list);
    }
    script_store_record_free(policy->alloc, &record);
    return result;
}

/* wanted = [* script: name] / nil */
static bool wanted_is_valid(struct cursor c)
{
    char name[LUATEE_NAME_MAX + 1];
    if (cursor_nil(&c))
        return cursor_finish(&c);
    uint64_t count = cursor_array(&c);
    if (count > LUATEE_STORE_NAMES_MAX)
        return false;
    for (; count > 0; count--)
        if (!supplied_name(&c, name))
            return false;
    return cursor_finish(&c);
}

/* request = wanted */
TEE_Result stored_list(const struct package_policy *policy, struct message_buffer *messages, const struct cursor *c, struct session_io *io)
{
    struct script_store_list list = { 0 };
    struct script_store_object manifest = stored_object(policy, "", LUATEE_KIND_MANIFEST);
    if (!wanted_is_valid(*c))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = script_store_list_one(policy->alloc, &manifest, &list);
    if (result == TEE_SUCCESS)
        result = list_scripts(policy, *c, &list);
    if (result == TEE_SUCCESS)
        result = answer_list(messages, &list, io);
    script_store_list_free(policy->alloc, &list);
    return result;
}
