/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The app's store, open: what tee.store's functions (store.c) work on. A session keeps the store's pairs in its own
 * memory, as one Lua table, from key to encoded pair (core/storage/sealed_log.h); each access looks whether the log has
 * grown, or is another one, since.
 */
#ifndef LUATEE_CORE_LUALIB_STORE_ACCESS_H
#define LUATEE_CORE_LUALIB_STORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/storage/sealed_log.h"
#include "core/vm/handle.h"
#include "lua.h"

/* What the session knows of the log. */
struct store {
    size_t end;                  /* of the part that is known; 0: nothing is */
    uint8_t link[SEALED_LOG_LINK_SIZE]; /* the last one there */
    size_t size;                 /* of all pairs */
    size_t count;
};

/* The record of a handle (core/vm/handle.h), whose user values are: */
enum { ACCESS_PAIRS = 1, ACCESS_CHANGES }; /* the session's table; likewise, what a transaction changes */
struct access {
    TEE_ObjectHandle object; /* TEE_HANDLE_NULL: there is none, which is an empty store */
    size_t object_size;
    struct store *store; /* vm->store */
};

/* Bytes of the TEE's own memory that an open object takes (docs/keys.md). */
#define STORE_WEIGHT 1088

/* Units of fuel to open an object in secure storage, read or write there, and close it. */
#define STORE_FUEL 200000

/*
 * Pushes the open store, whose pairs are known then. alone: nobody else opens it meanwhile, and it can be changed.
 * It is closed by store_end; by an error; when the C function that called this returns; and with the running call.
 * Raises an error when the permission is missing, when it is open already, when others do not let it go, or when it is
 * damaged.
 */
void store_begin(lua_State *L, bool alone);
void store_end(lua_State *L, int access);

/* The open store whose handle is at the index; NULL: it was closed. */
struct access *store_access(lua_State *L, int idx);

/* Writes the changes, which are a table of pairs, in one step, or raises an error, and nothing has changed. idx: of the
 * access, an absolute one. */
void store_commit(lua_State *L, int idx);

/* Pushes the pair of the key at idx, the transaction's own or that of the store; or returns false, and pushes nothing.
 * A pair that was deleted is none. access: absolute index. */
bool store_find(lua_State *L, int access, int key);

/* Closes the store, and raises the error that a TEE function's result is. */
int store_failed(lua_State *L, int access, TEE_Result result);

/* --- for store_access.c and store_commit.c ------------------------------------------------------------------------ */

/* Takes a pair over into the table at idx, an absolute index. Raises memory errors. */
void store_apply(lua_State *L, struct store *store, int pairs, const struct sealed_log_pair *pair);

/* Reads a pair from a string of one. */
struct sealed_log_pair store_pair(lua_State *L, int idx);

#endif
