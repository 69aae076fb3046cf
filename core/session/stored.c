/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/stored.h"

#include "core/session/answer.h"
#include "core/session/supplied.h"

struct store_object stored_object(const struct accept *accept, const char *name, enum luatee_script_kind kind)
{
    static const enum store_kind kinds[2][2] = { { STORE_PACKAGE, STORE_PACKAGED_MANIFEST },
                                                 { STORE_SCRIPT, STORE_MANIFEST } };
    bool is_manifest = kind == LUATEE_KIND_MANIFEST;
    return (struct store_object) { kinds[accept->plaintext][is_manifest], accept->app,
                                   is_manifest ? PACKAGE_MANIFEST_NAME : name, NULL };
}

/* From here on the session remembers what it verified, as it will load it. Without the memory, it verifies again. */
static void begin_to_remember(struct accept *accept)
{
    if (accept->verified || accept->plaintext)
        return;
    accept->verified = alloc_block(accept->alloc, sizeof(*accept->verified));
    if (accept->verified)
        *accept->verified = (struct verified){ 0 };
}

/* Packages are verified before they are kept, so that no junk is, and again by each session that loads them. */
static TEE_Result keep(const struct accept *accept, const char *name, const struct supplied *supplied, const char **why)
{
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    struct store_object object = stored_object(accept, name, supplied->kind);
    bool packages = !accept->plaintext, is_manifest = supplied->kind == LUATEE_KIND_MANIFEST;
    TEE_Result result = TEE_SUCCESS;
    if (packages)
        result = accept_stored(accept, object.name, is_manifest ? PACKAGE_MANIFEST : PACKAGE_SOURCE, supplied->data,
                               supplied->size, bundle, why);
    if (result != TEE_SUCCESS)
        return result;
    if (packages && !is_manifest)
        object.bundle = bundle;
    result = store_put(accept->alloc, &object, supplied->digest, supplied->data, supplied->size);
    if (result == TEE_SUCCESS && packages && is_manifest)
        store_keep_bundle(accept->app, bundle);
    return result;
}

/* request = stored-script */
TEE_Result stored_add(struct accept *accept, struct transfer *t, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    struct supplied supplied;
    const char *why = NULL;
    cursor_expect_array(c, 1 + SUPPLIED_ITEMS);
    if (!supplied_name(c, name))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = supplied_take(c, accept->plaintext ? LUATEE_SCRIPT_MAX : PACKAGE_SIZE_MAX, &supplied);
    if (result == TEE_SUCCESS) {
        begin_to_remember(accept);
        result = keep(accept, name, &supplied, &why);
    }
    if (why)
        return answer_refused(t, supplied.kind == LUATEE_KIND_MANIFEST ? NULL : name, why, io);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

/* request = script-name */
TEE_Result stored_remove(const struct accept *accept, struct cursor *c, struct session_io *io)
{
    char name[LUATEE_NAME_MAX + 1];
    enum luatee_script_kind kind;
    cursor_expect_array(c, 2);
    if (!supplied_name(c, name) || !supplied_kind(c, &kind) || !cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    struct store_object object = stored_object(accept, name, kind);
    TEE_Result result = store_remove(&object);
    /* Packages are stored before their manifest, and may have remained without. */
    if (object.kind == STORE_PACKAGED_MANIFEST && (result == TEE_SUCCESS || result == TEE_ERROR_ITEM_NOT_FOUND))
        store_keep_bundle(accept->app, NULL);
    return result == TEE_SUCCESS ? answer_nothing(io) : result;
}

/* Adds the scripts of this kind and bundle that the request names, or all. */
static TEE_Result list_wanted(const struct accept *accept, struct store_object *scripts, struct cursor wanted,
                              struct store_list *list)
{
    if (cursor_nil(&wanted))
        return store_list(accept->alloc, scripts, list);
    TEE_Result result = TEE_SUCCESS;
    for (uint64_t count = cursor_array(&wanted); count > 0 && result == TEE_SUCCESS; count--) {
        char name[LUATEE_NAME_MAX + 1];
        (void)supplied_name(&wanted, name); /* checked before */
        scripts->name = name;
        result = store_list_one(accept->alloc, scripts, list);
    }
    return result;
}

/* Adds the scripts that can run: of packages, those of the manifest's bundle. */
static TEE_Result list_scripts(const struct accept *accept, struct cursor wanted, struct store_list *list)
{
    struct store_object scripts = stored_object(accept, "", LUATEE_KIND_SCRIPT);
    if (accept->plaintext)
        return list_wanted(accept, &scripts, wanted, list);
    struct store_object manifest = stored_object(accept, "", LUATEE_KIND_MANIFEST);
    struct store_record record;
    TEE_Result result = store_get(accept->alloc, &manifest, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    if (result != TEE_SUCCESS)
        return result;
    struct package package;
    if (package_parse(record.data, record.size, &package) == PACKAGE_FINE) {
        scripts.bundle = package.identity.bundle;
        result = list_wanted(accept, &scripts, wanted, list);
    }
    store_record_free(accept->alloc, &record);
    return result;
}

/* wanted = [* script: name] / nil */
static bool wanted_is_sound(struct cursor c)
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
TEE_Result stored_list(const struct accept *accept, struct transfer *t, const struct cursor *c, struct session_io *io)
{
    struct store_list list = { 0 };
    struct store_object manifest = stored_object(accept, "", LUATEE_KIND_MANIFEST);
    if (!wanted_is_sound(*c))
        return TEE_ERROR_BAD_FORMAT;
    TEE_Result result = store_list_one(accept->alloc, &manifest, &list);
    if (result == TEE_SUCCESS)
        result = list_scripts(accept, *c, &list);
    if (result == TEE_SUCCESS)
        result = answer_list(t, &list, io);
    store_list_free(accept->alloc, &list);
    return result;
}
