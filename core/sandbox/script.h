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
 * Compiles a script and keeps it under its name. In a session with packages, verifies and decrypts the package first,
 * and wipes the plaintext after compiling it. Returns true. Otherwise returns false and pushes a message; sets *refused
 * to static words that end a sentence when the package is not trusted. Raises memory errors.
 */
bool script_add(lua_State *L, const char *name, const void *data, size_t size, const char **refused);

/* Pushes the function (name, ...) that runs a script and returns its results. depth: the number of scripts around
 * it. */
void script_push_call(lua_State *L, int depth);

/* Pushes the function (name) that the host's import calls. It works as require, but only for scripts: Linux must not
 * reach the libraries, because `tee` has access to the app's keys and values. */
void script_push_import(lua_State *L);

/* Adds internal_TA_call, require and tee to the table of globals at env. Raises memory errors. */
void script_bind(lua_State *L, int env, int depth);

#endif
