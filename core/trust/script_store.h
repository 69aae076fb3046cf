/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app's scripts in the TEE's secure storage (GP TEE Internal Core API, chapter 5). One persistent object a script;
 * each operation but sweeping is one atomic change of one object. Kind and app's name separate them: an object's
 * identifier holds the kind and digests of both names, its data the names themselves.
 *
 * Packages lie side by side, bundle by bundle; the one manifest tells which bundle is the app's. So a new set of
 * packages replaces the old one at once, when its manifest is written after all the others. Scripts and packages are in
 * the app's directory (directory.h), LUATEE_APP_OBJECTS_MAX of them with its keys.
 */
#ifndef LUATEE_CORE_TRUST_SCRIPT_STORE_H
#define LUATEE_CORE_TRUST_SCRIPT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/base/alloc.h"
#include "core/package/parse.h"
#include "core/storage/object_id.h"
#include "tee_internal_api.h"

/* Every function also returns what the TEE's storage returns: TEE_ERROR_STORAGE_NO_SPACE, TEE_ERROR_ACCESS_CONFLICT,
 * TEE_ERROR_CORRUPT_OBJECT, TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE. Names are valid (abi/name.h). */

struct script_store_object {
    enum object_kind kind;
    const char *app;
    const char *name;
    const uint8_t *bundle; /* of OBJECT_PACKAGE: PACKAGE_BUNDLE_SIZE; otherwise NULL */
};

struct script_store_record {
    const uint8_t *data; /* inside whole */
    size_t size;
    uint8_t *whole;
    size_t whole_size;
};

/* Reads an object. TEE_ERROR_ITEM_NOT_FOUND when there is none; TEE_ERROR_CORRUPT_OBJECT also when the record is not
 * ours. */
TEE_Result script_store_get(struct alloc *a, const struct script_store_object *object, struct script_store_record *record);
void script_store_record_free(struct alloc *a, struct script_store_record *record);

/* Adds an object or replaces it: after a loss of power either the old one is there or the new one. */
TEE_Result script_store_put(struct alloc *a, const struct script_store_object *object, const uint8_t digest[LUATEE_DIGEST_SIZE],
                     const void *data, size_t size);

/* A package without bundle: those of all bundles, one after the other. TEE_ERROR_ITEM_NOT_FOUND when there is none. */
TEE_Result script_store_remove(const struct script_store_object *object);

/* Removes the packages of the app's scripts that are of other bundles (NULL: of any), as far as it can: they only take
 * room. */
void script_store_keep_bundle(const char *app, const uint8_t bundle[PACKAGE_BUNDLE_SIZE]);

struct script_store_entry {
    enum object_kind kind;
    char name[LUATEE_NAME_MAX + 1];
    uint8_t digest[LUATEE_DIGEST_SIZE];
    size_t size;
};

struct script_store_list {
    struct script_store_entry *entries;
    size_t count;
    size_t room; /* entries that fit into the memory */
};

/* Adds all of a kind and bundle, whatever their names, to a list that is all zero or was filled before. Missing are
 * damaged ones, and those that another session removes meanwhile. On failure the list is freed. */
TEE_Result script_store_list(struct alloc *a, const struct script_store_object *whose, struct script_store_list *list);

/* The same for one object, by its name. */
TEE_Result script_store_list_one(struct alloc *a, const struct script_store_object *object, struct script_store_list *list);
void script_store_list_free(struct alloc *a, struct script_store_list *list);

#endif
