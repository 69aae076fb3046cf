/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The places of keys in tables depend on a secret, and a table that grows takes no longer for keys that collide under
 * it. An attacker cannot know such keys; this test reads the secret.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lobject.h"
#include "lstate.h"
#include "ltable.h"
#include "port/lua/fuel.h"
#include "port/lua/hash.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/trusted_vm.h"

#define KEYS 1000u
#define PLACES 4096u /* of the larger table */

static struct luatee_hash_secret drawn;

static int setup(void **state)
{
    if (trusted_vm_setup(state) != 0)
        return -1;
    drawn = luatee_hash_secret;
    return 0;
}

static int teardown(void **state)
{
    luatee_hash_secret = drawn;
    return trusted_vm_teardown(state);
}

/* Leaves a table with KEYS integer keys on the stack: all in one place, or anywhere. */
static Table *make_table(bool collide)
{
    lua_State *L = trusted_vm->L;
    lua_newtable(L);
    lua_Integer key = 1ll << 40; /* for no list */
    for (unsigned found = 0; found < KEYS; key++) {
        if (collide && luatee_hash_word((uint64_t)key) % PLACES != 0)
            continue;
        lua_pushboolean(L, 1);
        lua_rawseti(L, -2, key);
        found++;
    }
    return hvalue(s2v(L->top.p - 1));
}

static long long price_of_growing(bool collide)
{
    lua_State *L = trusted_vm->L;
    Table *t = make_table(collide);
    long long before = luatee_fuel;
    luaH_resize(L, t, 0, PLACES);
    long long price = before - luatee_fuel;
    unsigned count = 0;
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        count++;
    assert_int_equal(count, KEYS);
    lua_pop(L, 1);
    return price;
}

static void colliding_keys_move_as_others_do(void **state)
{
    (void)state;
    /* A walk along the keys before it, for each key, would be a hundred times as much. */
    assert_int_equal(price_of_growing(true), price_of_growing(false));
}

/* Numbers of keys that share their place with the key before, of KEYS in PLACES. */
static unsigned count_same(unsigned (*hash)(uint64_t key))
{
    static bool taken[PLACES];
    unsigned same = 0;
    memset(taken, 0, sizeof(taken));
    for (uint64_t i = 0; i < KEYS; i++) {
        bool *place = &taken[hash(i) % PLACES];
        same += *place;
        *place = true;
    }
    return same;
}

static unsigned small(uint64_t i)
{
    return luatee_hash_word(i);
}

static unsigned far_apart(uint64_t i)
{
    return luatee_hash_word(i << 52);
}

static unsigned multiples(uint64_t i)
{
    return luatee_hash_word(i * 0xffff);
}

static unsigned doubles(uint64_t i)
{
    double value = (double)i + 0.5;
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return luatee_hash_word(bits);
}

static unsigned names(uint64_t i)
{
    char text[] = "name of 14 ...";
    memcpy(text + 6, &i, sizeof(i));
    return luatee_hash_bytes(text, sizeof(text) - 1, 1);
}

static unsigned lengths(uint64_t i)
{
    static const char zeros[KEYS];
    return luatee_hash_bytes(zeros, (size_t)i, 1);
}

static void keys_spread(void **state)
{
    (void)state;
    unsigned (*const all[])(uint64_t) = { small, far_apart, multiples, doubles, names, lengths };
    /* By chance about 110 of them; 200 are more than chance ever gives. */
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        assert_in_range(count_same(all[i]), 0, 200);
}

static void another_secret_is_another_place(void **state)
{
    (void)state;
    unsigned word = luatee_hash_word(5), text = luatee_hash_bytes("a key", 5, 1);
    assert_int_not_equal(text, luatee_hash_bytes("a key", 5, 2));
    for (int part = 0; part < 3; part++) {
        luatee_hash_secret = drawn;
        uint64_t *const parts[] = { &luatee_hash_secret.start, &luatee_hash_secret.factor, &luatee_hash_secret.last };
        *parts[part] ^= 1ull << 40;
        assert_int_not_equal(luatee_hash_word(5), word);
        assert_int_not_equal(luatee_hash_bytes("a key", 5, 1), text);
    }
}

/* Two words whose highest bits differ: where only the lower half of a product counts, they collide whatever it is
 * multiplied by. */
static void no_pair_collides_under_every_secret(void **state)
{
    (void)state;
    static const uint64_t second[] = { 0, 1ull << 63, 1ull << 63 | 1ull << 31, 1ull << 31, 3ull << 62 };
    for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++) {
        unsigned same = 0;
        for (uint64_t secret = 1; secret < 100; secret++) {
            uint64_t words[2] = { 0x0123456789abcdef, 0xfedcba9876543210 };
            luatee_hash_secret.factor = (secret * 0x9e3779b97f4a7c15) | 1;
            unsigned before = luatee_hash_bytes((const char *)words, sizeof(words), 1);
            words[0] ^= 1ull << 63;
            words[1] ^= second[i];
            same += luatee_hash_bytes((const char *)words, sizeof(words), 1) == before;
        }
        assert_int_equal(same, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(colliding_keys_move_as_others_do),
        TEST(keys_spread),
        TEST(another_secret_is_another_place),
        TEST(no_pair_collides_under_every_secret),
    };
    return sim_memory_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
