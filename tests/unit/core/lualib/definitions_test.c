/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether share/luals/ta/tee.lua (or the argument) declares every method of the TEE's objects. Scripts cannot list them,
 * this process can: it has the Lua state. The other direction, and all the rest: tests/lua/host/suite_definitions.lua.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lauxlib.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define DEFINITIONS "share/luals/ta/tee.lua"
#define TEXT_MAX (256 * 1024)

static char definitions[TEXT_MAX];

/* Makes one of each, so that their metatables are there. */
static const char makers[] =
    "tee.digest('sha256') tee.mac('sha256', 'k') tee.key.generate {type = 'aes'} tee.cbor.text 'x' "
    "tee.cbor.array {} tee.counter 'a' tee.kdf.pbkdf2('sha256', '', '', 1, 1)";

static const char *const types[] = { "digest", "mac", "key", "counter" };
#define TYPES (sizeof(types) / sizeof(types[0]))

/* Objects without methods: what is indexed in them is no name that a file can list. */
static const char *const without[] = { "tee.host", "tee.cbor.text", "tee.cbor.array", "tee.function",
                                       "tee.kdf.pbkdf2", "tee.store" };

static bool is_known(const char *type)
{
    for (size_t i = 0; i < TYPES; i++)
        if (strncmp(type, "tee.", 4) == 0 && strcmp(type + 4, types[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        if (strcmp(type, without[i]) == 0)
            return true;
    return false;
}

/* Pushes the table of methods of the metatable at -1: its __index, or what that function has for its first upvalue. */
static void push_methods(lua_State *L)
{
    lua_getfield(L, -1, "__index");
    if (lua_isfunction(L, -1) && lua_getupvalue(L, -1, 1) != NULL)
        lua_remove(L, -2);
}

static void every_method_is_declared(void **state)
{
    lua_State *L = trusted_vm->L;
    (void)state;
    trusted_sandbox.manifest.permissions = MANIFEST_COUNTERS;
    trusted_vm_works("a", makers);
    for (size_t i = 0; i < TYPES; i++) {
        char name[64];
        unsigned count = 0;
        (void)snprintf(name, sizeof(name), "tee.%s", types[i]);
        assert_int_equal(luaL_getmetatable(L, name), LUA_TTABLE);
        push_methods(L);
        assert_int_equal(lua_type(L, -1), LUA_TTABLE);
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1), count++) {
            char line[128];
            (void)snprintf(line, sizeof(line), "\nfunction %s:%s(", types[i], lua_tostring(L, -2));
            if (strstr(definitions, line) == NULL)
                fail_msg("%s:%s is not declared in the definition file", types[i], lua_tostring(L, -2));
        }
        assert_true(count > 0);
        lua_settop(L, 0);
    }
}

/* A new type of objects has to be told to this test. */
static void every_type_is_known(void **state)
{
    lua_State *L = trusted_vm->L;
    (void)state;
    trusted_sandbox.manifest.permissions = MANIFEST_COUNTERS;
    trusted_vm_works("a", makers);
    for (lua_pushnil(L); lua_next(L, LUA_REGISTRYINDEX); lua_pop(L, 1)) {
        const char *type = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (strncmp(type, "tee.", 4) == 0 && !is_known(type))
            fail_msg("a metatable '%s' that this test does not know: add it", type);
    }
}

static bool read_definitions(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t size = fread(definitions, 1, sizeof(definitions) - 1, file);
    (void)fclose(file);
    return size > 0 && size < sizeof(definitions) - 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_method_is_declared, trusted_vm_setup, trusted_vm_teardown),
        cmocka_unit_test_setup_teardown(every_type_is_known, trusted_vm_setup, trusted_vm_teardown),
    };
    if (!read_definitions(argc > 1 ? argv[1] : DEFINITIONS)) {
        (void)fprintf(stderr, "usage: definitions_test [FILE]\n");
        return 2;
    }
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
