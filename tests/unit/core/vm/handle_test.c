/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of what scripts hold of the TEE, with finalizers that are lost: each record is released once, when it is
 * closed or at the end of the session, and a handle that outlived its record finds none. What the TEE gives and gets
 * back is counted here.
 */
/* link: --wrap=TEE_AllocateOperation --wrap=TEE_FreeOperation */
/* link: --wrap=TEE_AllocateTransientObject --wrap=TEE_FreeTransientObject */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/sandbox/globals.h"
#include "lauxlib.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

/* --- what the TEE gave and has not got back ----------------------------------------------------------------------- */

#define LIVE_MAX 128
static const void *live[LIVE_MAX];
static unsigned live_count;

static void given(const void *handle)
{
    assert_true(live_count < LIVE_MAX);
    live[live_count++] = handle;
}

static void given_back(const void *handle)
{
    for (unsigned i = 0; i < live_count; i++) {
        if (live[i] != handle)
            continue;
        live[i] = live[--live_count];
        return;
    }
    fail_msg("a handle was given back twice, or was none");
}

TEE_Result __real_TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode,
                                        uint32_t bits);
TEE_Result __wrap_TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode,
                                        uint32_t bits);
TEE_Result __wrap_TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode,
                                        uint32_t bits)
{
    TEE_Result result = __real_TEE_AllocateOperation(operation, algorithm, mode, bits);
    if (result == TEE_SUCCESS)
        given(*operation);
    return result;
}

void __real_TEE_FreeOperation(TEE_OperationHandle operation);
void __wrap_TEE_FreeOperation(TEE_OperationHandle operation);
void __wrap_TEE_FreeOperation(TEE_OperationHandle operation)
{
    given_back(operation);
    __real_TEE_FreeOperation(operation);
}

TEE_Result __real_TEE_AllocateTransientObject(uint32_t type, uint32_t bits, TEE_ObjectHandle *object);
TEE_Result __wrap_TEE_AllocateTransientObject(uint32_t type, uint32_t bits, TEE_ObjectHandle *object);
TEE_Result __wrap_TEE_AllocateTransientObject(uint32_t type, uint32_t bits, TEE_ObjectHandle *object)
{
    TEE_Result result = __real_TEE_AllocateTransientObject(type, bits, object);
    if (result == TEE_SUCCESS)
        given(*object);
    return result;
}

void __real_TEE_FreeTransientObject(TEE_ObjectHandle object);
void __wrap_TEE_FreeTransientObject(TEE_ObjectHandle object);
void __wrap_TEE_FreeTransientObject(TEE_ObjectHandle object)
{
    if (object != TEE_HANDLE_NULL)
        given_back(object);
    __real_TEE_FreeTransientObject(object);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static const char *const types[] = { "tee.digest", "tee.mac", "tee.key" };

/* As a finalizer ends that finds no memory, or no C stack: Lua drops it, and frees the userdata later. */
static int fail_to_finalize(lua_State *L)
{
    return luaL_error(L, "C stack overflow");
}

/* From now on; NULL: nobody even tries. */
static void lose_finalizers(lua_CFunction instead)
{
    lua_State *L = trusted_vm->L;
    trusted_vm_works("first", "tee.digest('sha256') tee.mac('sha256', 'k') tee.key.generate {type = 'aes'}");
    lua_gc(L, LUA_GCCOLLECT);
    assert_int_equal(trusted_vm->handles.count, 0);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        luaL_getmetatable(L, types[i]);
        if (instead)
            lua_pushcfunction(L, instead);
        else
            lua_pushnil(L);
        lua_setfield(L, -2, "__gc");
        lua_pop(L, 1);
    }
}

#define EACH 8

static void leak_until_the_session_ends(lua_CFunction instead)
{
    lose_finalizers(instead);
    trusted_vm_works("lost", "for i = 1, 8 do tee.digest('sha256') tee.mac('sha256', 'k')\n"
                             "tee.key.generate {type = 'aes'} end\n"
                             "collectgarbage() collectgarbage()\n"
                             "for i = 1, 400 do local s = ('x'):rep(24) .. i end");
    assert_int_equal(trusted_vm->handles.count, 3 * EACH);
    /* The session goes on with what is left, as long as it closes what it makes. */
    trusted_vm_works("closed", "for i = 1, 100 do local d <close> = tee.digest('sha256') d:update('x') end\n"
                               "for i = 1, 100 do assert(tee.mac('sha256', 'k'):verify('x') == false) end\n"
                               "local k = tee.key.generate {type = 'aes'} k:close() k:close()\n"
                               "assert(not pcall(k.encrypt, k, 'x'))");
    assert_int_equal(trusted_vm->handles.count, 3 * EACH);
    trusted_vm_works("full", "for i = 1, 8 do tee.digest('sha256') end\n"
                             "local ok, why = pcall(tee.digest, 'sha256')\n"
                             "assert(not ok and why:find('(16 digests, 8 MACs, 8 keys)', 1, true), why)");
    lua_gc(trusted_vm->L, LUA_GCCOLLECT);
    assert_int_equal(trusted_vm->handles.count, LUATEE_HANDLES_MAX);
    assert_true(live_count >= LUATEE_HANDLES_MAX);
    handle_close_all(trusted_vm);
    assert_int_equal(live_count, 0);
    assert_int_equal(trusted_vm->handles.count, 0);
    assert_int_equal(trusted_vm->handles.weight, 0);
    handle_close_all(trusted_vm);
}

static void finalizers_that_fail_leak_until_the_session_ends(void **state)
{
    (void)state;
    leak_until_the_session_ends(fail_to_finalize);
}

static void finalizers_that_are_lost_leak_until_the_session_ends(void **state)
{
    (void)state;
    leak_until_the_session_ends(NULL);
}

#define NUMBER 5

/* Makes a proxy of the host's function, which is garbage then. */
static int borrow(lua_State *L)
{
    struct codec_functions *functions = &calls_of(L)->callbacks.codec;
    if (!functions->push(functions, L, false, NUMBER))
        return luaL_error(L, "not borrowed");
    return 0;
}

static void borrow_and_collect(void)
{
    lua_State *L = trusted_vm->L;
    lua_pushcfunction(L, borrow);
    assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_OK);
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCCOLLECT);
}

/* Only numbers are kept of them: the host is not told to have the function back, and that is all. */
static void functions_of_the_host_that_are_lost_stay_borrowed(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    borrow_and_collect();
    assert_false(held_has(&trusted_vm->calls->held, NUMBER));
    luaL_getmetatable(L, "tee.function");
    lua_pushnil(L);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    for (int i = 0; i < 3; i++) {
        borrow_and_collect();
        assert_true(held_has(&trusted_vm->calls->held, NUMBER));
        assert_int_equal(trusted_vm->calls->held.count, 1);
    }
    assert_int_equal(held_select(&trusted_vm->calls->held), 0);
}

static int call_final(lua_State *L)
{
    lua_getfield(L, 1, "final");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 0);
    return 0;
}

/* True when the digest or MAC at idx, an absolute index, answers as one that has ended; it has, after this. */
static bool has_ended(lua_State *L, int idx)
{
    lua_pushcfunction(L, call_final);
    lua_pushvalue(L, idx);
    bool ended = lua_pcall(L, 1, 0, 0) != LUA_OK;
    if (ended) {
        assert_non_null(strstr(lua_tostring(L, -1), "it has ended"));
        lua_pop(L, 1);
    }
    return ended;
}

/* A number that was given again, and a number of another type's record. */
static int stale_and_foreign(lua_State *L)
{
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    globals_push(L, 0);
    lua_getfield(L, 1, "tee");
    lua_replace(L, 1);
    lua_getfield(L, 1, "digest");
    lua_pushliteral(L, "sha256");
    lua_call(L, 1, 1);
    int digest = lua_gettop(L);
    struct handle_ref first = *(struct handle_ref *)lua_touserdata(L, digest);
    assert_false(has_ended(L, digest));
    assert_true(has_ended(L, digest));
    lua_getfield(L, 1, "digest");
    lua_pushliteral(L, "sha256");
    lua_call(L, 1, 1);
    int second = lua_gettop(L);
    struct handle_ref again = *(struct handle_ref *)lua_touserdata(L, second);
    assert_int_equal(again.slot, first.slot);
    assert_true(again.generation != first.generation);
    assert_true(has_ended(L, digest));
    lua_getfield(L, 1, "mac");
    lua_pushliteral(L, "sha256");
    lua_pushliteral(L, "key");
    lua_call(L, 2, 1);
    int mac = lua_gettop(L);
    struct handle_ref own = *(struct handle_ref *)lua_touserdata(L, mac);
    *(struct handle_ref *)lua_touserdata(L, mac) = again; /* what no script can do */
    assert_true(has_ended(L, mac));
    *(struct handle_ref *)lua_touserdata(L, mac) = (struct handle_ref){ own.generation, LUATEE_HANDLES_MAX };
    assert_true(has_ended(L, mac));
    *(struct handle_ref *)lua_touserdata(L, mac) = own;
    assert_false(has_ended(L, mac));
    assert_false(has_ended(L, second));
    return 0;
}

static void a_number_is_good_for_one_record_of_its_type(void **state)
{
    (void)state;
    lua_State *L = trusted_vm->L;
    lua_pushcfunction(L, stale_and_foreign);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
}

static int teardown(void **state)
{
    int result = trusted_vm_teardown(state);
    return live_count == 0 ? result : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, trusted_vm_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finalizers_that_fail_leak_until_the_session_ends),
        TEST(finalizers_that_are_lost_leak_until_the_session_ends),
        TEST(functions_of_the_host_that_are_lost_stay_borrowed),
        TEST(a_number_is_good_for_one_record_of_its_type),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
