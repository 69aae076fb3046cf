/* SPDX-License-Identifier: BSD-2-Clause */
/* The tee module inside a Lua state whose memory we control: what tests in Lua cannot do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/lua/tee.h"
#include "lualib.h"

/* Allocations that still succeed; below 0: all do. */
static long allowance = -1;

static void *allocate(void *context, void *block, size_t old_size, size_t size)
{
    (void)context;
    (void)old_size;
    if (size == 0) {
        free(block);
        return NULL;
    }
    if (allowance == 0 && (block == NULL || size > old_size))
        return NULL;
    if (allowance > 0)
        allowance--;
    return realloc(block, size);
}

static lua_State *L;

static int setup(void **state)
{
    (void)state;
    allowance = -1;
    L = lua_newstate(allocate, NULL);
    if (L == NULL)
        return 1;
    luaL_openlibs(L);
    luaL_requiref(L, "tee", luaopen_tee, 1);
    lua_settop(L, 0);
    lua_pushstring(L, CLIENT_TEST_APP);
    lua_setglobal(L, "APP");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    allowance = -1;
    lua_close(L);
    return 0;
}

/* Runs a chunk; its assertions are the test. */
static void run(const char *chunk)
{
    if (luaL_dostring(L, chunk) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    lua_settop(L, 0);
}

#define OPEN "local s <close> = tee.open{app = APP, backend = 'sim', plaintext = true}\n"

static void calls_and_results(void **state)
{
    (void)state;
    run(OPEN "assert(s:call('add', 1, 2) == 3)\n"
             "assert(select('#', s:call('echo')) == 0)\n"
             "assert(select('#', s:call('echo', nil, 1, nil)) == 3)\n"
             "assert(math.type(s:call('echo', 1.0)) == 'float')\n"
             "assert(s:call('echo', {x = {1, 2}}).x[2] == 2)\n");
}

static void errors_keep_their_value(void **state)
{
    (void)state;
    run(OPEN "local ok, e = pcall(s.call, s, 'fail', {code = 7}) assert(not ok and e.code == 7)\n"
             "ok, e = pcall(s.call, s, 'fail', nil) assert(not ok and e == nil)\n"
             "ok, e = pcall(s.call, s, 'fail', 'boom') assert(not ok and e:find('boom', 1, true))\n");
}

static void refused_arguments_are_named(void **state)
{
    (void)state;
    run(OPEN "local t = {peers = {1, 2, {}}} t.peers[3].self = t\n"
             "local ok, e = pcall(s.call, s, 'echo', 1, t)\n"
             "assert(not ok and e:find('argument 2 .peers[3].self: cycle', 1, true), e)\n"
             "ok, e = pcall(s.call, s, 'echo', io.stdout) assert(not ok and e:find('argument 1', 1, true), e)\n"
             "ok, e = pcall(s.call, s, '../echo') assert(not ok and e:find('name', 1, true), e)\n"
             "ok, e = pcall(s.call, s) assert(not ok)\n"
             "ok, e = pcall(s.call, s, {}) assert(not ok)\n"
             "assert(s:call('add', 1, 2) == 3)\n");
}

static void a_closed_session_says_so(void **state)
{
    (void)state;
    run("local s = tee.open{app = APP, backend = 'sim', plaintext = true}\n"
        "assert(tostring(s) == 'tee.session (client_app, sim)')\n"
        "s:close() s:close()\n"
        "assert(tostring(s) == 'tee.session (closed)')\n"
        "local ok, e = pcall(s.call, s, 'echo') assert(not ok and e:find('closed'), e)\n"
        "ok, e = pcall(s.info, s) assert(not ok and e:find('closed'), e)\n"
        "assert(getmetatable(s) == 'tee.session')\n");
}

static void without_a_default_session(void **state)
{
    (void)state;
    run("local ok, e = pcall(tee.call, 'echo') assert(not ok and e:find('tee.open', 1, true), e)\n"
        "ok, e = pcall(tee.info) assert(not ok and e:find('tee.open', 1, true), e)\n");
}

static void options_are_checked(void **state)
{
    (void)state;
    run("local function refused(options, word)\n"
        "    local ok, e = pcall(tee.open, options) assert(not ok and e:find(word, 1, true), e)\n"
        "end\n"
        "refused(nil, 'table') refused({}, 'app') refused({app = 5}, 'app') refused({app = APP, backend = 'x'}, "
        "'backend')\n"
        "refused({app = APP, stored = 1}, 'stored') refused({app = APP, plaintext = 'yes'}, 'plaintext')\n"
        "refused({app = APP, plain = true}, 'plain') refused({APP}, 'option') refused({app = '/no/such', backend = "
        "'sim'}, '/no/such')\n");
}

static void a_coroutine_can_call(void **state)
{
    (void)state;
    run(OPEN "local co = coroutine.wrap(function(x) for i = 1, 3 do x = coroutine.yield(s:call('add', x, i)) end end)\n"
             "assert(co(1) == 2) assert(co(2) == 4) assert(co(3) == 6)\n");
}

static void the_default_session(void **state)
{
    (void)state;
    luatee_session *session;
    luatee_options options = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true };
    assert_int_equal(luatee_open(&options, &session, NULL), LUATEE_OK);
    tee_set_default(L, session);
    run("assert(tee.call('add', 1, 2) == 3)\n"
        "local info = tee.info()\n"
        "assert(info.backend == 'sim' and info.app == 'client_app' and info.version == tee._VERSION and info.protocol "
        "== 2)\n"
        "local s <close> = tee.open{app = APP}\n" /* backend and plaintext are those of the default session */
        "assert(s:call('add', 1, 2) == 3)\n");
}

static void the_traceback_of_what_was_raised_last(void **state)
{
    (void)state;
    run("s = tee.open{app = APP, backend = 'sim', plaintext = true}\n"
        "_, e = pcall(s.call, s, 'fail', {code = 7})\n");
    lua_getglobal(L, "e");
    assert_true(tee_push_traceback(L, -1));
    assert_non_null(strstr(lua_tostring(L, -1), "fail"));
    lua_settop(L, 0);
    lua_newtable(L);
    assert_false(tee_push_traceback(L, -1));
    assert_int_equal(lua_gettop(L), 1);
    lua_settop(L, 0);
}

/* The collector runs finalizers while results are taken, and they call, close and open as they like. */
static void finalizers_use_the_session(void **state)
{
    (void)state;
    run(OPEN "collectgarbage('setpause', 0) collectgarbage('setstepmul', 1000)\n"
             "local calls = 0\n"
             "local function again()\n"
             "    setmetatable({}, {__gc = function()\n"
             "        if calls == 100 then return end\n" /* each makes the next one more likely */
             "        calls = calls + 1 assert(#s:call('tables', 50) == 50) again()\n"
             "    end})\n"
             "end\n"
             "for i = 1, 20 do again() end\n"
             "for i = 1, 20 do\n"
             "    local list = s:call('tables', 300)\n"
             "    for j = 1, 300 do assert(list[j].name == 'entry ' .. j and list[j].at[2] == j + 0.5) end\n"
             "end\n"
             "assert(calls > 0)\n"
             "calls = 100\n");
    run("local s = tee.open{app = APP, backend = 'sim', plaintext = true}\n"
        "collectgarbage('setpause', 0)\n"
        "setmetatable({}, {__gc = function() s:close() end})\n"
        "assert(#s:call('tables', 2000) == 2000)\n"
        "assert(not pcall(s.call, s, 'echo'))\n");
}

/* Memory runs out at each place in turn: always an error, and the session works afterwards. */
static void memory_can_run_out_anywhere(void **state)
{
    (void)state;
    run("s = tee.open{app = APP, backend = 'sim', plaintext = true} s:call('tables', 1)\n"
        "collectgarbage() collectgarbage('stop')\n");
    int failures = 0;
    bool done = false;
    for (long n = 0; !done; n++) {
        lua_getglobal(L, "s");
        lua_getfield(L, -1, "call");
        lua_insert(L, -2);
        lua_pushstring(L, "tables");
        lua_pushinteger(L, 5);
        allowance = n;
        int result = lua_pcall(L, 3, 1, 0);
        allowance = -1;
        assert_true(result == LUA_OK || result == LUA_ERRMEM);
        failures += result != LUA_OK;
        done = result == LUA_OK;
        lua_settop(L, 0);
        run("assert(#s:call('tables', 2) == 2)\n");
    }
    assert_true(failures > 5);
    run("s:close()");
}

static void memory_runs_out_while_opening(void **state)
{
    (void)state;
    bool done = false;
    for (long n = 0; !done; n++) {
        lua_getglobal(L, "tee");
        lua_getfield(L, -1, "open");
        lua_createtable(L, 0, 3);
        lua_getglobal(L, "APP");
        lua_setfield(L, -2, "app");
        lua_pushstring(L, "sim");
        lua_setfield(L, -2, "backend");
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, "plaintext");
        allowance = n;
        int result = lua_pcall(L, 1, 1, 0);
        allowance = -1;
        assert_true(result == LUA_OK || result == LUA_ERRMEM);
        done = result == LUA_OK;
        lua_settop(L, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_and_results, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_keep_their_value, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_arguments_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_closed_session_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_default_session, setup, teardown),
        cmocka_unit_test_setup_teardown(options_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_coroutine_can_call, setup, teardown),
        cmocka_unit_test_setup_teardown(the_default_session, setup, teardown),
        cmocka_unit_test_setup_teardown(the_traceback_of_what_was_raised_last, setup, teardown),
        cmocka_unit_test_setup_teardown(finalizers_use_the_session, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_can_run_out_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_runs_out_while_opening, setup, teardown),
    };
    return cmocka_run_group_tests_name("client_lua", tests, NULL, NULL);
}
