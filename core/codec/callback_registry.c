/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/callback_registry.h"

#include "abi/limits.h"
#include "lauxlib.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#define TOKEN_TYPE "tee.function"

/* How many proxies may pile up before the first collection; later as many again as were left by the last one. */
#define PROXIES_MIN 128

/* The tables of one struct callbacks, in one table. */
enum table {
    LENT = 1, /* number -> function */
    NUMBERS,  /* function -> number */
    PROXIES,  /* number -> proxy, as long as it lives */
};

/*
 * A proxy's only upvalue: when the proxy is garbage, so is this, and its finalizer knows. A finalizer that is lost
 * leaves a function held, by number, until the session ends: the other side keeps what nobody uses. The owner is there
 * for as long as the token: in the TEE it is part of the vm, in the client part of the session's userdata, which the
 * token's user value keeps (the table of tables has it as TEE_SELF), also when the session is closed.
 */
struct token {
    struct callbacks *owner;
    uint64_t number; /* 0: released */
};

/* Pushes one of the tables. A session that was closed, by a finalizer of the host's, has none: an error. */
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

static void let_go(struct token *token)
{
    if (token->number == 0)
        return;
    token->owner->drop(token->owner, token->number);
    token->owner->proxies--;
    token->number = 0;
}

static int token_gc(lua_State *L)
{
    let_go(lua_touserdata(L, 1));
    return 0;
}

/* The token of the proxy at idx, whoever's; NULL when it is none. */
static struct token *token_of(lua_State *L, lua_CFunction call, int idx)
{
    if (lua_tocfunction(L, idx) != call || !lua_getupvalue(L, idx, 1))
        return NULL;
    struct token *token = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return token;
}

/* --- lending */

/* Runs protected: (f, function). Returns the number. */
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

/* The number under which the function at idx is lent; 0: it is not. */
static uint64_t lent_number(lua_State *L, const struct callbacks *f, int idx)
{
    push_table(L, f, NUMBERS);
    lua_pushvalue(L, idx);
    lua_rawget(L, -2);
    uint64_t number = (uint64_t)lua_tointeger(L, -1);
    lua_pop(L, 2);
    return number;
}

/* A coroutine that waits cannot run anything, so the main thread does it. */
static lua_State *runner(lua_State *L)
{
    if (lua_status(L) != LUA_YIELD)
        return L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    lua_State *main = lua_tothread(L, -1);
    lua_pop(L, 1);
    return main;
}

/* Lua may allocate here, and would collect garbage: finalizers of the host may use the session, in the middle of a
 * message. */
static bool lend_protected(lua_State *L, struct callbacks *f, int idx)
{
    bool running = lua_gc(L, LUA_GCISRUNNING);
    lua_State *on = runner(L);
    if (!lua_checkstack(on, 3))
        return false;
    lua_gc(L, LUA_GCSTOP);
    lua_pushcfunction(on, lend);
    lua_pushlightuserdata(on, f);
    lua_pushvalue(L, idx);
    if (on != L)
        lua_xmove(L, on, 1);
    int status = lua_pcall(on, 2, 0, 0);
    if (status != LUA_OK)
        lua_pop(on, 1);
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
        return "a function cannot cross: the other side has " TEXT(LUATEE_FUNCTIONS_MAX)
               " already; let go of some, by tee.release or the garbage collector";
    if (!lend_protected(L, f, idx))
        return "not enough memory to lend a function";
    *number = f->last;
    return NULL;
}

void callback_push_lent(lua_State *L, struct callbacks *f, uint64_t number)
{
    push_table(L, f, LENT);
    if (lua_rawgeti(L, -1, (lua_Integer)number) != LUA_TFUNCTION)
        luaL_error(L, "a function that is not there: it was released, or there never was one");
    lua_remove(L, -2);
}

void callback_take_back(lua_State *L, struct callbacks *f, uint64_t number)
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
        callback_take_back(L, f, number);
}

/* --- borrowing */

/* Stack: proxies. Pushes a new proxy, and keeps it there. */
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
        callback_take_back(L, f, lent_number(L, f, idx));
        return;
    }
    if (token->number > 0 && is_open(L, f)) {
        push_table(L, f, PROXIES);
        lua_pushnil(L);
        lua_rawseti(L, -2, (lua_Integer)token->number);
        lua_pop(L, 1);
    }
    let_go(token);
}

void callback_collect(lua_State *L, struct callbacks *f)
{
    if (f->proxies <= f->proxies_max)
        return;
    lua_gc(L, LUA_GCCOLLECT);
    uint32_t more = f->proxies + PROXIES_MIN;
    f->proxies_max = 2 * more < LUATEE_FUNCTIONS_MAX / 2 ? 2 * more : more;
    if (f->proxies_max >= LUATEE_FUNCTIONS_MAX)
        f->proxies_max = LUATEE_FUNCTIONS_MAX - 1; /* there can be no more: a full book is always a reason */
}

/* --- the whole */

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
