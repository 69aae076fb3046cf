/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys as what scripts hold: a handle (core/vm/handle.h) whose record is the struct key, from the functions of tee.key
 * (key.c) to the methods of keys (key_method.c). */
#ifndef LUATEE_CORE_LUALIB_KEY_USERDATA_H
#define LUATEE_CORE_LUALIB_KEY_USERDATA_H

#include "core/key/key.h"
#include "core/vm/handle.h"
#include "lua.h"

/* Bytes of the TEE's own memory that a key of the type and size takes: a secret key or a pair; or a public key. */
size_t key_userdata_weight(const struct key_type *type, uint32_t bits, bool secret);

/*
 * Pushes a handle whose key has no object yet, to be filled; raises an error when a session may hold no more. What it
 * is then given is closed with it, by the collector, and at the end of the session. weight: 0 if it is not known yet.
 */
struct key *key_userdata_new(lua_State *L, size_t weight);

/* The handle on the top of the stack has got its key: makes its weight the right one. Raises an error, which closes it,
 * when that is too much. */
void key_userdata_weigh(lua_State *L);

/* Closes the handle on the top of the stack: there is no key for it. */
void key_userdata_drop(lua_State *L);

/* The key that is argument 1; raises an error when it is none, or closed. */
const struct key *key_userdata_check(lua_State *L);

/* The same; raises an error when the key may not be used so. */
const struct key *key_userdata_check_use(lua_State *L, enum key_use use);

/* Takes the fuel that one operation of the TEE with a key of this type costs; whoever takes its bytes pays for them. */
void key_userdata_charge(lua_State *L, const struct key_type *type);

/* Takes the fuel that looking into secure storage, or writing there, costs. */
void key_userdata_charge_stored(lua_State *L);

/* Closes argument 1. */
int key_userdata_close(lua_State *L);

/* key_method.c: pushes the table of methods. */
void key_method_push(lua_State *L);

/* Pushes the list of the names of uses, without extractable, as scripts write them; its order is that of enum key_use.
 */
void key_userdata_push_uses(lua_State *L, unsigned uses);
extern const char *const key_use_names[];

#endif
