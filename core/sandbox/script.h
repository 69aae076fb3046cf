/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trusted scripts that run trusted scripts: internal_TA_call, tee.call, require. A script is compiled once per session;
 * every call of it gets fresh globals. A module (require) is run once per session and shared.
 */
#ifndef LUATEE_CORE_SANDBOX_SCRIPT_H
#define LUATEE_CORE_SANDBOX_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "lua.h"

/* Makes the tables of scripts and modules. Once per state; raises memory errors. */
void script_setup(lua_State *L);

/*
 * Compiles a script and keeps it under its name: of a session that takes packages, after it was verified and decrypted;
 * the plaintext is wiped as soon as it is compiled. Returns true; or false and pushes a message, and sets *refused when
 * the package is not to be trusted (words that end a sentence). Raises memory errors.
 */
bool script_take(lua_State *L, const char *name, const void *data, size_t size, const char **refused);

/* Pushes the function (name, ...) that runs a script and returns its results. depth: scripts around it. */
void script_push_call(lua_State *L, int depth);

/* Pushes the function (name) that the host's import calls. As require, but only for scripts: Linux must not get at the
 * libraries, of which `tee` holds the app's keys and values. */
void script_push_import(lua_State *L);

/* Puts internal_TA_call, require and tee into the table of globals at env. */
void script_bind(lua_State *L, int env, int depth);

#endif
