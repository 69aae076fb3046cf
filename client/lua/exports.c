/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of the host that the TEE may call: how they are exported, and how they run. */
#include <string.h>

#include "abi/commands.h"
#include "abi/name.h"
#include "client/lua/tee.h"

/* Their addresses are keys in the registry: the exports of all sessions, and the traceback of the last error. */
static const char exports_key, traceback_key;

/* Levels of a traceback. It ends at tee_export_run: the error of the outer call shows the rest. */
#define LEVELS_MAX 16

void tee_exports_set(lua_State *L, int index)
{
    size_t size;
    const char *name = luaL_checklstring(L, index, &size);
    if (!luatee_name_valid(name, size))
        luaL_error(L, "'%s' cannot be an export's name: use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot", name,
                   LUATEE_NAME_MAX);
    if (!lua_isnil(L, index + 1))
        luaL_checktype(L, index + 1, LUA_TFUNCTION);
    lua_pushvalue(L, index);
    lua_pushvalue(L, index + 1);
    lua_rawset(L, -3);
}

void tee_exports_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &exports_key);
}

static bool push_export(lua_State *L, struct tee_session *self, const char *name, size_t size)
{
    tee_session_table(L, self, TEE_EXPORTS);
    tee_exports_push(L);
    for (int table = -2; table <= -1; table++) {
        lua_pushlstring(L, name, size);
        if (lua_rawget(L, table - 1) == LUA_TFUNCTION)
            return true;
        lua_pop(L, 1);
    }
    return false;
}

/* Reads the target of the message, and pushes that function. Returns false for a malformed message. */
static bool push_target(lua_State *L, struct tee_question *question)
{
    size_t size;
    uint64_t number;
    if (question->count == 0)
        return false;
    if (cursor_tagged(question->in, LUATEE_TAG_HOST_FUNCTION, &number)) {
        if (number == 0 || number > INT64_MAX)
            return false;
        callback_push_lent(L, &question->self->functions, number);
        return true;
    }
    const char *name = cursor_text(question->in, 1, LUATEE_NAME_MAX, &size);
    if (name == NULL || !luatee_name_valid(name, size))
        return false;
    if (!push_export(L, question->self, name, size)) {
        lua_pushlstring(L, name, size);
        luaL_error(L, "the host exports no function '%s': export it with tee.export(\"%s\", f)", lua_tostring(L, -1),
                   lua_tostring(L, -1));
    }
    return true;
}

int tee_export_run(lua_State *L)
{
    struct tee_question *question = lua_touserdata(L, 1);
    int count = -1;
    lua_settop(L, 0);
    if (push_target(L, question)) {
        lua_insert(L, 1);
        lua_settop(L, 1);
        count = codec_decode(L, question->in, question->count - 1, &question->self->functions.codec);
    }
    question->bad = count < 0 || !cursor_finish(question->in);
    if (question->bad)
        return 0;
    lua_call(L, count, LUA_MULTRET);
    return lua_gettop(L);
}

/* --- errors */

static void add_level(lua_State *L, luaL_Buffer *text, lua_Debug *frame)
{
    lua_getinfo(L, "Sln", frame);
    luaL_addstring(text, "\n\t");
    luaL_addstring(text, frame->short_src);
    if (frame->currentline > 0) {
        lua_pushfstring(L, ":%d", frame->currentline);
        luaL_addvalue(text);
    }
    luaL_addstring(text, ": in ");
    if (frame->name != NULL)
        lua_pushfstring(L, "%s '%s'", frame->namewhat, frame->name);
    else if (*frame->what == 'L')
        lua_pushfstring(L, "function <%s:%d>", frame->short_src, frame->linedefined);
    else
        lua_pushliteral(L, "?");
    luaL_addvalue(text);
}

static bool is_run(lua_State *L, lua_Debug *frame)
{
    lua_getinfo(L, "f", frame);
    bool is = lua_tocfunction(L, -1) == tee_export_run;
    lua_pop(L, 1);
    return is;
}

/* Pushes the traceback, down to tee_export_run. */
static void push_levels(lua_State *L)
{
    lua_Debug frame;
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    luaL_addstring(&text, "stack traceback in the host:");
    for (int level = 1; level <= LEVELS_MAX && lua_getstack(L, level, &frame) && !is_run(L, &frame); level++)
        add_level(L, &text, &frame);
    luaL_pushresult(&text);
}

/* Returns whether it is Lua's message about a function that was called from C and yields. */
static bool is_about_yield(const char *message)
{
    return message != NULL && (strcmp(message, "attempt to yield across a C-call boundary") == 0 ||
                               strcmp(message, "attempt to yield from outside a coroutine") == 0);
}

int tee_export_explain(lua_State *L)
{
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && is_about_yield(lua_tostring(L, 1))) {
        lua_pushliteral(L, "attempt to yield across the boundary between the worlds: a function that the TEE calls "
                           "runs to its end, and only coroutines that it resumes itself can yield");
        lua_replace(L, 1);
    }
    bool nested = tee_push_traceback(L, 1);
    if (nested)
        lua_pushliteral(L, "\n");
    push_levels(L);
    lua_concat(L, nested ? 3 : 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
    return 1;
}

void tee_export_push_traceback(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &traceback_key) == LUA_TSTRING)
        return;
    lua_pop(L, 1);
    lua_pushliteral(L, "");
}

void tee_exports_register(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &exports_key);
    lua_pushliteral(L, "");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
}
