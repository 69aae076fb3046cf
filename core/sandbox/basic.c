/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/basic.h"

#include <string.h>

#include "core/base/flavour.h"
#include "core/codec/visible.h"
#include "core/vm/call.h"
#include "lauxlib.h"

/* Units of fuel for load: a parser's state, a function and its prototype. The source is paid for separately. */
#define LOAD_FUEL 300

/* Bytes of a line in the TEE's log: OP-TEE cuts longer lines. */
#define LOG_LINE_SIZE 256

/* Units of fuel for a line of print: two requests to the TEE, for the time and for the log. Each byte costs another. */
#define PRINT_FUEL 500

/* Units of fuel for pcall and xpcall. */
#define CATCH_FUEL 8

/* Keys in the registry of Lua's own functions. */
static const char key_load, key_setmetatable, key_collectgarbage;

/* Calls Lua's own C function that is stored under key, in this frame, with this frame's arguments. */
static int call_original(lua_State *L, const char *key)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
    lua_CFunction original = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    return original(L);
}

static void keep_original(lua_State *L, int base, const char *name, const char *key)
{
    lua_getfield(L, base, name);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/* Raises the error that ends the call again, after a function has caught it. */
static void check_end(lua_State *L)
{
    if (!fuel_ended(&calls_of(L)->fuel))
        return;
    fuel_push_error(L);
    lua_error(L);
}

/*
 * load, for text only: malformed bytecode can take over the VM. The default environment is the upvalue, the globals of
 * the script that this function belongs to. Lua's own load would use the registry's globals.
 */
static int basic_load(lua_State *L)
{
    luatee_fuel_consume(L, LOAD_FUEL);
    if (!vm_granted(L, VM_GRANT_LOAD))
        return luaL_error(L, "load is not granted: set permissions = {load = true} in manifest.lua");
    const char *mode = luaL_optstring(L, 3, "bt");
    bool has_env = !lua_isnone(L, 4);
    luaL_argexpected(L, lua_isstring(L, 1) || lua_isfunction(L, 1), 1, "function");
    if (!strchr(mode, 't')) {
        luaL_pushfail(L);
        lua_pushfstring(L, "attempt to load a text chunk (mode is '%s')", mode);
        return 2;
    }
    lua_settop(L, has_env ? 4 : 3);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    if (!has_env)
        lua_pushvalue(L, lua_upvalueindex(1));
    int count = call_original(L, &key_load);
    check_end(L); /* Lua's own load catches errors of the reader function */
    return count;
}

/* --- pcall and xpcall: as Lua's own, but they raise the error that ends a call again, and report figures of a memory
 * shortage */

static int pcall_end(lua_State *L, int status, lua_KContext handler)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)handler;
    check_end(L);
    lua_pushboolean(L, 0);
    if (status == LUA_ERRMEM)
        vm_explain_shortage(L);
    else
        lua_pushvalue(L, -2);
    return 2;
}

static int base_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    luatee_fuel_consume(L, CATCH_FUEL); /* also for moving the arguments: pcall can call pcall */
    lua_pushboolean(L, 1); /* the first result */
    lua_insert(L, 1);
    return pcall_end(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, pcall_end), 0);
}

static int base_xpcall(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    luatee_fuel_consume(L, CATCH_FUEL);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* function, handler, true, function, arguments */
    return pcall_end(L, lua_pcallk(L, count - 2, LUA_MULTRET, 2, 2, pcall_end), 2);
}

/* setmetatable, without __gc: a finalizer would run at any time, inside any other call. */
static int base_setmetatable(lua_State *L)
{
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "a metatable with __gc: trusted scripts have no finalizers");
        lua_pop(L, 1);
    }
    return call_original(L, &key_setmetatable);
}

/* collectgarbage, without options that change the collector's mode: a script may only decide when the collector
 * runs. */
static int base_collectgarbage(lua_State *L)
{
    static const char *const options[] = { "collect", "count", "step", NULL };
    (void)luaL_checkoption(L, 1, "collect", options);
    return call_original(L, &key_collectgarbage);
}

static void write_line(lua_State *L, int idx)
{
    size_t size;
    const char *text = lua_tolstring(L, idx, &size);
    char line[LOG_LINE_SIZE];
    struct vm *vm = vm_of(L);
    luatee_fuel_consume(L, PRINT_FUEL + size);
    if (FLAVOUR_IS_DEV || vm_granted(L, VM_GRANT_LOG))
        print_log_line(&vm->calls->print_log, line, visible_line(text, size, line, sizeof(line)));
    if (FLAVOUR_IS_DEV) {
        call_log(vm, text, size);
        call_log(vm, "\n", 1);
    }
}

static int base_print(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&line, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    write_line(L, -1);
    return 0;
}

/* warn, which writes as print does: Lua's own writes nothing without a warn function. Ignores control messages
 * ("@on"). */
static int base_warn(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_checkstring(L, 1);
    for (int i = 2; i <= count; i++)
        luaL_checkstring(L, i);
    if (count == 1 && *lua_tostring(L, 1) == '@')
        return 0;
    lua_pushliteral(L, "Lua warning: ");
    lua_insert(L, 1);
    lua_concat(L, count + 1);
    write_line(L, -1);
    return 0;
}

void basic_setup(lua_State *L, int base, int to)
{
    static const luaL_Reg functions[] = {
        { "collectgarbage", base_collectgarbage },
        { "pcall", base_pcall },
        { "print", base_print },
        { "setmetatable", base_setmetatable },
        { "warn", base_warn },
        { "xpcall", base_xpcall },
        { NULL, NULL },
    };
    keep_original(L, base, "load", &key_load);
    keep_original(L, base, "setmetatable", &key_setmetatable);
    keep_original(L, base, "collectgarbage", &key_collectgarbage);
    lua_pushvalue(L, to);
    luaL_setfuncs(L, functions, 0);
    lua_pushvalue(L, base); /* where tracebacks find names */
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 2);
}

void basic_bind(lua_State *L, int env)
{
    lua_pushvalue(L, env);
    lua_pushcclosure(L, basic_load, 1);
    lua_setfield(L, env, "load");
}
