/* SPDX-License-Identifier: BSD-2-Clause */
/* A session as a Lua value: a userdata with methods, closed by s:close(), by <close>, or by the garbage collector. */
#include <stddef.h>

#include "abi/commands.h"
#include "client/engine/call.h"
#include "client/lua/tee.h"

#define SESSION_TYPE "tee.session"

/* Their addresses are the registry's keys for the default session, and for all sessions. */
static const char default_key, sessions_key;

struct tee_session *tee_session_of(const struct callbacks *f)
{
    return (struct tee_session *)((char *)(uintptr_t)f - offsetof(struct tee_session, functions));
}

/* Pushes the tables of a session, or nil when it is closed. The list of sessions is weak: it keeps none alive. */
static void push_tables(lua_State *L, const struct callbacks *f)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sessions_key);
    if (lua_rawgetp(L, -1, f) == LUA_TUSERDATA)
        lua_getiuservalue(L, -1, 1);
    else
        lua_pushnil(L);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static bool hold(struct callbacks *f, uint64_t number)
{
    struct tee_session *self = tee_session_of(f);
    return self->borrowed != NULL && luatee_borrowed_hold(self->borrowed, number);
}

static void drop(struct callbacks *f, uint64_t number)
{
    struct tee_session *self = tee_session_of(f);
    if (self->borrowed != NULL)
        luatee_borrowed_drop(self->borrowed, number);
}

/* Makes the tables of the session that is on the top of the stack. */
static void setup_tables(lua_State *L, struct tee_session *self)
{
    self->functions.codec.our_tag = LUATEE_TAG_HOST_FUNCTION;
    self->functions.codec.their_tag = LUATEE_TAG_TEE_FUNCTION;
    self->functions.push_tables = push_tables;
    self->functions.hold = hold;
    self->functions.drop = drop;
    callback_setup(L, &self->functions, tee_call_proxy);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, TEE_SELF);
    lua_newtable(L);
    lua_rawseti(L, -2, TEE_EXPORTS);
    lua_newtable(L);
    lua_rawseti(L, -2, TEE_MODULES);
    lua_setiuservalue(L, -2, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sessions_key);
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, &self->functions);
    lua_pop(L, 1);
}

struct tee_session *tee_session_push(lua_State *L)
{
    struct tee_session *self = lua_newuserdatauv(L, sizeof(*self), 1);
    *self = (struct tee_session){ 0 };
    luaL_setmetatable(L, SESSION_TYPE);
    setup_tables(L, self);
    return self;
}

void tee_session_fill(struct tee_session *self, luatee_session *session)
{
    self->session = session;
    self->borrowed = luatee_borrowed_share(luatee_session_borrowed(session));
}

void tee_session_table(lua_State *L, struct tee_session *self, enum tee_table table)
{
    push_tables(L, &self->functions);
    if (!lua_istable(L, -1))
        return;
    lua_rawgeti(L, -1, table);
    lua_remove(L, -2);
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
    tee_session_fill(self, lua_touserdata(L, 1));
    lua_rawsetp(L, LUA_REGISTRYINDEX, &default_key);
    return 0;
}

void tee_set_default(lua_State *L, luatee_session *session)
{
    lua_pushcfunction(L, adopt_default);
    lua_pushlightuserdata(L, session);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
        return;
    /* Without a userdata, nobody owns the session. With one, the collector closes it. */
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

/* Raises an error that names the method. Lua does not know the name in a tail call or below pcall, where session.call
 * is often written for session:call. */
static void check_self(lua_State *L, const char *method)
{
    if (luaL_testudata(L, 1, SESSION_TYPE) == NULL)
        luaL_error(L,
                   "bad argument #1 to '%s' (" SESSION_TYPE " expected, got %s): write session:%s(...), with a colon",
                   method, luaL_typename(L, 1), method);
}

static struct tee_session *check_open(lua_State *L, const char *method)
{
    check_self(L, method);
    return tee_session_check(L, 1);
}

static int session_call(lua_State *L)
{
    return tee_session_call(L, check_open(L, "call"), 2, 0);
}

/* session:with{deadline = }.call(name, ...), and import */
static int session_with(lua_State *L)
{
    (void)check_open(L, "with");
    return tee_session_with(L, 1, 2);
}

static int session_info(lua_State *L)
{
    return tee_session_info(L, check_open(L, "info"));
}

static int session_import(lua_State *L)
{
    return tee_session_import(L, check_open(L, "import"), 2, 0);
}

static int session_export(lua_State *L)
{
    struct tee_session *self = check_open(L, "export");
    lua_settop(L, 3);
    tee_session_table(L, self, TEE_EXPORTS);
    tee_exports_set(L, 2);
    return 0;
}

static int session_release(lua_State *L)
{
    callback_release(L, &check_open(L, "release")->functions, 2);
    return 0;
}

static int session_gc(lua_State *L)
{
    struct tee_session *self = luaL_checkudata(L, 1, SESSION_TYPE);
    luatee_close(self->session);
    self->session = NULL;
    luatee_borrowed_leave(self->borrowed);
    self->borrowed = NULL;
    luatee_buffer_free(&self->response);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, 1);
    return 0;
}

static int session_close(lua_State *L)
{
    check_self(L, "close");
    const struct tee_session *self = luaL_checkudata(L, 1, SESSION_TYPE);
    if (self->calls > 0)
        return luaL_error(L, "the session is in a call: a function that the TEE calls cannot close it");
    return session_gc(L);
}

static int session_tostring(lua_State *L)
{
    luatee_options options = { 0 };
    const struct tee_session *self = luaL_checkudata(L, 1, SESSION_TYPE);
    if (self->session == NULL) {
        lua_pushliteral(L, "tee.session (closed)");
        return 1;
    }
    luatee_session_options(self->session, &options);
    lua_pushfstring(L, "tee.session (%s, %s)", luatee_session_app(self->session),
                    options.backend == LUATEE_SIM ? "sim" : "optee");
    return 1;
}

void tee_session_register(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "call", session_call },
        { "info", session_info },
        { "with", session_with },
        { "import", session_import },
        { "export", session_export },
        { "release", session_release },
        { "close", session_close },
        { "__gc", session_gc },
        { "__close", session_close },
        { "__tostring", session_tostring },
        { NULL, NULL },
    };
    if (luaL_newmetatable(L, SESSION_TYPE)) {
        luaL_setfuncs(L, methods, 0);
        lua_pushvalue(L, -1);
        lua_setfield(L, -2, "__index");
        lua_pushliteral(L, "tee.session");
        lua_setfield(L, -2, "__metatable"); /* scripts cannot change the methods */
    }
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &sessions_key);
}
