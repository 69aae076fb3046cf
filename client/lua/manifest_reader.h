/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads APP/manifest.lua: a Lua chunk that returns a table, and can do nothing else. It runs with no library and no
 * globals, in little memory, for a bounded number of instructions.
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

/* folder: the app's. Without a manifest.lua everything has its default. LUATEE_USAGE, with file and line, when the file
 * is not a manifest; also when it is there and cannot be read. */
LUATEE_CHECKED luatee_status manifest_read(const char *folder, struct package_manifest *manifest, luatee_error *error);

/* The same, encoded (`manifest` in abi/package.cddl), as luatee_options.manifest takes it. The buffer, empty before,
 * stays so without a manifest.lua. */
LUATEE_CHECKED luatee_status manifest_read_encoded(const char *folder, struct luatee_buffer *out, luatee_error *error);

/* The line of `source` where a table field of this name is first set, after the field `parent` if that is not NULL; 1
 * when it is not found. For messages: the table itself does not remember. */
int manifest_line(const char *source, size_t size, const char *parent, const char *field);

#endif
