/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/host.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "client/lua/tee.h"
#include "client/base/show.h"
#include "lualib.h"

/* Pushes the message of the error value at index, in the same way as the stock interpreter (lua.c, msghandler). */
static void push_message(lua_State *L, int index)
{
    bool has_message = lua_isstring(L, index);
    if (!has_message && luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        has_message = true;
    }
    if (has_message)
        (void)luaL_tolstring(L, index, NULL);
    else
        lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, index));
}

/* The message handler, with the host as its upvalue. Returns the error's message with the tracebacks of both worlds. */
static int explain(lua_State *L)
{
    /* The traceback when no script ran: the script is missing, or does not compile. */
    static const char nowhere[] = "stack traceback in the TEE:\n\t[C]: in ?";
    lua_settop(L, 1);
    if (tee_is_refusal(L, 1))
        ((struct host *)lua_touserdata(L, lua_upvalueindex(1)))->status = EXIT_REFUSED;
    if (!tee_push_traceback(L, 1))
        lua_pushstring(L, nowhere);
    luaL_traceback(L, L, NULL, 1);

    push_message(L, 1);
    if (strcmp(lua_tostring(L, 2), nowhere) != 0) {
        lua_pushliteral(L, "\n");
        lua_pushvalue(L, 2);
        lua_concat(L, 3);
    }
    lua_pushliteral(L, "\n");
    lua_pushvalue(L, 3);
    lua_concat(L, 3);
    return 1;
}

/* Adds FOLDER/host to the front of package.path. */
static void add_path(lua_State *L, const char *folder)
{
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "path");
    lua_pushfstring(L, "%s/host/?.lua;%s/host/?/init.lua;%s", folder, folder, lua_tostring(L, -1));
    lua_setfield(L, -3, "path");
    lua_pop(L, 2);
}

static void set_arg(lua_State *L, const struct host *host)
{
    lua_createtable(L, host->argument_count, 1);
    lua_pushstring(L, host->path);
    lua_rawseti(L, -2, 0);
    for (int i = 0; i < host->argument_count; i++) {
        lua_pushstring(L, host->arguments[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setglobal(L, "arg");
}

/* Prints the values from stack index `first` to the top, as Lua's print does. */
static void print_results(lua_State *L, int first)
{
    int last = lua_gettop(L);
    for (int i = first; i <= last; i++) {
        size_t size;
        const char *text = luaL_tolstring(L, i, &size);
        if (i > first)
            fputc('\t', stdout);
        (void)fwrite(text, 1, size, stdout);
        lua_pop(L, 1);
    }
    if (last >= first)
        fputc('\n', stdout);
}

/* Calls upvalue 1, the compiled main.lua, with its own arguments, and prints the results. */
static int run_main(lua_State *L)
{
    int arguments = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, arguments, LUA_MULTRET);
    print_results(L, 1);
    return 0;
}

/* Runs in protected mode, because every step can run out of memory. Returns nothing, or raises a complete message. */
static int prepare_and_run(lua_State *L)
{
    struct host *host = lua_touserdata(L, 1);
    luaL_openlibs(L);
    luaL_requiref(L, "tee", luaopen_tee, 0);
    luatee_session *session = host->session;
    host->session = NULL;
    tee_set_default(L, session);
    lua_getfield(L, -1, "call");
    lua_setglobal(L, "TA_call");
    add_path(L, host->folder);
    set_arg(L, host);

    lua_settop(L, 0);
    lua_pushlightuserdata(L, host);
    lua_pushcclosure(L, explain, 1);
    if (luaL_loadfile(L, host->path) != LUA_OK)
        return lua_error(L);
    lua_pushcclosure(L, run_main, 1);
    luaL_checkstack(L, host->argument_count, "too many arguments to the app");
    for (int i = 0; i < host->argument_count; i++)
        lua_pushstring(L, host->arguments[i]);
    if (lua_pcall(L, host->argument_count, 0, 1) != LUA_OK)
        return lua_error(L);
    return 0;
}

/* Prints the error message at the top of the stack. cli_complain() cannot: a Lua string may contain NULs. */
static void print_error(lua_State *L)
{
    size_t size;
    const char *message = luaL_tolstring(L, -1, &size);
    (void)fflush(stdout); /* the program's output comes before the error */
    fputs("luatee: ", stderr);
    luatee_show(stderr, message, size);
    fputc('\n', stderr);
}

int host_run(struct host *host)
{
    int status = EXIT_FINE;
    host->status = EXIT_RAISED;
    lua_State *L = luaL_newstate();
    if (L == NULL) {
        luatee_close(host->session);
        cli_complain("out of memory");
        return EXIT_RAISED;
    }
    lua_pushcfunction(L, prepare_and_run);
    lua_pushlightuserdata(L, host);
    interrupt_watch(host->session);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        print_error(L);
        status = host->status;
    }
    interrupt_forget();
    lua_close(L);
    luatee_close(host->session);
    return status;
}
