/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/lua/manifest_reader.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/package/files.h"
#include "core/package/source.h"
#include "lauxlib.h"
#include "lua.h"

#define FILE_NAME "manifest.lua"
#define FILE_MAX (64 * 1024)
#define MEMORY_MAX (8 * 1024 * 1024)
#define INSTRUCTIONS_MAX 1000000
#define MESSAGE_MAX 512

#define PERMISSIONS "permissions"
#define REVOKE "revoke"

/* What the protected part works on; the state's one argument. */
struct reading {
    const char *path;
    struct luatee_buffer source;
    struct package_manifest *manifest;
    size_t memory;
};

/* --- a Lua state that can do nothing but compute, and not for long */

static void *limited(void *ud, void *block, size_t old_size, size_t new_size)
{
    struct reading *reading = ud;
    if (block == NULL)
        old_size = 0; /* it is a type then */
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
    lua_pushfstring(L, "%s:%d: a manifest is a table, and has no time to compute so long", debug->short_src,
                    debug->currentline);
    (void)lua_error(L);
}

/* A global is a mistake: a string without its quotes, or a field outside of the table. */
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

/* --- errors: "PATH:LINE: MESSAGE" */

static int fail(lua_State *L, const struct reading *reading, const char *parent, const char *field, const char *format,
                ...) __attribute__((format(printf, 5, 6)));

static int fail(lua_State *L, const struct reading *reading, const char *parent, const char *field, const char *format,
                ...)
{
    char message[MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    int line = manifest_line((const char *)reading->source.data, reading->source.size, parent, field);
    lua_pushfstring(L, "%s:%d: %s%s%s %s", reading->path, line, parent == NULL ? "" : parent, parent == NULL ? "" : ".",
                    field, message);
    return lua_error(L);
}

static int fail_type(lua_State *L, const struct reading *reading, const char *parent, const char *field,
                     const char *expected)
{
    if (lua_isinteger(L, -1))
        return fail(L, reading, parent, field, "must be %s, not " LUA_INTEGER_FMT, expected, lua_tointeger(L, -1));
    return fail(L, reading, parent, field, "must be %s, not a %s", expected,
                lua_type(L, -1) == LUA_TNUMBER ? "float" : luaL_typename(L, -1));
}

/* --- fields of the table at the top of the stack; those that are not there keep their default */

static void read_text(lua_State *L, const struct reading *reading, const char *field, char *out,
                      bool (*valid)(const char *text, size_t size), const char *expected)
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        size_t size;
        if (lua_type(L, -1) != LUA_TSTRING)
            (void)fail_type(L, reading, NULL, field, expected);
        const char *text = lua_tolstring(L, -1, &size);
        if (!valid(text, size))
            (void)fail(L, reading, NULL, field, "must be %s", expected);
        memcpy(out, text, size);
        out[size] = '\0';
    }
    lua_pop(L, 1);
}

static void read_number(lua_State *L, const struct reading *reading, const char *field, lua_Integer min,
                        lua_Integer max, uint64_t *out, const char *expected)
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < min || lua_tointeger(L, -1) > max)
            (void)fail_type(L, reading, NULL, field, expected);
        *out = (uint64_t)lua_tointeger(L, -1);
    }
    lua_pop(L, 1);
}

static void read_grant(lua_State *L, const struct reading *reading, const char *field, bool *out)
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        if (!lua_isboolean(L, -1))
            (void)fail_type(L, reading, PERMISSIONS, field, "true or false");
        *out = lua_toboolean(L, -1) != 0;
    }
    lua_pop(L, 1);
}

static void add_host(lua_State *L, const struct reading *reading)
{
    struct package_manifest *manifest = reading->manifest;
    size_t size;
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (name == NULL || !luatee_name_valid(name, size))
        (void)fail(L, reading, PERMISSIONS, "host",
                   "must be a list of names (A-Z a-z 0-9 _ - ., at most %d characters)", LUATEE_NAME_MAX);
    for (size_t i = 0; i < manifest->host_count; i++)
        if (strcmp(manifest->host[i], name) == 0)
            (void)fail(L, reading, PERMISSIONS, "host", "has '%s' twice", name);
    if (manifest->host_count == PACKAGE_HOST_MAX)
        (void)fail(L, reading, PERMISSIONS, "host", "has more than %d names", PACKAGE_HOST_MAX);
    memcpy(manifest->host[manifest->host_count++], name, size + 1);
}

/* A list that is there: `add` takes the item at the top. */
static void read_list(lua_State *L, const struct reading *reading, const char *parent, const char *field,
                      const char *expected, void (*add)(lua_State *L, const struct reading *reading))
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        if (!lua_istable(L, -1))
            (void)fail_type(L, reading, parent, field, expected);
        size_t items = 0, count = 0;
        for (lua_Integer i = 1; lua_geti(L, -1, i) != LUA_TNIL; i++, items++) {
            add(L, reading);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
            count++;
        if (count != items)
            (void)fail(L, reading, parent, field, "must be %s, without holes and other keys", expected);
    }
    lua_pop(L, 1);
}

/* Every key of the table at the top must be one of these. */
static void check_fields(lua_State *L, const struct reading *reading, const char *parent, const char *const *known)
{
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *field = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (field == NULL)
            (void)fail(L, reading, NULL, parent == NULL ? "the manifest" : parent,
                       "has a %s as a key: fields have names", luaL_typename(L, -2));
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], field) != 0)
            i++;
        if (known[i] == NULL)
            (void)fail(L, reading, parent, field, "is not a field of a manifest");
    }
}

static void read_permissions(lua_State *L, const struct reading *reading)
{
    static const char *const known[] = { "storage", "counters", "keys", "host", "load", "log", NULL };
    if (lua_getfield(L, -1, PERMISSIONS) != LUA_TNIL) {
        if (!lua_istable(L, -1))
            (void)fail_type(L, reading, NULL, PERMISSIONS, "a table");
        check_fields(L, reading, PERMISSIONS, known);
        read_grant(L, reading, "storage", &reading->manifest->storage);
        read_grant(L, reading, "counters", &reading->manifest->counters);
        read_grant(L, reading, "keys", &reading->manifest->keys);
        read_grant(L, reading, "load", &reading->manifest->load);
        read_grant(L, reading, "log", &reading->manifest->log);
        read_list(L, reading, PERMISSIONS, "host", "a list of names", add_host);
    }
    lua_pop(L, 1);
}

/* The value of a hexadecimal digit, or -1. */
static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static bool read_id(const char *text, size_t size, uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    if (size != (size_t)2 * PACKAGE_PUBLISHER_ID_SIZE)
        return false;
    for (size_t i = 0; i < PACKAGE_PUBLISHER_ID_SIZE; i++) {
        int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static void add_revoked(lua_State *L, const struct reading *reading)
{
    struct package_manifest *manifest = reading->manifest;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    size_t size;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (text == NULL || !read_id(text, size, id))
        (void)fail(L, reading, NULL, REVOKE, "must be a list of publisher key ids, each of %d hexadecimal digits",
                   2 * PACKAGE_PUBLISHER_ID_SIZE);
    for (size_t i = 0; i < manifest->revoke_count; i++)
        if (memcmp(manifest->revoke[i], id, sizeof(id)) == 0)
            (void)fail(L, reading, NULL, REVOKE, "has '%s' twice", text);
    if (manifest->revoke_count == PACKAGE_REVOKE_MAX)
        (void)fail(L, reading, NULL, REVOKE, "has more than %d ids", PACKAGE_REVOKE_MAX);
    memcpy(manifest->revoke[manifest->revoke_count++], id, sizeof(id));
}

static void read_table(lua_State *L, const struct reading *reading)
{
    static const char *const known[] = { "name", "version", "sequence", "memory", "fuel", PERMISSIONS, REVOKE, NULL };
    struct package_manifest *manifest = reading->manifest;
    check_fields(L, reading, NULL, known);
    read_text(L, reading, "name", manifest->name, luatee_name_valid,
              "a name (A-Z a-z 0-9 _ - ., no dot in front, at most 64 characters)");
    read_text(L, reading, "version", manifest->version, package_version_valid,
              "a string of 1 to 64 printable ASCII characters");
    read_number(L, reading, "sequence", 0, INT64_MAX, &manifest->sequence, "an integer from 0 to 2^63 - 1");
    read_number(L, reading, "memory", LUATEE_MEMORY_MIN, LUATEE_TA_MEMORY_MAX, &manifest->memory,
                "a number of bytes, an integer from 131072 (128 KiB) to 12582912 (12 MiB)");
    read_number(L, reading, "fuel", 1, INT64_MAX, &manifest->fuel, "a number of VM instructions, an integer above 0");
    read_permissions(L, reading);
    read_list(L, reading, NULL, REVOKE, "a list of publisher key ids", add_revoked);
}

/* In protected mode: the argument is the reading. */
static int evaluate(lua_State *L)
{
    const struct reading *reading = lua_touserdata(L, 1);
    lua_settop(L, 0);
    if (reading->source.size > 0 && reading->source.data[0] == LUA_SIGNATURE[0])
        return luaL_error(L, "%s:1: bytecode is no manifest", reading->path);
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
    read_table(L, reading);
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

static luatee_status read_file(struct reading *reading, luatee_error *error)
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
        else if (result != LUA_OK) /* it has no way to raise anything but Lua's own messages and ours */
            status = luatee_error_in_file(error, LUATEE_USAGE, reading->path, lua_tostring(L, -1));
        lua_close(L);
    }
    luatee_buffer_free(&reading->source);
    return status;
}

/* Nothing but "there is no such name" says that there is no manifest: one that cannot be read is not done without. */
static bool is_missing(const char *path)
{
    struct stat st;
    return lstat(path, &st) != 0 && errno == ENOENT;
}

luatee_status manifest_read(const char *folder, struct package_manifest *manifest, luatee_error *error)
{
    char path[PATH_MAX];
    *manifest = (struct package_manifest) { .version = "0" };
    luatee_status status = default_name(folder, manifest->name, error);
    if (status != LUATEE_OK)
        return status;
    if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the app's path is too long");
    struct reading reading = { .path = path, .manifest = manifest };
    if (!is_missing(path))
        status = read_file(&reading, error);
    if (status == LUATEE_OK && manifest->name[0] == '\0')
        status = luatee_error_set(error, LUATEE_USAGE,
                                  "the folder %s has no name that an app can have; give it one in %s", folder, path);
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
