/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of options that makes a key: tee.key.generate, tee.key.import, key:derive. */
#ifndef LUATEE_CORE_LUALIB_KEY_OPTIONS_H
#define LUATEE_CORE_LUALIB_KEY_OPTIONS_H

#include "core/key/key.h"
#include "lua.h"

struct key_options {
    const struct key_type *type;
    uint32_t bits; /* the type's default, unless the script says */
    bool bits_given;
    unsigned uses; /* enum key_use; meaningless unless uses_given */
    bool uses_given;
    bool extractable;
    char name[LUATEE_NAME_MAX + 1]; /* "": a key of the session */
};

/*
 * Reads the options of the table at idx; `more` are the names of fields that are not common to all, up to NULL. Raises
 * an error at what is missing, wrong, unknown or not granted. The table may have metamethods.
 */
void key_options_take(lua_State *L, int idx, const char *const *more, struct key_options *o);

/* The field of the table at idx as bytes, pushed so that they stay, and paid for; NULL: it has none. */
const uint8_t *key_options_bytes(lua_State *L, int idx, const char *field, size_t *size);

/* The name of a stored key that argument idx is; raises an error when it is none, or the app is not granted keys. */
const char *key_options_name(lua_State *L, int idx);

/* Gives the key just made, in the object on the top of the stack, its uses and its name, and stores it if it has one.
 * Returns 1, the number of results; raises an error when that cannot be. */
int key_options_finish(lua_State *L, struct key *key, const struct key_options *o);

#endif
