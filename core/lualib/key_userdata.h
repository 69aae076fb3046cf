/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys as objects of scripts: handles (core/vm/handle.h) whose record is a struct key. key.c has the functions of
 * tee.key, key_method.c and key_derive.c the methods of keys. */
#ifndef LUATEE_CORE_LUALIB_KEY_USERDATA_H
#define LUATEE_CORE_LUALIB_KEY_USERDATA_H

#include "core/key/key.h"
#include "core/vm/handle.h"
#include "lua.h"

/* Returns the bytes of the TEE's own memory that a key takes. secret: a secret key or a pair; otherwise a public
 * key. */
size_t key_userdata_weight(const struct key_type *type, uint32_t bits, bool secret);

/*
 * Pushes a handle whose key has no object yet; the caller creates it. The key is closed with the handle, by the garbage
 * collector, and at the end of the session. weight: 0 if it is not known yet. Raises an error when the session cannot
 * hold more handles.
 */
struct key *key_userdata_new(lua_State *L, size_t weight);

/* Sets the weight of the handle at the top of the stack, whose key exists now. If the session cannot hold that much,
 * closes the handle and raises an error. */
void key_userdata_weigh(lua_State *L);

/* Closes the handle at the top of the stack, for which no key was created. */
void key_userdata_discard(lua_State *L);

/* Returns the key in argument 1. Raises an error when it is not a key, or is closed. */
const struct key *key_userdata_check(lua_State *L);

/* Returns the key in argument 1. Raises an error as key_userdata_check() does, and when the key does not have this
 * use. */
const struct key *key_userdata_check_use(lua_State *L, enum key_use use);

/* Charges the fuel for one operation of the TEE with a key of this type, without that for the bytes it processes. */
void key_userdata_charge(lua_State *L, const struct key_type *type);

/* Charges the fuel for an access to secure storage. */
void key_userdata_charge_stored(lua_State *L);

/* Closes the key in argument 1. A lua_CFunction. */
int key_userdata_close(lua_State *L);

/* key_method.c: pushes the table of methods. */
void key_method_push(lua_State *L);

/* key_method.c: raises the error for the result of an operation with a key. */
int key_method_failed(lua_State *L, const struct key *key, TEE_Result result);

/* key_derive.c: the method derive. */
int key_derive(lua_State *L);

/* Pushes a list of the names of these uses, without extractable, in the order of enum key_use. */
void key_userdata_push_uses(lua_State *L, unsigned uses);

/* The names of the uses in scripts, in the order of enum key_use, without extractable; NULL is the last. */
extern const char *const key_userdata_use_names[];

#endif
