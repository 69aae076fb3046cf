/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/callback_registry.h"

#include "abi/limits.h"
#include "lauxlib.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#define TOKEN_TYPE "tee.function"

/* The number of proxies before the first collection. Later collections come when about as many were added as the last
 * collection left. */
#define PROXIES_MIN 128

/* Indices in the table of one struct callbacks. Each field is a table. */
enum table {
    LENT = 1, /* number -> function */
    NUMBERS,  /* function -> number */
    PROXIES,  /* number -> proxy; weak values */
};

/*
 * A proxy's only upvalue. When the proxy becomes garbage, so does the token, and its finalizer releases the function.
 * If a finalizer cannot run, the function stays held until the session ends. The owner lives as long as the token: in
 * the TEE it is a part of the vm. In the client it is a part of the session's userdata, which the token's user value
 * keeps alive (the table of tables has it as TEE_SELF), even when the session is closed.
 */
struct token {
    struct callbacks *owner;
    uint64_t number; /* 0: released */
};

/* Pushes one of the tables. Raises an error when the session is closed: a finalizer of the host may close it at any
 * time. */
static void push_table(lua_State *L, const struct callbacks *f, enum table table)
{
    f->push_tables(L, f);
    if (!lua_istable(L, -1))
        luaL_error(L, "the session is closed");
    lua_rawgeti(L, -1, table);
    lua_remove(L, -2);
}

static bool is_open(lua_State *L, const struct callbacks *f)
{
    f->push_tables(L, f);
    bool open = lua_istable(L, -1);
    lua_pop(L, 1);
    return open;
}

static void release_token(struct token *token)
{
    if (token->number == 0)
        return;
    token->owner->drop(token->owner, token->number);
    token->owner->proxies--;
    token->number = 0;
}

static int token_gc(lua_State *L)
{
    release_token(lua_touserdata(L, 1));
    return 0;
}

/* Returns the token of the proxy at idx, whose owner may be another one; or NULL when the value is not a proxy. */
static struct token *token_of(lua_State *L, lua_CFunction call, int idx)
{
    if (lua_tocfunction(L, idx) != call || !lua_getupvalue(L, idx, 1))
        return NULL;
    struct token *token = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return token;
}

/* --- lending */

/* Runs protected, with the arguments f and function. Lends the function under the number f->last + 1. */
static int lend(lua_State *L)
{
    struct callbacks *f = lua_touserdata(L, 1);
    lua_Integer number = (lua_Integer)f->last + 1;
    push_table(L, f, LENT);
    lua_pushvalue(L, 2);
    lua_rawseti(L, -2, number);
    push_table(L, f, NUMBERS);
    lua_pushvalue(L, 2);
    lua_pushinteger(L, number);
    lua_rawset(L, -3);
    f->last++;
    f->lent++;
    return 0;
}

/* Returns the number under which the function at idx is lent, or 0. */
static uint64_t lent_number(lua_State *L, const struct callbacks *f, int idx)
{
    push_table(L, f, NUMBERS);
    lua_pushvalue(L, idx);
    lua_rawget(L, -2);
    uint64_t number = (uint64_t)lua_tointeger(L, -1);
    lua_pop(L, 2);
    return number;
}

/* Returns a thread that can run a function: a suspended coroutine cannot, and the main thread does it. */
static lua_State *thread_to_run(lua_State *L)
{
    if (lua_status(L) != LUA_YIELD)
        return L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    lua_State *main = lua_tothread(L, -1);
    lua_pop(L, 1);
    return main;
}

/* Stops the garbage collector meanwhile: a collection could run finalizers of the host, which could use the session
 * while a message is being written. */
static bool lend_protected(lua_State *L, struct callbacks *f, int idx)
{
    bool running = lua_gc(L, LUA_GCISRUNNING);
    lua_State *thread = thread_to_run(L);
    if (!lua_checkstack(thread, 3))
        return false;
    lua_gc(L, LUA_GCSTOP);
    lua_pushcfunction(thread, lend);
    lua_pushlightuserdata(thread, f);
    lua_pushvalue(L, idx);
    if (thread != L)
        lua_xmove(L, thread, 1);
    int status = lua_pcall(thread, 2, 0, 0);
    if (status != LUA_OK)
        lua_pop(thread, 1);
    if (running)
        lua_gc(L, LUA_GCRESTART);
    return status == LUA_OK;
}

/* codec_functions.number */
static const char *find_number(struct codec_functions *codec, lua_State *L, int idx, bool *ours, uint64_t *number)
{
    struct callbacks *f = (struct callbacks *)codec;
    idx = lua_absindex(L, idx);
    if (!lua_checkstack(L, 6))
        return "not enough memory for the Lua stack";
    struct token *token = token_of(L, f->call, idx);
    if (token && token->owner == f) {
        *ours = false;
        *number = token->number;
        return token->number > 0 ? NULL : "a function that was released cannot cross";
    }
    *ours = true;
    *number = lent_number(L, f, idx);
    if (*number > 0)
        return NULL;
    if (f->lent >= LUATEE_FUNCTIONS_MAX)
        return "a function cannot cross: the other side holds " TEXT(
            LUATEE_FUNCTIONS_MAX) " already; release some with tee.release or collectgarbage()";
    if (!lend_protected(L, f, idx))
        return "not enough memory to lend a function";
    *number = f->last;
    return NULL;
}

void callback_push_lent(lua_State *L, struct callbacks *f, uint64_t number)
{
    push_table(L, f, LENT);
    if (lua_rawgeti(L, -1, (lua_Integer)number) != LUA_TFUNCTION)
        luaL_error(L, "there is no such function: it was released, or was never sent");
    lua_remove(L, -2);
}

void callback_reclaim(lua_State *L, struct callbacks *f, uint64_t number)
{
    if (!is_open(L, f))
        return;
    push_table(L, f, LENT);
    if (lua_rawgeti(L, -1, (lua_Integer)number) == LUA_TFUNCTION) {
        push_table(L, f, NUMBERS);
        lua_insert(L, -2);
        lua_pushnil(L);
        lua_rawset(L, -3);
        lua_pop(L, 1);
        lua_pushnil(L);
        lua_rawseti(L, -2, (lua_Integer)number);
        f->lent--;
    } else {
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

void callback_roll_back(lua_State *L, struct callbacks *f, uint64_t mark)
{
    for (uint64_t number = f->last; number > mark; number--)
        callback_reclaim(L, f, number);
}

/* --- borrowing */

/* Pushes a new proxy, and stores it in the table of proxies, which is at the top of the stack. Returns false when the
 * function cannot be held. */
static bool make_proxy(lua_State *L, struct callbacks *f, uint64_t number)
{
    struct token *token = lua_newuserdatauv(L, sizeof(*token), 1);
    *token = (struct token){ .owner = f };
    f->push_tables(L, f);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, TOKEN_TYPE);
    lua_pushcclosure(L, f->call, 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, (lua_Integer)number);
    if (!f->hold(f, number)) {
        lua_pushnil(L);
        lua_rawseti(L, -3, (lua_Integer)number);
        return false;
    }
    token->number = number;
    f->proxies++;
    return true;
}

/* codec_functions.push */
static bool push_function(struct codec_functions *codec, lua_State *L, bool ours, uint64_t number)
{
    struct callbacks *f = (struct callbacks *)codec;
    luaL_checkstack(L, 6, "for a function");
    if (number == 0 || number > INT64_MAX)
        return false;
    if (ours) {
        callback_push_lent(L, f, number);
        return true;
    }
    push_table(L, f, PROXIES);
    if (lua_rawgeti(L, -1, (lua_Integer)number) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        if (!make_proxy(L, f, number))
            return false;
    }
    lua_remove(L, -2);
    return true;
}

struct callbacks *callback_callee(lua_State *L, int idx, uint64_t *number)
{
    const struct token *token = luaL_checkudata(L, idx, TOKEN_TYPE);
    if (token->number == 0 || !is_open(L, token->owner))
        luaL_error(L, "the function was released, or its session is closed");
    *number = token->number;
    return token->owner;
}

struct callbacks *callback_owner(lua_State *L, lua_CFunction call, int idx)
{
    const struct token *token = token_of(L, call, idx);
    return token ? token->owner : NULL;
}

void callback_release(lua_State *L, struct callbacks *f, int idx)
{
    idx = lua_absindex(L, idx);
    luaL_checktype(L, idx, LUA_TFUNCTION);
    struct token *token = token_of(L, f->call, idx);
    if (!token || token->owner != f) {
        callback_reclaim(L, f, lent_number(L, f, idx));
        return;
    }
    if (token->number > 0 && is_open(L, f)) {
        push_table(L, f, PROXIES);
        lua_pushnil(L);
        lua_rawseti(L, -2, (lua_Integer)token->number);
        lua_pop(L, 1);
    }
    release_token(token);
}

void callback_collect(lua_State *L, struct callbacks *f)
{
    if (f->proxies <= f->proxies_max)
        return;
    lua_gc(L, LUA_GCCOLLECT);
    uint32_t more = f->proxies + PROXIES_MIN;
    f->proxies_max = 2 * more < LUATEE_FUNCTIONS_MAX / 2 ? 2 * more : more;
    if (f->proxies_max >= LUATEE_FUNCTIONS_MAX)
        f->proxies_max = LUATEE_FUNCTIONS_MAX - 1; /* at the maximum number of proxies, always collect */
}

/* --- setup */

void callback_setup(lua_State *L, struct callbacks *f, lua_CFunction call)
{
    f->codec.number = find_number;
    f->codec.push = push_function;
    f->call = call;
    f->proxies_max = PROXIES_MIN;
    if (luaL_newmetatable(L, TOKEN_TYPE)) {
        lua_pushcfunction(L, token_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_pop(L, 1);
    lua_createtable(L, CALLBACK_OTHERS + 1, 0);
    lua_newtable(L);
    lua_rawseti(L, -2, LENT);
    lua_newtable(L);
    lua_rawseti(L, -2, NUMBERS);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, PROXIES);
}
