/* SPDX-License-Identifier: BSD-2-Clause */
/* The grammar of the random programs. */
#ifndef LUATEE_TESTS_FUZZ_LUA_GRAMMAR_H
#define LUATEE_TESTS_FUZZ_LUA_GRAMMAR_H

/*
 * Productions of one nonterminal. A production is text with nonterminals in it, a % and a character each; lua_program.c
 * says which. The first ones, the leaves, have no nonterminals but those that have nothing but leaves: they end the
 * recursion. The very first is the shortest.
 */
struct lua_rule {
    const char *const *same; /* for both kinds of programs */
    unsigned same_count;
    unsigned leaves;         /* of them */
    const char *const *wild; /* only for wild ones */
    unsigned wild_count;
};

/* The rule that a character stands for; NULL: none. */
const struct lua_rule *lua_grammar_rule(char character);

/* What each program begins with, what wild ones have in addition, and what each ends with. */
extern const char lua_grammar_begin[], lua_grammar_begin_wild[], lua_grammar_end[];

#endif
