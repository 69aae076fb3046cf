/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random Lua programs (lua_program.h) in the Lua of a trusted session. The first byte of an input chooses the program's
 * kind; those that use nothing but Lua run in stock Lua, too, and both must return the same, unless the session ran
 * short of fuel or memory. Two bytes choose how much it has of both; the host's answers come from the end.
 *   fuzz_lua --print INPUT...   shows their programs instead of running them
 *   fuzz_lua --run PROGRAM...   runs Lua programs, which may have been printed and then reduced
 */
/* link: tests/fuzz/lua_program.c tests/fuzz/lua_grammar.c tests/fuzz/lua_trusted.c $(fuzz_stock) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/lua_program.h"
#include "tests/fuzz/lua_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
void __asan_on_error(void);

#define HEADER_SIZE 3
#define PLAN_SIZE 8
#define FUEL 400000u
#define FUEL_LITTLE 20000u
/* Stock Lua counts instructions, and a unit of fuel is about one: a program that is done here is done there. */
#define STOCK_COUNT ((int)FUEL * 20)
#define MEMORY (2u * 1024u * 1024u)

static char program[LUA_PROGRAM_MAX];
static size_t program_size;
static struct lua_output trusted, stock;

static void print_program(FILE *to)
{
    (void)fwrite(program, 1, program_size, to);
    (void)fflush(to);
}

/* AddressSanitizer calls this before its report. */
void __asan_on_error(void)
{
    (void)fprintf(stderr, "--- the program:\n");
    print_program(stderr);
}

static void print_output(const char *name, enum lua_end end, const struct lua_output *out)
{
    (void)fprintf(stderr, "--- %s %s:\n", name, end == LUA_END_RETURNED ? "returned" : "raised");
    (void)fwrite(out->text, 1, out->size, stderr);
    (void)fprintf(stderr, "\n");
}

/* How much of the C stack is free is not the same in both: a program that met its end says so in its last line. */
static bool overflowed(const struct lua_output *out)
{
    static const char line[] = "\noverflow";
    size_t size = sizeof(line) - 1;
    return out->size >= size && memcmp(out->text + out->size - size, line, size) == 0;
}

static void compare(enum lua_end trusted_end)
{
    enum lua_end stock_end = lua_stock_run(program, program_size, STOCK_COUNT, &stock);
    if (stock_end == trusted_end && stock.size == trusted.size && memcmp(stock.text, trusted.text, stock.size) == 0)
        return;
    if (overflowed(&stock) || overflowed(&trusted))
        return;
    (void)fprintf(stderr, "--- the program:\n");
    print_program(stderr);
    print_output("the session", trusted_end, &trusted);
    print_output(stock_end == LUA_END_SHORT ? "stock Lua (and was not done)" : "stock Lua", stock_end, &stock);
    abort();
}

static enum lua_program_kind write_program(const uint8_t *data, size_t size)
{
    enum lua_program_kind kind = size > 0 && data[0] & 1 ? LUA_PROGRAM_WILD : LUA_PROGRAM_SAME;
    size_t skipped = size < HEADER_SIZE ? size : HEADER_SIZE;
    program_size = lua_program_write(kind, data + skipped, size - skipped, program);
    return kind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum lua_program_kind kind = write_program(data, size);
    unsigned memory = size > 1 ? data[1] : 0, fuel = size > 2 ? data[2] : 0;
    struct lua_budget budget = {
        .fuel = fuel < 224 ? FUEL : FUEL_LITTLE + (fuel - 224) * FUEL_LITTLE,
        .memory = memory < 160 ? MEMORY : (memory - 159) * 1024u * (memory & 1 ? 1 : 4),
        .plan = size > PLAN_SIZE ? data + size - PLAN_SIZE : data,
        .plan_size = size > PLAN_SIZE ? PLAN_SIZE : 0,
    };
    enum lua_end end = lua_trusted_run(program, program_size, &budget, &trusted);
    if (kind == LUA_PROGRAM_SAME && end != LUA_END_SHORT)
        compare(end);
    return 0;
}

static size_t read_file(const char *path, void *data, size_t room)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t size = fread(data, 1, room, file);
    (void)fclose(file);
    return size;
}

static void print_file(const char *path)
{
    static uint8_t data[LUA_PROGRAM_MAX];
    (void)write_program(data, read_file(path, data, sizeof(data)));
    print_program(stdout);
}

static void run_file(const char *path)
{
    struct lua_budget budget = { .fuel = FUEL, .memory = MEMORY };
    program_size = read_file(path, program, sizeof(program));
    enum lua_end end = lua_trusted_run(program, program_size, &budget, &trusted);
    print_output(end == LUA_END_SHORT ? "the session (short of fuel or memory)" : "the session", end, &trusted);
    end = lua_stock_run(program, program_size, STOCK_COUNT, &stock);
    print_output(end == LUA_END_SHORT ? "stock Lua (and was not done)" : "stock Lua", end, &stock);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    bool print = *argc > 1 && strcmp((*argv)[1], "--print") == 0;
    if (!print && (*argc < 2 || strcmp((*argv)[1], "--run") != 0))
        return 0;
    for (int i = 2; i < *argc; i++)
        (print ? print_file : run_file)((*argv)[i]);
    exit(0);
}
