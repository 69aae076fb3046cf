/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clang's analyzer reads this before each source file (tests/lint.sh): functions that end by a longjmp, which
 * their own headers do not say. No program includes it.
 */
#ifndef LUATEE_TESTS_LINT_H
#define LUATEE_TESTS_LINT_H

#pragma clang system_header /* the real declarations follow; they are not redundant */
#define LINT_ENDS __attribute__((analyzer_noreturn))

struct lua_State;

/* Lua's manual, section 4.6: these never return. */
int lua_error(struct lua_State *L) LINT_ENDS;
int luaL_error(struct lua_State *L, const char *format, ...) LINT_ENDS;
int luaL_argerror(struct lua_State *L, int argument, const char *message) LINT_ENDS;
int luaL_typeerror(struct lua_State *L, int argument, const char *name) LINT_ENDS;

#endif
