/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app's scripts in the TEE's secure storage (GP TEE Internal Core API, chapter 5). Each script is one persistent
 * object. The identifier of an object has the kind and digests of both names, its data the names themselves. Storing or
 * removing one object is one atomic change.
 *
 * Packages of several bundles can be stored at the same time. The app has only one manifest, which determines the
 * bundle in use. So a new bundle replaces the old one at once, when its manifest is written after all other packages.
 * Scripts and packages are listed in the app's directory (directory.h): at most LUATEE_APP_OBJECTS_MAX, together with
 * its keys.
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

/* Every function that returns a TEE_Result also returns TEE_ERROR_CANCEL when the call must end, and errors of the
 * TEE's storage: TEE_ERROR_STORAGE_NO_SPACE, TEE_ERROR_ACCESS_CONFLICT, TEE_ERROR_CORRUPT_OBJECT,
 * TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE. Names are valid (abi/name.h). */

struct script_store_object {
    enum object_kind kind;
    const char *app;
    const char *name;
    const uint8_t *bundle; /* PACKAGE_BUNDLE_SIZE for OBJECT_PACKAGE; otherwise NULL */
};

struct script_store_record {
    const uint8_t *data; /* the script or package, inside `whole` */
    size_t size;
    uint8_t *whole; /* the object's data, from the allocator */
    size_t whole_size;
};

/* Reads an object; the caller frees *record with script_store_record_free(). TEE_ERROR_ITEM_NOT_FOUND: there is none.
 * TEE_ERROR_CORRUPT_OBJECT: also when the record is invalid, or is of another script. */
TEE_Result script_store_get(struct alloc *a, const struct script_store_object *object,
                            struct script_store_record *record);

/* Wipes and frees a record. May be called again. */
void script_store_record_free(struct alloc *a, struct script_store_record *record);

/* Stores an object, or replaces it: after a loss of power, storage has either the old or the new one. */
TEE_Result script_store_put(struct alloc *a, const struct script_store_object *object,
                            const uint8_t digest[LUATEE_DIGEST_SIZE], const void *data, size_t size);

/* Removes an object. For an OBJECT_PACKAGE without a bundle, removes the script's packages of all bundles, one after
 * the other. TEE_ERROR_ITEM_NOT_FOUND: there is none. */
TEE_Result script_store_remove(const struct script_store_object *object);

/* Removes the packages of the app's scripts that are of other bundles than this one (NULL: of all bundles). Errors are
 * ignored, since packages that stay only take space. */
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
    size_t capacity; /* entries that fit into the memory */
};

/* Adds all objects of the app with this kind and bundle to a list, which is all zeros or was filled before. Ignores the
 * name, damaged objects, and objects that another session removes meanwhile. The caller frees the list with
 * script_store_list_free(); after an error it is freed already. */
TEE_Result script_store_list(struct alloc *a, const struct script_store_object *whose, struct script_store_list *list);

/* Adds one object to a list, if it exists and is not damaged. Otherwise as script_store_list(). */
TEE_Result script_store_list_one(struct alloc *a, const struct script_store_object *object,
                                 struct script_store_list *list);

/* Frees a list, which is empty afterwards. */
void script_store_list_free(struct alloc *a, struct script_store_list *list);

#endif
