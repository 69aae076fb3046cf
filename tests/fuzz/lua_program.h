/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random Lua programs from a grammar: each byte of an input chooses a production. When the bytes are over, the shortest
 * productions end the program, so that every input is one.
 */
#ifndef LUATEE_TESTS_FUZZ_LUA_PROGRAM_H
#define LUATEE_TESTS_FUZZ_LUA_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LUA_PROGRAM_MAX (64u * 1024u)

enum lua_program_kind {
    /* Uses nothing but Lua, and returns a string that any Lua 5.4 returns: no addresses, times, random numbers, sizes
     * of memory, orders of keys, borders of tables with holes, depths of the C stack. */
    LUA_PROGRAM_SAME,
    /* Uses everything that a trusted script has. Its arguments are two functions of the host and a string. */
    LUA_PROGRAM_WILD,
};

/* Writes the program into text, of LUA_PROGRAM_MAX bytes, with a NUL behind it. Returns its size. */
size_t lua_program_write(enum lua_program_kind kind, const uint8_t *data, size_t size, char *text);

#endif
