/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of the module itself. */
#include "client/lua/tee.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/login.h"
#include "client/engine/call.h"
#include "client/lua/manifest_reader.h"

/* tee.call(name, ...) */
static int module_call(lua_State *L)
{
    return tee_session_call(L, tee_session_default(L), 1, 0);
}

/* tee.with{deadline = }.call(name, ...), and import */
static int module_with(lua_State *L)
{
    return tee_session_with(L, 0, 1);
}

/* tee.info() */
static int module_info(lua_State *L)
{
    return tee_session_info(L, tee_session_default(L));
}

/* tee.import(name) */
static int module_import(lua_State *L)
{
    return tee_session_import(L, tee_session_default(L), 1, 0);
}

/* tee.export(name, f): for all sessions */
static int module_export(lua_State *L)
{
    lua_settop(L, 2);
    tee_exports_push(L);
    tee_exports_set(L, 1);
    return 0;
}

/* tee.release(f): a trusted function of any session, or one that the default session lends */
static int module_release(lua_State *L)
{
    struct callbacks *f = callback_owner(L, tee_call_proxy, 1);
    callback_release(L, f != NULL ? f : &tee_session_default(L)->functions, 1);
    return 0;
}

/* --- tee.open{app = , backend = , stored = , plaintext = , login = , group = } */

/* Options that are missing are those of the default session, if there is one. */
static void inherit_options(lua_State *L, luatee_options *options)
{
    tee_push_default(L);
    const struct tee_session *self = tee_session_test(L, -1);
    lua_pop(L, 1);
    if (self != NULL)
        luatee_session_options(self->session, options);
}

static bool check_boolean(lua_State *L, const char *name)
{
    if (!lua_isboolean(L, -1))
        luaL_error(L, "tee.open: '%s' must be a boolean, not a %s", name, luaL_typename(L, -1));
    return lua_toboolean(L, -1);
}

static uint64_t check_limit(lua_State *L, const char *name)
{
    int is_integer;
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    if (!is_integer || value < 1)
        luaL_error(L, "tee.open: '%s' must be an integer above 0", name);
    return (uint64_t)value;
}

/* Rejects numbers: lua_tostring() would convert them in the caller's table. */
static const char *check_string(lua_State *L, const char *name)
{
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "tee.open: '%s' must be a string, not a %s", name, luaL_typename(L, -1));
    return lua_tostring(L, -1);
}

static luatee_backend check_backend(lua_State *L)
{
    const char *name = check_string(L, "backend");
    if (strcmp(name, "auto") == 0)
        return LUATEE_AUTO;
    if (strcmp(name, "optee") == 0)
        return LUATEE_OPTEE;
    if (strcmp(name, "sim") == 0)
        return LUATEE_SIM;
    return (luatee_backend)luaL_error(L, "tee.open: backend '%s' is not one of auto, optee, sim", name);
}

static luatee_login check_login(lua_State *L)
{
    luatee_login login;
    const char *name = check_string(L, "login");
    if (!luatee_login_named(name, &login))
        luaL_error(L, "tee.open: login '%s' is not one of " LUATEE_LOGIN_NAMES, name);
    return login;
}

static uint32_t check_group(lua_State *L)
{
    int is_integer = 0;
    lua_Integer group = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &is_integer) : 0;
    if (!is_integer || group < 0 || group > UINT32_MAX)
        luaL_error(L, "tee.open: 'group' must be a group's number, from 0 to 4294967295");
    return (uint32_t)group;
}

/* `group` belongs to the logins with a group, which need it. */
static void check_login_and_group(lua_State *L, luatee_login login)
{
    bool has_group = luatee_login_has_group(login);
    if (lua_getfield(L, 1, "group") == LUA_TNIL && has_group)
        luaL_error(L, "tee.open: login '%s' needs a 'group', its number", luatee_login_name(login));
    if (!lua_isnil(L, -1) && !has_group)
        luaL_error(L, "tee.open: 'group' is for the logins group and application_group");
    lua_pop(L, 1);
}

/* Reads the option whose name is at -2 and whose value is at -1. The table keeps the strings alive. */
static void take_option(lua_State *L, luatee_options *options)
{
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    if (strcmp(name, "app") == 0)
        options->app = check_string(L, name);
    else if (strcmp(name, "backend") == 0)
        options->backend = check_backend(L);
    else if (strcmp(name, "stored") == 0)
        options->stored = check_boolean(L, name);
    else if (strcmp(name, "plaintext") == 0)
        options->plaintext = check_boolean(L, name);
    else if (strcmp(name, "fuel") == 0)
        options->fuel = check_limit(L, name);
    else if (strcmp(name, "memory") == 0)
        options->memory = check_limit(L, name);
    else if (strcmp(name, "login") == 0)
        options->login = check_login(L);
    else if (strcmp(name, "group") == 0)
        options->group = check_group(L);
    else
        luaL_error(
            L,
            "tee.open: there is no option '%s'; it takes app, backend, stored, plaintext, fuel, memory, login, group",
            name);
}

/* Raises nothing, since it must free a buffer. */
static luatee_status open_session(luatee_options *options, luatee_session **session, luatee_error *error)
{
    struct luatee_buffer manifest = { 0 };
    luatee_status status = options->plaintext ? manifest_read_encoded(options->app, &manifest, error) : LUATEE_OK;
    options->manifest = manifest.data;
    options->manifest_size = manifest.size;
    if (status == LUATEE_OK)
        status = luatee_open(options, session, error);
    luatee_buffer_free(&manifest);
    if (status == LUATEE_OK && options->stored)
        status = luatee_store_update(*session, error);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    luatee_close(*session);
    *session = NULL;
    return status;
}

static int module_open(lua_State *L)
{
    luatee_options options = { 0 };
    luaL_checktype(L, 1, LUA_TTABLE);
    inherit_options(L, &options);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        take_option(L, &options);
    if (lua_getfield(L, 1, "login") != LUA_TNIL || lua_getfield(L, 1, "group") != LUA_TNIL)
        check_login_and_group(L, options.login);
    lua_settop(L, 1);
    if (options.app == NULL)
        return luaL_error(L, "tee.open: no 'app': give the app's folder");

    luatee_error error;
    luatee_error_init(&error);
    struct tee_session *self = tee_session_push(L);
    luatee_session *session = NULL;
    if (open_session(&options, &session, &error) != LUATEE_OK)
        return tee_raise_error(L, &error);
    tee_session_fill(self, session);
    return 1;
}

int luaopen_tee(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "call", module_call },       { "info", module_info },
        { "open", module_open },       { "with", module_with },
        { "import", module_import },   { "export", module_export },
        { "release", module_release }, { NULL, NULL },
    };
    luaL_checkversion(L);
    tee_session_register(L);
    tee_raised_register(L);
    tee_exports_register(L);
    luaL_newlib(L, functions);
    lua_pushstring(L, luatee_version());
    lua_setfield(L, -2, "_VERSION");
    return 1;
}
