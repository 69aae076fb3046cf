/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/fuzz/lua_program.h"

#include <stdio.h>
#include <string.h>

#include "tests/fuzz/lua_grammar.h"

#define BLOCKS_MAX 6                       /* inside each other */
#define NESTING_MAX 4                      /* of expressions inside each other, in a statement */
#define STATEMENTS_MAX 5                   /* of a block */
#define BODY_MAX (LUA_PROGRAM_MAX - 16384) /* from here on the shortest productions end the program */

struct program {
    bool wild;
    const uint8_t *data;
    size_t size;
    char *text;
    size_t length;
    unsigned blocks;
    unsigned nesting; /* in the innermost block */
    unsigned labels;
};

/* 0 to n - 1, by the next byte; 0 when there is none, or enough was written. */
static unsigned choose(struct program *p, unsigned n)
{
    if (p->size == 0 || p->length > BODY_MAX)
        return 0;
    p->size--;
    return *p->data++ % n;
}

static void append(struct program *p, const char *text, size_t size)
{
    if (size >= LUA_PROGRAM_MAX - p->length)
        size = LUA_PROGRAM_MAX - 1 - p->length;
    memcpy(p->text + p->length, text, size);
    p->length += size;
}

static void append_number(struct program *p, int number)
{
    char text[16];
    append(p, text, (size_t)snprintf(text, sizeof(text), "%d", number));
}

static void expand(struct program *p, const char *production, unsigned label);

static void write_block(struct program *p)
{
    unsigned count = choose(p, STATEMENTS_MAX), nesting = p->nesting;
    if (p->blocks == BLOCKS_MAX)
        return;
    p->blocks++;
    p->nesting = 0;
    for (unsigned i = 0; i < count; i++)
        expand(p, choose(p, 2) ? "try(function() %; end)\n" : "%;\n", 0); /* most statements raise something */
    p->nesting = nesting;
    p->blocks--;
}

static void write_rule(struct program *p, const struct lua_rule *rule)
{
    unsigned count = p->nesting > NESTING_MAX ? rule->leaves : rule->same_count + (p->wild ? rule->wild_count : 0);
    unsigned at = choose(p, count);
    p->nesting++;
    expand(p, at < rule->same_count ? rule->same[at] : rule->wild[at - rule->same_count], ++p->labels);
    p->nesting--;
}

static void append_bracket(struct program *p, char bracket)
{
    append(p, &bracket, 1);
    for (unsigned i = 0; i < p->blocks * (NESTING_MAX + 2) + p->nesting; i++)
        append(p, "=", 1);
    append(p, &bracket, 1);
}

/* %B is a block; %i a small integer; %[ and %] are long brackets; %l is a number that is the same in all of the
 * production, and in no other; %% is a percent sign. The rest are rules. */
static void expand(struct program *p, const char *production, unsigned label)
{
    for (const char *at = production; *at; at++) {
        if (*at != '%') {
            append(p, at, 1);
            continue;
        }
        at++;
        const struct lua_rule *rule = lua_grammar_rule(*at);
        if (rule)
            write_rule(p, rule);
        else if (*at == 'B')
            write_block(p);
        else if (*at == 'i')
            append_number(p, (int)choose(p, 24) - 3);
        else if (*at == 'l')
            append_number(p, (int)label);
        else if (*at == '[' || *at == ']')
            append_bracket(p, *at);
        else
            append(p, at, 1);
    }
}

size_t lua_program_write(enum lua_program_kind kind, const uint8_t *data, size_t size, char *text)
{
    struct program p = { .wild = kind == LUA_PROGRAM_WILD, .data = data, .size = size, .text = text };
    append(&p, lua_grammar_begin, strlen(lua_grammar_begin));
    if (p.wild)
        append(&p, lua_grammar_begin_wild, strlen(lua_grammar_begin_wild));
    do {
        expand(&p, "try(function(...) %;\n%B end, ...)\n", 0);
    } while (p.size > 0 && p.length <= BODY_MAX);
    append(&p, lua_grammar_end, strlen(lua_grammar_end));
    text[p.length] = '\0';
    return p.length;
}
