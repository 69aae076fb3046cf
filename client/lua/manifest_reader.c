/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/lua/manifest_reader.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/lua/manifest_fields.h"
#include "client/package/files.h"
#include "core/package/source.h"
#include "lauxlib.h"
#include "lua.h"

#define FILE_NAME "manifest.lua"
#define FILE_MAX (64 * 1024)
#define MEMORY_MAX (8 * 1024 * 1024)
#define INSTRUCTIONS_MAX 1000000

/* --- a Lua state that can only compute, and not for long */

static void *limited(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct manifest_reading *reading = ud;
    if (block == NULL)
        old_size = 0; /* Lua passes a type here (Lua 5.4 manual, lua_Alloc) */
    if (new_size == 0) {
        free(block);
        reading->memory -= old_size;
        return NULL;
    }
    if (reading->memory - old_size + new_size > MEMORY_MAX)
        return NULL;
    void *moved = realloc(block, new_size);
    if (moved != NULL)
        reading->memory = reading->memory - old_size + new_size;
    return moved;
}

static void out_of_instructions(lua_State *L, lua_Debug *debug)
{
    (void)lua_getinfo(L, "Sl", debug);
    lua_pushfstring(L, "%s:%d: the manifest takes too long: it must return a table, with little time to compute it",
                    debug->short_src, debug->currentline);
    (void)lua_error(L);
}

/* Rejects globals: they are a string without its quotes, or a field outside of the table. */
static int refuse_global(lua_State *L)
{
    const char *name = lua_tostring(L, 2);
    return luaL_error(L, "there are no globals in a manifest, such as '%s'", name == NULL ? "?" : name);
}

static void push_environment(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushcfunction(L, refuse_global);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_global);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
}

/* Runs protected. Argument: a struct manifest_reading, as a light userdata. */
static int evaluate(lua_State *L)
{
    const struct manifest_reading *reading = lua_touserdata(L, 1);
    lua_settop(L, 0);
    if (reading->source.size > 0 && reading->source.data[0] == LUA_SIGNATURE[0])
        return luaL_error(L, "%s:1: a manifest cannot be bytecode", reading->path);
    const char *chunk_name = lua_pushfstring(L, "@%s", reading->path);
    size_t size = reading->source.size;
    const char *text = source_text(reading->source.data, &size);
    if (luaL_loadbufferx(L, text, size, chunk_name, "t") != LUA_OK)
        return lua_error(L);
    push_environment(L);
    (void)lua_setupvalue(L, -2, 1); /* _ENV */
    lua_sethook(L, out_of_instructions, LUA_MASKCOUNT, INSTRUCTIONS_MAX);
    lua_call(L, 0, LUA_MULTRET);
    lua_sethook(L, NULL, 0, 0);
    if (lua_gettop(L) != 2 || !lua_istable(L, 2))
        return luaL_error(L, "%s:1: a manifest returns one table, as in: return { version = \"1.0\" }", reading->path);
    manifest_read_fields(L, reading);
    return 0;
}

/* --- the app's own name */

static luatee_status default_name(const char *folder, char name[LUATEE_NAME_MAX + 1], luatee_error *error)
{
    char path[PATH_MAX];
    if (realpath(folder, path) == NULL)
        return luatee_error_set(error, LUATEE_USAGE, "no such app: %s: %s", folder, strerror(errno));
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t size = strlen(base);
    name[0] = '\0';
    if (luatee_name_valid(base, size))
        memcpy(name, base, size + 1);
    return LUATEE_OK;
}

static luatee_status read_file(struct manifest_reading *reading, luatee_error *error)
{
    luatee_status status = package_file_read(reading->path, FILE_MAX, &reading->source, error);
    if (status != LUATEE_OK)
        return status;
    lua_State *L = lua_newstate(limited, reading);
    if (L == NULL) {
        status = luatee_error_memory(error);
    } else {
        lua_pushcfunction(L, evaluate);
        lua_pushlightuserdata(L, reading);
        int result = lua_pcall(L, 1, 0, 0);
        if (result == LUA_ERRMEM)
            status = luatee_error_set(error, LUATEE_USAGE, "%s:1: the manifest takes too much memory", reading->path);
        else if (result != LUA_OK) /* it can raise strings only: Lua's messages and ours */
            status = luatee_error_in_file(error, LUATEE_USAGE, reading->path, lua_tostring(L, -1));
        lua_close(L);
    }
    luatee_buffer_free(&reading->source);
    return status;
}

/* Returns whether there is no manifest. An unreadable one is an error. */
static bool is_missing(const char *path)
{
    struct stat st;
    return lstat(path, &st) != 0 && errno == ENOENT;
}

luatee_status manifest_read(const char *folder, struct package_manifest *manifest, luatee_error *error)
{
    char path[PATH_MAX];
    *manifest = (struct package_manifest){ .version = "0" };
    luatee_status status = default_name(folder, manifest->name, error);
    if (status != LUATEE_OK)
        return status;
    if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the app's path is too long");
    struct manifest_reading reading = { .path = path, .manifest = manifest };
    if (!is_missing(path))
        status = read_file(&reading, error);
    if (status == LUATEE_OK && manifest->name[0] == '\0')
        status = luatee_error_set(error, LUATEE_USAGE,
                                  "the name of the folder %s cannot be an app's name: set `name` in %s", folder, path);
    return status;
}

luatee_status manifest_read_encoded(const char *folder, struct luatee_buffer *out, luatee_error *error)
{
    char path[PATH_MAX];
    struct package_manifest manifest;
    if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) < PATH_MAX && is_missing(path))
        return LUATEE_OK;
    luatee_status status = manifest_read(folder, &manifest, error);
    if (status == LUATEE_OK && !package_encode_manifest(&manifest, out))
        status = luatee_error_memory(error);
    return status;
}
