/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sandbox/script.h"

#include <stdio.h>
#include <string.h>

#include "abi/name.h"
#include "core/package/source.h"
#include "core/sandbox/globals.h"
#include "core/sandbox/sandbox.h"
#include "core/trust/script_store.h"
#include "core/vm/call.h"
#include "lauxlib.h"
#include "port/lua/clone.h"
#include "port/lua/fuel.h"

/* Units of fuel: verifying and decrypting a package, for itself and for a byte; fresh globals for a script. */
#define PACKAGE_FUEL 20000
#define PACKAGE_FUEL_BYTE 4
#define GLOBALS_FUEL 500

/* Keys in the registry: compiled scripts by name; values of modules by name. */
static const char key_scripts, key_modules;

/* The libraries that `require` returns, as in stock Lua; and `tee`, as on the host's side. */
static const char *const library_names[] = { "_G", "coroutine", "math", "string", "table", "tee", "utf8" };
#define LIBRARY_COUNT ((int)(sizeof(library_names) / sizeof(library_names[0])))

void script_setup(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_scripts);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_modules);
}

/* Pushes the compiled chunk. Otherwise returns false and pushes a message. Raises no error. mode: as
 * luaL_loadbufferx. */
static bool compile(lua_State *L, const char *name, const void *source, size_t size, const char *mode)
{
    char chunk[sizeof("@ta/.lua") + LUATEE_NAME_MAX]; /* messages name the script "ta/NAME.lua" */
    snprintf(chunk, sizeof(chunk), "@ta/%s.lua", name);
    if (*mode == 't')
        source = source_text(source, &size);
    return luaL_loadbufferx(L, source, size, chunk, mode) == LUA_OK;
}

/* Keeps the compiled chunk on the top of the stack, and removes it. */
static void keep(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_scripts);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* Verifies, decrypts and compiles a package, and wipes its plaintext. Sets *ok to the result of compile(). Pushes
 * nothing unless TEE_SUCCESS is returned. Raises no error. */
static TEE_Result compile_package(lua_State *L, const char *name, const void *data, size_t size, bool *ok,
                                  const char **refused)
{
    struct vm *vm = vm_of(L);
    struct package_opened opened;
    (void)luatee_fuel_deduct(PACKAGE_FUEL + PACKAGE_FUEL_BYTE * size);
    TEE_Result result = policy_accept_script(&sandbox_of(L)->policy, name, data, size, &opened, refused);
    if (result != TEE_SUCCESS)
        return result;
    /* Malicious bytecode can take over the VM: bytecode is accepted only from a verified package. */
    *ok = compile(L, name, opened.plaintext, opened.size, opened.kind == PACKAGE_BYTECODE ? "b" : "t");
    package_opened_free(vm->alloc, &opened);
    return TEE_SUCCESS;
}

static TEE_Result compile_any(lua_State *L, const char *name, const void *data, size_t size, bool *ok,
                              const char **refused)
{
    if (!sandbox_of(L)->policy.plaintext)
        return compile_package(L, name, data, size, ok, refused);
    if (size > 0 && *(const char *)data == LUA_SIGNATURE[0]) {
        *refused = "it is bytecode, which only a verified package may contain";
        return TEE_ERROR_SECURITY;
    }
    *ok = compile(L, name, data, size, "t");
    return TEE_SUCCESS;
}

static void push_open_error(lua_State *L, const char *name, TEE_Result result)
{
    char code[sizeof("0x00000000")];
    snprintf(code, sizeof(code), "0x%08x", (unsigned)result);
    lua_pushfstring(L, "the package of script '%s' cannot be opened: TEE error %s", name, code);
}

bool script_add(lua_State *L, const char *name, const void *data, size_t size, const char **refused)
{
    bool ok = false;
    luaL_checkstack(L, 4, NULL);
    TEE_Result result = compile_any(L, name, data, size, &ok, refused);
    if (result != TEE_SUCCESS)
        push_open_error(L, name, result);
    else if (ok)
        keep(L, name);
    return ok;
}

/* Compiles a script of secure storage. Otherwise returns false and pushes a message; sets *refused as script_add. */
static bool load_stored(lua_State *L, const char *name, const char **refused)
{
    struct vm *vm = vm_of(L);
    const char *flag = sandbox_of(L)->policy.plaintext ? " -u" : "";
    struct script_store_object object = { OBJECT_SCRIPT, vm->app, name, NULL };
    if (!sandbox_of(L)->policy.plaintext) {
        object.kind = OBJECT_PACKAGE;
        object.bundle = sandbox_of(L)->policy.bundle;
    }
    struct script_store_record record;
    TEE_Result result = script_store_get(vm->alloc, &object, &record);
    if (result == TEE_ERROR_ITEM_NOT_FOUND) {
        lua_pushfstring(L, "no trusted script '%s' in the TEE's secure storage; add it with: luatee store add%s APP %s",
                        name, flag, name);
        return false;
    }
    if (result != TEE_SUCCESS) {
        char code[sizeof("0x00000000")];
        snprintf(code, sizeof(code), "0x%08x", (unsigned)result);
        lua_pushfstring(
            L, "the stored script '%s' cannot be read: TEE error %s; store it again with: luatee store add%s APP %s",
            name, code, flag, name);
        return false;
    }
    bool ok = false;
    result = compile_any(L, name, record.data, record.size, &ok, refused);
    script_store_record_free(vm->alloc, &record);
    if (result != TEE_SUCCESS)
        push_open_error(L, name, result);
    else if (ok)
        keep(L, name);
    return ok;
}

/* Pushes the compiled script. Returns false when the host must be asked for it. Raises an error when secure storage has
 * no usable script. */
static bool push_script(lua_State *L, const char *name, lua_KFunction k)
{
    const char *refused = NULL;
    luaL_checkstack(L, 4, NULL);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_scripts);
    if (lua_getfield(L, -1, name) == LUA_TNIL && sandbox_of(L)->stored) {
        lua_pop(L, 1);
        if (!load_stored(L, name, &refused)) {
            if (refused)
                call_refuse(L, name, refused, true, k);
            lua_error(L);
        }
        lua_getfield(L, -1, name);
    }
    lua_remove(L, -2);
    if (!lua_isnil(L, -1))
        return true;
    lua_pop(L, 1);
    return false;
}

static const char *check_name(lua_State *L, int idx)
{
    size_t size;
    const char *name = luaL_checklstring(L, idx, &size);
    if (!luatee_name_valid(name, size))
        luaL_error(L, "bad script name: 1 to %d of A-Z a-z 0-9 _ - . and no leading dot", LUATEE_NAME_MAX);
    return name;
}

static int check_depth(lua_State *L, const char *name)
{
    int depth = (int)lua_tointeger(L, lua_upvalueindex(1));
    if (depth >= LUATEE_CALL_DEPTH_MAX)
        luaL_error(L, "script '%s': trusted scripts are inside each other deeper than %d", name, LUATEE_CALL_DEPTH_MAX);
    return depth;
}

/* Pushes the script as a function with fresh globals. Otherwise asks the host and continues in k, with `asked` true. */
static void push_instance(lua_State *L, const char *name, lua_KContext asked, lua_KFunction k)
{
    int depth = check_depth(L, name);
    if (calls_of(L)->refused)
        luaL_error(L, "script '%s' does not run: the call is over, since a script was refused", name);
    if (!push_script(L, name, k)) {
        if (!asked)
            call_ask_script(L, name, true, k);
        call_push_refusal(L);
        lua_error(L);
    }
    luatee_fuel_consume(L, GLOBALS_FUEL);
    globals_push(L, depth + 1);
    clone_chunk(L, -2);
    lua_remove(L, -2);
}

static int call_end(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    return lua_gettop(L);
}

/* internal_TA_call(name, ...): replaces the name by the script's function, calls it, and returns all its results. */
static int call_go(lua_State *L, int status, lua_KContext asked)
{
    (void)status;
    push_instance(L, check_name(L, 1), asked, call_go);
    lua_replace(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, call_end);
    return call_end(L, LUA_OK, 0);
}

static int script_call(lua_State *L)
{
    return call_go(L, LUA_OK, false);
}

/* Pushes the module's value, or nil. Returns whether the module has run. */
static bool push_module(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_modules);
    bool there = lua_getfield(L, -1, name) != LUA_TNIL;
    lua_remove(L, -2);
    return there;
}

/* Stack: name, the module's value. Returns the results of require: the value, and the path of the script. */
static int require_end(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    const char *name = lua_tostring(L, 1);
    if (lua_isnil(L, 2)) {
        lua_pushboolean(L, 1);
        lua_replace(L, 2);
    }
    /* Another coroutine, or a call from the host meanwhile, may have loaded the module: there is only one instance. */
    if (push_module(L, name)) {
        lua_replace(L, 2);
    } else {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &key_modules);
        lua_pushvalue(L, 2);
        lua_setfield(L, -2, name);
    }
    lua_settop(L, 2);
    lua_pushfstring(L, "ta/%s.lua", name);
    return 2;
}

static int require_go(lua_State *L, int status, lua_KContext asked)
{
    (void)status;
    lua_settop(L, 1);
    const char *name = check_name(L, 1);
    if (push_module(L, name)) {
        lua_pushfstring(L, "ta/%s.lua", name);
        return 2;
    }
    lua_settop(L, 1);
    push_instance(L, name, asked, require_go);
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 1, 0, require_end);
    return require_end(L, LUA_OK, 0);
}

/* require(name). Upvalues: the depth, then the libraries as they were when the set of globals was made. */
static int script_require(lua_State *L)
{
    const char *name = check_name(L, 1);
    for (int i = 0; i < LIBRARY_COUNT; i++) {
        if (strcmp(name, library_names[i]) != 0)
            continue;
        lua_pushvalue(L, lua_upvalueindex(2 + i));
        return 1;
    }
    return require_go(L, LUA_OK, false);
}

static int script_import(lua_State *L)
{
    return require_go(L, LUA_OK, false);
}

void script_push_call(lua_State *L, int depth)
{
    lua_pushinteger(L, depth);
    lua_pushcclosure(L, script_call, 1);
}

void script_push_import(lua_State *L)
{
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, script_import, 1);
}

void script_bind(lua_State *L, int env, int depth)
{
    script_push_call(L, depth);
    if (lua_getfield(L, env, "tee") == LUA_TNIL) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 2);
        lua_pushcfunction(L, fuel_query);
        lua_setfield(L, -2, "fuel");
        lua_pushvalue(L, -1);
        lua_setfield(L, env, "tee");
    }
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "call");
    lua_pop(L, 1);
    lua_setfield(L, env, "internal_TA_call");
    lua_pushinteger(L, depth);
    for (int i = 0; i < LIBRARY_COUNT; i++)
        lua_getfield(L, env, library_names[i]);
    lua_pushcclosure(L, script_require, 1 + LIBRARY_COUNT);
    lua_setfield(L, env, "require");
}
