/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access to the app's store, for the functions of tee.store (store.c). A session keeps the store's pairs in a Lua
 * table, from key to encoded pair (core/storage/sealed_log.h). Each access checks whether the log has grown or was
 * replaced since the last one.
 */
#ifndef LUATEE_CORE_LUALIB_STORE_ACCESS_H
#define LUATEE_CORE_LUALIB_STORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/sealed_log.h"
#include "core/vm/handle.h"
#include "lua.h"

/* The part of the log that the session has read. */
struct store {
    size_t end;                         /* its end in the object's data; 0: nothing was read */
    uint8_t link[SEALED_LOG_LINK_SIZE]; /* its last link */
    size_t size;                        /* bytes of all pairs */
    size_t count;                       /* of pairs */
};

/* User values of an access: the session's table of pairs, and a table of the pairs that a transaction changes. */
enum { ACCESS_PAIRS = 1, ACCESS_CHANGES };

/* The record of a handle (core/vm/handle.h). */
struct access {
    TEE_ObjectHandle object; /* TEE_HANDLE_NULL: the store has no object, and is empty */
    size_t object_size;
    struct store *store; /* calls->store */
};

/* Bytes of the TEE's own memory that an open object takes (docs/keys.md). */
#define STORE_WEIGHT 1088

/* Units of fuel to open an object in secure storage, to read or write it, and to close it. */
#define STORE_FUEL 200000

/*
 * Opens the store, reads new parts of its log, and pushes the access. exclusive: the store can be changed, and no other
 * session can open it meanwhile. The access ends with store_end(), with an error, when the C function that called this
 * returns, and with the running call. Raises an error when the permission is missing, when this session has the store
 * open already, when other sessions keep it open, or when it is damaged.
 */
void store_begin(lua_State *L, bool exclusive);

/* Closes the access at the index. */
void store_end(lua_State *L, int access);

/* Returns the access whose handle is at the index, or NULL when it was closed. */
struct access *store_access(lua_State *L, int idx);

/* Writes the changes, a table of pairs, atomically. After an error nothing has changed. idx: an absolute index, of the
 * access. */
void store_commit(lua_State *L, int idx);

/* Pushes the pair of the key at index `key`, from the transaction's changes or from the store, and returns true. Pushes
 * nothing, and returns false, when there is none or it is deleted. access: an absolute index. */
bool store_find(lua_State *L, int access, int key);

/* Closes the access, and raises the error for the result of a TEE function. */
int store_failed(lua_State *L, int access, TEE_Result result);

/* --- for store_access.c and store_commit.c ------------------------------------------------------------------------ */

/* Applies a pair to the table at the absolute index `pairs`: stores it, or removes a deleted one. Raises memory
 * errors. */
void store_apply(lua_State *L, struct store *store, int pairs, const struct sealed_log_pair *pair);

/* Returns the pair in the string at idx. */
struct sealed_log_pair store_pair(lua_State *L, int idx);

#endif
