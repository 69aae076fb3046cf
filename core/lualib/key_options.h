/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of a new key: of tee.key.generate, tee.key.import and key:derive. */
#ifndef LUATEE_CORE_LUALIB_KEY_OPTIONS_H
#define LUATEE_CORE_LUALIB_KEY_OPTIONS_H

#include "core/key/key.h"
#include "lua.h"

struct key_options {
    const struct key_type *type;
    uint32_t bits; /* the type's default unless bits_given */
    bool bits_given;
    unsigned uses; /* enum key_use; undefined unless uses_given */
    bool uses_given;
    bool extractable;
    char name[LUATEE_NAME_MAX + 1]; /* "": a key of the session */
};

/*
 * Reads the options of the table at idx. more: the names of further fields that are allowed, ended by NULL. Raises an
 * error for an option that is missing, wrong, unknown or not granted. Ignores metamethods of the table.
 */
void key_options_read(lua_State *L, int idx, const char *const *more, struct key_options *o);

/* Returns the bytes of a field of the table at idx, charges fuel for them, and pushes the string so that they stay
 * valid. Returns NULL, and pushes nil, when there is no such field. */
const uint8_t *key_options_bytes(lua_State *L, int idx, const char *field, size_t *size);

/* Returns the name of a stored key in argument idx. Raises an error when it is not a valid name, or when the app does
 * not have the permission `keys`. */
const char *key_options_name(lua_State *L, int idx);

/* Sets the uses and the name of a new key, whose handle is at the top of the stack, and stores the key if it has a
 * name. Returns 1, the number of results. Raises an error when the key cannot have these uses, or cannot be stored. */
int key_options_finish(lua_State *L, struct key *key, const struct key_options *o);

#endif
