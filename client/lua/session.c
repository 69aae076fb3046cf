/* SPDX-License-Identifier: BSD-2-Clause */
/* A session as a Lua value: a userdata with methods, closed by s:close(), by <close>, or by the garbage collector. */
#include <stdio.h>

#include "client/internal.h"
#include "client/lua/tee.h"

#define SESSION_TYPE "tee.session"

/* Its address is the registry's key for the default session. */
static const char default_key;

struct tee_session *tee_session_push(lua_State *L)
{
    struct tee_session *self = lua_newuserdatauv(L, sizeof(*self), 0);
    *self = (struct tee_session){ 0 };
    luaL_setmetatable(L, SESSION_TYPE);
    return self;
}

struct tee_session *tee_session_check(lua_State *L, int index)
{
    struct tee_session *self = luaL_checkudata(L, index, SESSION_TYPE);
    if (self->session == NULL)
        luaL_error(L, "the session is closed");
    return self;
}

struct tee_session *tee_session_test(lua_State *L, int index)
{
    struct tee_session *self = luaL_testudata(L, index, SESSION_TYPE);
    return self == NULL || self->session == NULL ? NULL : self;
}

void tee_push_default(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &default_key);
}

/* Runs protected, with the session as a light userdata. */
static int adopt_default(lua_State *L)
{
    struct tee_session *self = tee_session_push(L);
    self->session = lua_touserdata(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &default_key);
    return 0;
}

void tee_set_default(lua_State *L, luatee_session *session)
{
    lua_pushcfunction(L, adopt_default);
    lua_pushlightuserdata(L, session);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
        return;
    /* What can fail before the userdata holds the session is its allocation; afterwards the collector closes it. */
    if (tee_push_default(L), lua_isnil(L, -1))
        luatee_close(session);
    lua_pop(L, 1);
    lua_error(L);
}

struct tee_session *tee_session_default(lua_State *L)
{
    tee_push_default(L);
    struct tee_session *self = tee_session_test(L, -1);
    lua_pop(L, 1);
    if (self == NULL)
        luaL_error(L, "no session: open one with tee.open{app = \"FOLDER\"}, or run this with `luatee run`");
    return self;
}

/* --- methods */

static int session_call(lua_State *L)
{
    return tee_session_call(L, tee_session_check(L, 1), 2, 0);
}

/* session:with{deadline = }.call(name, ...) */
static int session_with(lua_State *L)
{
    (void)tee_session_check(L, 1);
    return tee_session_with(L, 1, 2);
}

static int session_info(lua_State *L)
{
    return tee_session_info(L, tee_session_check(L, 1));
}

static int session_close(lua_State *L)
{
    struct tee_session *self = luaL_checkudata(L, 1, SESSION_TYPE);
    luatee_close(self->session);
    self->session = NULL;
    luatee_buffer_free(&self->response);
    return 0;
}

static int session_tostring(lua_State *L)
{
    const struct tee_session *self = luaL_checkudata(L, 1, SESSION_TYPE);
    if (self->session == NULL)
        lua_pushliteral(L, "tee.session (closed)");
    else
        lua_pushfstring(L, "tee.session (%s, %s)", self->session->app,
                        self->session->backend == LUATEE_SIM ? "sim" : "optee");
    return 1;
}

static void set_integer(lua_State *L, const char *name, uint64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

/* A list of key ids in hexadecimal. */
static void push_publishers(lua_State *L, const luatee_info *info)
{
    char text[2 * sizeof(info->publishers[0]) + 1];
    lua_createtable(L, (int)info->publisher_count, 0);
    for (size_t i = 0; i < info->publisher_count; i++) {
        for (size_t j = 0; j < sizeof(info->publishers[i]); j++)
            (void)snprintf(text + 2 * j, 3, "%02x", info->publishers[i][j]);
        lua_pushstring(L, text);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

int tee_session_info(lua_State *L, struct tee_session *self)
{
    luatee_info info;
    luatee_error error;
    luatee_error_init(&error);
    if (luatee_get_info(self->session, &info, &error) != LUATEE_OK)
        return tee_raise_error(L, &error);
    lua_createtable(L, 0, 13);
    set_string(L, "backend", info.backend);
    set_string(L, "app", info.app);
    set_string(L, "version", info.version);
    set_string(L, "flavour", info.flavour);
    set_string(L, "lua", info.lua);
    set_string(L, "tee", info.tee);
    set_string(L, "api", info.api);
    set_integer(L, "protocol", info.protocol);
    set_integer(L, "memory", info.memory);
    set_integer(L, "memory_peak", info.memory_peak);
    set_integer(L, "memory_max", info.memory_max);
    set_integer(L, "rollback", info.rollback);
    push_publishers(L, &info);
    lua_setfield(L, -2, "publishers");
    return 1;
}

void tee_session_register(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "call", session_call },
        { "info", session_info },
        { "with", session_with },
        { "close", session_close },
        { "__gc", session_close },
        { "__close", session_close },
        { "__tostring", session_tostring },
        { NULL, NULL },
    };
    if (luaL_newmetatable(L, SESSION_TYPE)) {
        luaL_setfuncs(L, methods, 0);
        lua_pushvalue(L, -1);
        lua_setfield(L, -2, "__index");
        lua_pushliteral(L, "tee.session");
        lua_setfield(L, -2, "__metatable"); /* scripts cannot take the methods off it */
    }
    lua_pop(L, 1);
}
