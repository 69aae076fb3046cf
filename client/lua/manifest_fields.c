/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/lua/manifest_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/limits.h"
#include "abi/name.h"
#include "client/lua/manifest_reader.h"
#include "core/package/source.h"
#include "lauxlib.h"

#define MESSAGE_MAX 512

#define PERMISSIONS "permissions"
#define REVOKE "revoke"

/* --- errors: "PATH:LINE: MESSAGE" */

static _Noreturn void fail(lua_State *L, const struct manifest_reading *reading, const char *parent, const char *field,
                           const char *format, ...) __attribute__((format(printf, 5, 6)));

static _Noreturn void fail(lua_State *L, const struct manifest_reading *reading, const char *parent, const char *field,
                           const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    int line = manifest_line((const char *)reading->source.data, reading->source.size, parent, field);
    lua_pushfstring(L, "%s:%d: %s%s%s %s", reading->path, line, parent == NULL ? "" : parent, parent == NULL ? "" : ".",
                    field, message);
    (void)lua_error(L);
    abort(); /* lua_error() does not return */
}

static _Noreturn void fail_type(lua_State *L, const struct manifest_reading *reading, const char *parent,
                                const char *field, const char *expected)
{
    if (lua_isinteger(L, -1))
        fail(L, reading, parent, field, "must be %s, not " LUA_INTEGER_FMT, expected, lua_tointeger(L, -1));
    fail(L, reading, parent, field, "must be %s, not a %s", expected,
         lua_type(L, -1) == LUA_TNUMBER ? "float" : luaL_typename(L, -1));
}

/* --- fields of the table on the top of the stack; missing fields keep their default */

static void read_text(lua_State *L, const struct manifest_reading *reading, const char *field, char *out,
                      bool (*valid)(const char *text, size_t size), const char *expected)
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        size_t size;
        if (lua_type(L, -1) != LUA_TSTRING)
            fail_type(L, reading, NULL, field, expected);
        const char *text = lua_tolstring(L, -1, &size);
        if (!valid(text, size))
            fail(L, reading, NULL, field, "must be %s", expected);
        memcpy(out, text, size);
        out[size] = '\0';
    }
    lua_pop(L, 1);
}

struct number {
    const char *field;
    lua_Integer min;
    lua_Integer max;
    const char *expected; /* words for a message */
};

static void read_number(lua_State *L, const struct manifest_reading *reading, const struct number *number,
                        uint64_t *out)
{
    if (lua_getfield(L, -1, number->field) != LUA_TNIL) {
        lua_Integer value = lua_tointeger(L, -1);
        if (!lua_isinteger(L, -1) || value < number->min || value > number->max)
            fail_type(L, reading, NULL, number->field, number->expected);
        *out = (uint64_t)value;
    }
    lua_pop(L, 1);
}

static void read_grant(lua_State *L, const struct manifest_reading *reading, const char *field, bool *out)
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        if (!lua_isboolean(L, -1))
            fail_type(L, reading, PERMISSIONS, field, "true or false");
        *out = lua_toboolean(L, -1) != 0;
    }
    lua_pop(L, 1);
}

static void add_host(lua_State *L, const struct manifest_reading *reading)
{
    struct package_manifest *manifest = reading->manifest;
    size_t size;
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (name == NULL || !luatee_name_valid(name, size))
        fail(L, reading, PERMISSIONS, "host", "must be a list of names (A-Z a-z 0-9 _ - ., at most %d characters)",
             LUATEE_NAME_MAX);
    for (size_t i = 0; i < manifest->host_count; i++)
        if (strcmp(manifest->host[i], name) == 0)
            fail(L, reading, PERMISSIONS, "host", "has '%s' twice", name);
    if (manifest->host_count == PACKAGE_HOST_MAX)
        fail(L, reading, PERMISSIONS, "host", "has more than %d names", PACKAGE_HOST_MAX);
    memcpy(manifest->host[manifest->host_count++], name, size + 1);
}

/* Reads a list. `add` gets each item on the top of the stack, and leaves it there. */
static void read_list(lua_State *L, const struct manifest_reading *reading, const char *parent, const char *field,
                      const char *expected, void (*add)(lua_State *L, const struct manifest_reading *reading))
{
    if (lua_getfield(L, -1, field) != LUA_TNIL) {
        if (!lua_istable(L, -1))
            fail_type(L, reading, parent, field, expected);
        size_t items = 0, count = 0;
        for (lua_Integer i = 1; lua_geti(L, -1, i) != LUA_TNIL; i++, items++) {
            add(L, reading);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
            count++;
        if (count != items)
            fail(L, reading, parent, field, "must be %s, without holes and other keys", expected);
    }
    lua_pop(L, 1);
}

/* Raises an error unless every key of the table on the top is one of these. */
static void check_fields(lua_State *L, const struct manifest_reading *reading, const char *parent,
                         const char *const *known)
{
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *field = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (field == NULL)
            fail(L, reading, NULL, parent == NULL ? "the manifest" : parent, "has a %s as a key: fields have names",
                 luaL_typename(L, -2));
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], field) != 0)
            i++;
        if (known[i] == NULL)
            fail(L, reading, parent, field, "is not a field of a manifest");
    }
}

static void read_permissions(lua_State *L, const struct manifest_reading *reading)
{
    static const char *const known[] = { "storage", "counters", "keys", "host", "load", "log", NULL };
    if (lua_getfield(L, -1, PERMISSIONS) != LUA_TNIL) {
        if (!lua_istable(L, -1))
            fail_type(L, reading, NULL, PERMISSIONS, "a table");
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

/* Returns the value of a hexadecimal digit, or -1. */
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

static void add_revoked(lua_State *L, const struct manifest_reading *reading)
{
    struct package_manifest *manifest = reading->manifest;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    size_t size;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (text == NULL || !read_id(text, size, id))
        fail(L, reading, NULL, REVOKE, "must be a list of publisher key ids, each of %d hexadecimal digits",
             2 * PACKAGE_PUBLISHER_ID_SIZE);
    for (size_t i = 0; i < manifest->revoke_count; i++)
        if (memcmp(manifest->revoke[i], id, sizeof(id)) == 0)
            fail(L, reading, NULL, REVOKE, "has '%s' twice", text);
    if (manifest->revoke_count == PACKAGE_REVOKE_MAX)
        fail(L, reading, NULL, REVOKE, "has more than %d ids", PACKAGE_REVOKE_MAX);
    memcpy(manifest->revoke[manifest->revoke_count++], id, sizeof(id));
}

void manifest_read_fields(lua_State *L, const struct manifest_reading *reading)
{
    static const char *const known[] = { "name", "version", "sequence", "memory", "fuel", PERMISSIONS, REVOKE, NULL };
    static const struct number sequence = { "sequence", 0, INT64_MAX, "an integer from 0 to 2^63 - 1" };
    static const struct number memory = { "memory", LUATEE_MEMORY_MIN, LUATEE_TA_MEMORY_MAX,
                                          "a number of bytes, an integer from 131072 (128 KiB) to 12582912 (12 MiB)" };
    static const struct number fuel = { "fuel", 1, INT64_MAX, "a number of VM instructions, an integer above 0" };
    struct package_manifest *manifest = reading->manifest;
    check_fields(L, reading, NULL, known);
    read_text(L, reading, "name", manifest->name, luatee_name_valid,
              "a name (A-Z a-z 0-9 _ - ., no dot in front, at most 64 characters)");
    read_text(L, reading, "version", manifest->version, package_version_valid,
              "a string of 1 to 64 printable ASCII characters");
    read_number(L, reading, &sequence, &manifest->sequence);
    read_number(L, reading, &memory, &manifest->memory);
    read_number(L, reading, &fuel, &manifest->fuel);
    read_permissions(L, reading);
    read_list(L, reading, NULL, REVOKE, "a list of publisher key ids", add_revoked);
}
