/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directories: objects that list other objects. Without them, a search would have to enumerate all objects of the TA,
 * of which other apps may have any number. The TA has one directory, of the existence markers (existence_marker.h) and
 * of the apps' directories. Each app has one, of its keys and stored scripts.
 *
 * A directory lists every object that exists, and perhaps some that do not. To create an object, a session first adds
 * the entry, and keeps the directory open until the object is created. To delete one, it deletes the object first and
 * then the entry. A directory is only an index: when it is damaged, or missing because an older version wrote the
 * storage, it is built again from an enumeration of all objects. Reading a directory never creates or changes an
 * object.
 *
 * All functions that return a TEE_Result also return TEE_ERROR_CANCEL when the call must end (object.h), and errors of
 * the TEE's storage.
 */
#ifndef LUATEE_CORE_STORAGE_DIRECTORY_H
#define LUATEE_CORE_STORAGE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* An entry of the TA's directory is the object's identifier, without OBJECT_MARKER. An entry of an app's directory is
 * the identifier without the app's digest. Zeros follow. The first byte is the kind, and never 0. */
#define DIRECTORY_ENTRY_SIZE (1 + LUATEE_DIGEST_SIZE)

/* The identifier of an object in an app's directory: the kind (object_id.h), half a digest of the app's name, the
 * rest. */
#define DIRECTORY_APP_SIZE (LUATEE_DIGEST_SIZE / 2)
#define DIRECTORY_ID_SIZE (1 + DIRECTORY_APP_SIZE)

struct directory {
    uint8_t id[DIRECTORY_ID_SIZE];
    size_t id_size; /* 1 for the TA's directory */
    size_t entries_max;
};

extern const struct directory directory_of_ta;

/* Returns the directory of the app that owns the object with this identifier, which has DIRECTORY_ID_SIZE bytes or
 * more. */
struct directory directory_of_app(const uint8_t *id);

/* Writes the entry that an object has in this directory, and returns true; or returns false when the object does not
 * belong into it. */
bool directory_entry(const struct directory *d, const uint8_t *id, size_t id_size, uint8_t entry[DIRECTORY_ENTRY_SIZE]);

/* Called with an entry. Returns false to stop. It must not open objects, since the directory is open. */
typedef bool (*directory_visit)(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE]);

/*
 * Calls visit for each entry. Without a sound directory, enumerates all objects of the TA instead. Sets *incomplete
 * when some objects were damaged, now or when the directory was built, so that the TEE did not report their
 * identifiers: then an object without an entry can exist all the same.
 */
TEE_Result directory_each(const struct directory *d, directory_visit visit, void *context, bool *incomplete)
    __attribute__((warn_unused_result));

/* A directory that this session has open to change it; no other session can open it meanwhile. */
struct directory_change {
    const struct directory *directory;
    TEE_ObjectHandle object; /* TEE_HANDLE_NULL: closed, or deleted by the TEE as damaged */
};

/* Opens the directory and adds the entry to it; creates the directory if there is none, and keeps an entry that exists.
 * Waits as object_open() does. TEE_ERROR_STORAGE_NO_SPACE also means that there are entries_max other entries. After an
 * error there is nothing to close. */
TEE_Result directory_open_with(struct directory_change *c, const struct directory *d,
                               const uint8_t entry[DIRECTORY_ENTRY_SIZE]) __attribute__((warn_unused_result));

/* Opens a directory that exists. TEE_ERROR_ITEM_NOT_FOUND: there is none, or the TEE has deleted it as damaged. */
TEE_Result directory_open(struct directory_change *c, const struct directory *d) __attribute__((warn_unused_result));

/* Removes the entry if there is one. An error is ignored: an entry without an object does no harm. */
void directory_remove(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE]);

/* Closes the directory. May be called again. */
void directory_close(struct directory_change *c);

/* Removes the entry of a deleted object from its app's directory. Errors are ignored, as in directory_remove(). */
void directory_remove_object(const uint8_t *id, size_t id_size);

#endif
