/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app's scripts in the TEE's secure storage (GP TEE Internal Core API, chapter 5). One persistent object a script; each
 * operation is one atomic change of one object. The app's name separates apps: an object's identifier holds digests of both
 * names, its data the names themselves.
 */
#ifndef LUATEE_CORE_PACKAGE_STORE_H
#define LUATEE_CORE_PACKAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/vm/alloc.h"
#include "tee_internal_api.h"

/* Every function also returns what the TEE's storage returns: TEE_ERROR_STORAGE_NO_SPACE, TEE_ERROR_ACCESS_CONFLICT,
 * TEE_ERROR_CORRUPT_OBJECT, TEE_ERROR_OUT_OF_MEMORY, TEE_ERROR_STORAGE_NOT_AVAILABLE. Names are valid (abi/name.h). */

struct store_script {
    const uint8_t *source; /* inside record */
    size_t source_size;
    uint8_t *record;
    size_t record_size;
};

/* Reads a script. TEE_ERROR_ITEM_NOT_FOUND when there is none; TEE_ERROR_CORRUPT_OBJECT also when the record is not ours. */
TEE_Result store_get(struct alloc *a, const char *app, const char *name, struct store_script *script);
void store_script_free(struct alloc *a, struct store_script *script);

/* Adds a script or replaces it: after a loss of power either the old one is there or the new one. */
TEE_Result store_put(struct alloc *a, const char *app, const char *name, const uint8_t digest[LUATEE_DIGEST_SIZE],
                     const void *source, size_t size);

/* TEE_ERROR_ITEM_NOT_FOUND when there is none. */
TEE_Result store_remove(const char *app, const char *name);

struct store_entry {
    char name[LUATEE_NAME_MAX + 1];
    uint8_t digest[LUATEE_DIGEST_SIZE];
    size_t size;
};

struct store_list {
    struct store_entry *entries;
    size_t count;
    size_t room; /* entries that fit into the memory */
};

/* Lists the app's scripts, in no order. Missing are damaged ones, and those that another session removes meanwhile. */
TEE_Result store_list(struct alloc *a, const char *app, struct store_list *list);
void store_list_free(struct alloc *a, struct store_list *list);

#endif
