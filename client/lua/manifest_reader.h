/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads APP/manifest.lua, a Lua chunk that returns a table. The chunk runs without libraries and globals, in little
 * memory, for a bounded number of instructions.
 *
 *     return {
 *         name = "example", version = "1.2", sequence = 7,         -- default: the folder's name, "0", 0
 *         memory = 1024 * 1024, fuel = 1000000,                    -- bytes; VM instructions of a call
 *         permissions = { storage = true, counters = true, keys = true, host = { "confirm" },
 *                         load = true },
 *     }
 */
#ifndef LUATEE_CLIENT_LUA_MANIFEST_READER_H
#define LUATEE_CLIENT_LUA_MANIFEST_READER_H

#include "client/package/manifest.h"
#include "luatee/luatee.h"

/* Reads the manifest of the app in this folder. Without a manifest.lua all fields have their defaults. LUATEE_USAGE:
 * the file is not a manifest; the message has file and line. LUATEE_USAGE or LUATEE_FAILED: the file cannot be read. */
LUATEE_CHECKED luatee_status manifest_read(const char *folder, struct package_manifest *manifest, luatee_error *error);

/* Reads the manifest and encodes it as luatee_options.manifest (`manifest` in abi/package.cddl). `out` must be empty.
 * It stays empty without a manifest.lua; otherwise the caller frees it. */
LUATEE_CHECKED luatee_status manifest_read_encoded(const char *folder, struct luatee_buffer *out, luatee_error *error);

/* Returns the line of `source` that first sets a table field of this name, after the field `parent` if that is not
 * NULL; 1 when there is none. For error messages: a Lua table does not know its lines. */
int manifest_line(const char *source, size_t size, const char *parent, const char *field);

#endif
