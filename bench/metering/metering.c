/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs kernels of bench/app in a Linux program. `metering FOLDER` prints "NAME NANOSECONDS" for each. It is built
 * twice, on the TA's Lua with and without the patches for fuel, so that it measures the cost of metering without the
 * TEE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lauxlib.h"
#include "lualib.h"
#include "port/lua/hide.h"

#define ROUNDS 5
#define PATH_SIZE 256

static const struct kernel {
    const char *name;
    int size, small;
} kernels[] = {
    { "fib", 24, 5 },       { "integer_loop", 400000, 10 }, { "table", 60, 1 },     { "string", 4000, 10 },
    { "math", 30000, 10 },  { "small_allocations", 60, 1 }, { "sieve", 120000, 10 }, { "closures", 50000, 10 },
};

/* --- functions of the TA that Lua calls; the fuel never ends */

long long luatee_fuel = 1ll << 60;

void luatee_fuel_low(struct lua_State *L)
{
    (void)luaL_error(L, "out of fuel");
}

int luatee_fuel_continue(struct lua_State *L)
{
    (void)L;
    return 1;
}

int luatee_fuel_trap(struct lua_State *L)
{
    return luaL_error(L, "out of fuel");
}

void luatee_no_memory(struct lua_State *L)
{
    (void)luaL_error(L, "not enough memory");
}

unsigned int luatee_seed(void)
{
    return 1;
}

unsigned long long luatee_seed_long(void)
{
    return 1;
}

const void *luatee_hide_address(const void *address)
{
    return address;
}

/* --- */

static long long now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void run(lua_State *L, const char *source, int size)
{
    if (luaL_loadstring(L, source) == LUA_OK) {
        lua_pushinteger(L, size);
        if (lua_pcall(L, 1, 0, 0) == LUA_OK)
            return;
    }
    (void)fprintf(stderr, "metering: %s\n", lua_tostring(L, -1));
    exit(1);
}

static int compare(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* Each kernel has its own Lua state, so that no kernel collects the garbage of another. */
static long long measure(const struct kernel *kernel, const char *source)
{
    long long spent[ROUNDS];
    lua_State *L = luaL_newstate();
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
    lua_settop(L, 0);
    run(L, source, kernel->small);
    for (int i = 0; i < ROUNDS; i++) {
        lua_gc(L, LUA_GCCOLLECT);
        long long start = now();
        run(L, source, kernel->size);
        spent[i] = now() - start;
    }
    lua_close(L);
    qsort(spent, ROUNDS, sizeof(spent[0]), compare);
    return spent[ROUNDS / 2];
}

static void read_source(const char *folder, const char *name, char *source, size_t size)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/kernel_%s.lua", folder, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    source[fread(source, 1, size - 1, file)] = '\0';
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    static char source[65536];
    if (argc != 2) {
        (void)fprintf(stderr, "usage: metering FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        read_source(argv[1], kernels[i].name, source, sizeof(source));
        (void)printf("%s %lld\n", kernels[i].name, measure(&kernels[i], source));
    }
    return 0;
}
