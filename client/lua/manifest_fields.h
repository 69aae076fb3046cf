/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of a manifest: from the Lua table to struct package_manifest. */
#ifndef LUATEE_CLIENT_LUA_MANIFEST_FIELDS_H
#define LUATEE_CLIENT_LUA_MANIFEST_FIELDS_H

#include "client/base/buffer.h"
#include "client/package/manifest.h"
#include "lua.h"

/* A manifest.lua that is being read. */
struct manifest_reading {
    const char *path;
    struct luatee_buffer source;
    struct package_manifest *manifest; /* is filled; has its defaults before */
    size_t memory;                     /* bytes that the Lua state uses */
};

/* Reads all fields of the table on the top of the stack into reading->manifest. Raises an error with file and line for
 * a field that is unknown or wrong. */
void manifest_read_fields(lua_State *L, const struct manifest_reading *reading);

#endif
