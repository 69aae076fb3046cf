/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "client/lua/manifest_reader.h"

/* A lexer for a part of Lua (manual, section 3.1): it separates names and strings from comments. */
struct lexer {
    const char *next;
    const char *end;
    int line;
};

enum token_kind { END, NAME, STRING, OTHER };

struct token {
    enum token_kind kind;
    const char *text; /* of a string: the text between its quotes, escapes unchanged */
    size_t size;
    int line;
};

static bool starts_with(const struct lexer *lexer, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(lexer->end - lexer->next) >= size && memcmp(lexer->next, text, size) == 0;
}

static void step(struct lexer *lexer)
{
    if (*lexer->next++ == '\n')
        lexer->line++;
}

/* Returns the level of the long bracket that opens here ("[[" is 0), or -1. */
static int bracket_level(const struct lexer *lexer)
{
    const char *p = lexer->next + 1;
    while (p < lexer->end && *p == '=')
        p++;
    return p < lexer->end && *p == '[' ? (int)(p - lexer->next) - 1 : -1;
}

static void skip_long_bracket(struct lexer *lexer, int level)
{
    lexer->next += level + 2;
    for (; lexer->next < lexer->end; step(lexer)) {
        if (*lexer->next != ']')
            continue;
        const char *p = lexer->next + 1;
        while (p < lexer->end && *p == '=')
            p++;
        if (p < lexer->end && *p == ']' && p - lexer->next - 1 == level) {
            lexer->next = p + 1;
            return;
        }
    }
}

static void skip_comment(struct lexer *lexer)
{
    lexer->next += 2;
    int level = lexer->next < lexer->end && *lexer->next == '[' ? bracket_level(lexer) : -1;
    if (level >= 0) {
        skip_long_bracket(lexer, level);
        return;
    }
    while (lexer->next < lexer->end && *lexer->next != '\n')
        step(lexer);
}

static void skip_blank(struct lexer *lexer)
{
    while (lexer->next < lexer->end) {
        if (isspace((unsigned char)*lexer->next))
            step(lexer);
        else if (starts_with(lexer, "--"))
            skip_comment(lexer);
        else
            return;
    }
}

static void take_quoted(struct lexer *lexer, struct token *token)
{
    char quote = *lexer->next++;
    token->text = lexer->next;
    while (lexer->next < lexer->end && *lexer->next != quote) {
        if (*lexer->next == '\\')
            step(lexer);
        if (lexer->next < lexer->end)
            step(lexer);
    }
    token->size = (size_t)(lexer->next - token->text);
    if (lexer->next < lexer->end)
        lexer->next++;
}

static struct token next_token(struct lexer *lexer)
{
    skip_blank(lexer);
    struct token token = { .kind = END, .text = lexer->next, .size = 1, .line = lexer->line };
    if (lexer->next >= lexer->end)
        return token;
    unsigned char c = (unsigned char)*lexer->next;
    if (c == '"' || c == '\'') {
        token.kind = STRING;
        take_quoted(lexer, &token);
    } else if (c == '[' && bracket_level(lexer) >= 0) {
        token.kind = OTHER;
        skip_long_bracket(lexer, bracket_level(lexer));
    } else if (isalpha(c) || c == '_') {
        token.kind = NAME;
        while (lexer->next < lexer->end && (isalnum((unsigned char)*lexer->next) || *lexer->next == '_'))
            lexer->next++;
        token.size = (size_t)(lexer->next - token.text);
    } else {
        token.kind = OTHER;
        lexer->next++;
    }
    return token;
}

static bool is_text(const struct token *token, enum token_kind kind, const char *text)
{
    return token->kind == kind && token->size == strlen(text) && memcmp(token->text, text, token->size) == 0;
}

/* Moves to the end of the first `field =` or `["field"] =`, and returns its line; or 0 when there is none. */
static int find_field(struct lexer *lexer, const char *field)
{
    struct token token = next_token(lexer), next = next_token(lexer);
    for (; token.kind != END; token = next, next = next_token(lexer))
        if ((is_text(&token, NAME, field) && is_text(&next, OTHER, "=")) ||
            (is_text(&token, STRING, field) && is_text(&next, OTHER, "]")))
            return token.line;
    return 0;
}

int manifest_line(const char *source, size_t size, const char *parent, const char *field)
{
    struct lexer lexer = { .next = source, .end = source + size, .line = 1 };
    int parent_line = parent == NULL ? 0 : find_field(&lexer, parent);
    int line = find_field(&lexer, field);
    if (line > 0)
        return line;
    return parent_line > 0 ? parent_line : 1;
}
