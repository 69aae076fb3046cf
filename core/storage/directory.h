/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which objects there are, in an object: so that nobody has to look through all objects of the TA, of which other apps
 * may have any number. There is one directory of the TA, of what must not be forgotten (witness.h) and of the apps'
 * directories; and one of each app, of its keys and stored scripts.
 *
 * A directory names all objects that there are, and perhaps some that are not: who makes one adds it before, and keeps
 * the directory open until it is made; who removes one takes it out afterwards. It is an index and not the truth: when
 * it is damaged, or the storage is from a time before there were directories, it is made again of all objects. Reading
 * never makes or changes an object.
 *
 * Errors besides those named: TEE_ERROR_CANCEL (object.h); what the TEE's storage returns.
 */
#ifndef LUATEE_CORE_STORAGE_DIRECTORY_H
#define LUATEE_CORE_STORAGE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

/* An entry of the TA's: the identifier, zeros behind it. Of an app's: its first byte, and what is behind the app's
 * digest. The first byte is never 0. */
#define DIRECTORY_ENTRY_SIZE (1 + LUATEE_DIGEST_SIZE)

/* In the identifier of an app's object: kind (object.h), half a digest of the app's name, the rest. */
#define DIRECTORY_APP_SIZE (LUATEE_DIGEST_SIZE / 2)
#define DIRECTORY_ID_SIZE (1 + DIRECTORY_APP_SIZE)

struct directory {
    uint8_t id[DIRECTORY_ID_SIZE];
    size_t id_size; /* 1: the TA's */
    size_t entries_max;
};

extern const struct directory directory_of_ta;

/* The directory of the app that has an object of this identifier, of DIRECTORY_ID_SIZE bytes at least. */
struct directory directory_of_app(const uint8_t *id);

/* The entry of an object in this directory; false: it does not belong there. */
bool directory_entry(const struct directory *d, const uint8_t *id, size_t id_size, uint8_t entry[DIRECTORY_ENTRY_SIZE]);

/*
 * Calls visit for each entry, until that returns false. The directory is open meanwhile: visit opens nothing. Without a
 * sound directory all objects of the TA are looked through. nameless: some were damaged, now or when the directory was
 * made, so that the TEE did not tell their names: an object that has no entry can be there all the same.
 */
typedef bool (*directory_visit)(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE]);
TEE_Result directory_each(const struct directory *d, directory_visit visit, void *context, bool *nameless)
    __attribute__((warn_unused_result));

/* A directory that is to be changed: nobody else has it open. */
struct directory_change {
    const struct directory *directory;
    TEE_ObjectHandle object; /* TEE_HANDLE_NULL: closed, or damaged */
};

/* Opens it with this entry in it: makes the directory, and adds the entry, if need be. Waits as object_open() does.
 * TEE_ERROR_STORAGE_NO_SPACE also: there are entries_max others. After an error there is nothing to close. */
TEE_Result directory_enter(struct directory_change *c, const struct directory *d,
                           const uint8_t entry[DIRECTORY_ENTRY_SIZE]) __attribute__((warn_unused_result));

/* Opens the directory, and does not make one. TEE_ERROR_ITEM_NOT_FOUND: there is no directory. */
TEE_Result directory_open(struct directory_change *c, const struct directory *d) __attribute__((warn_unused_result));

/* Takes it out, if it is there. An error does no harm: the entry stays, of an object that is not there. */
void directory_drop(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE]);

void directory_close(struct directory_change *c);

/* Takes an object of this identifier, which is gone, out of its app's directory. Fails as directory_drop() does. */
void directory_leave(const uint8_t *id, size_t id_size);

#endif
