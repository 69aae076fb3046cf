/* SPDX-License-Identifier: BSD-2-Clause */
/* A random program, run: in stock Lua, and in the Lua of a trusted session. */
#ifndef LUATEE_TESTS_FUZZ_LUA_RUN_H
#define LUATEE_TESTS_FUZZ_LUA_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LUA_OUTPUT_MAX (128u * 1024u)

/* The string that the program returned, or an error message, cut off at the end. */
struct lua_output {
    size_t size;
    char text[LUA_OUTPUT_MAX];
};

enum lua_end {
    LUA_END_RETURNED,
    LUA_END_RAISED,
    LUA_END_SHORT, /* it ran short of fuel or memory: its output says nothing */
};

/* stock: lua_stock.c, linked with stock Lua, whose symbols are hidden. LUA_END_SHORT: it ran for `count` instructions.
 */
enum lua_end lua_stock_run(const char *program, size_t size, int count, struct lua_output *out);

struct lua_budget {
    uint64_t fuel;
    size_t memory;       /* bytes above what a new session has taken */
    const uint8_t *plan; /* what the host does when it is called, a byte each; when they are over, it returns nothing */
    size_t plan_size;
};

/* lua_trusted.c: as the script "program" of a new session. Aborts when the session holds more than it may. */
enum lua_end lua_trusted_run(const char *program, size_t size, const struct lua_budget *budget, struct lua_output *out);

#endif
