/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/path.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define STEP_SIZE 44    /* bytes of the longest step, with its NUL */
#define STEP_KEY_MAX 32 /* characters of a key that are shown */
#define CUT "..."

static int is_name_char(char c, int first)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

static int is_name(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_name_char(s[i], i == 0))
            return 0;
    return n > 0;
}

static void string_step(char out[STEP_SIZE], const char *s, size_t n)
{
    size_t shown = n < STEP_KEY_MAX ? n : STEP_KEY_MAX;
    int name = is_name(s, n);
    size_t at = 0;
    if (name) {
        out[at++] = '.';
    } else {
        out[at++] = '[';
        out[at++] = '"';
    }
    for (size_t i = 0; i < shown; i++) // cppcheck-suppress knownConditionTrueFalse; it misreads the minimum above
        out[at++] = (char)(s[i] >= ' ' && s[i] <= '~' ? s[i] : '?');
    if (shown < n) { // cppcheck-suppress knownConditionTrueFalse
        memcpy(out + at, CUT, sizeof(CUT) - 1);
        at += sizeof(CUT) - 1;
    }
    if (!name) {
        out[at++] = '"';
        out[at++] = ']';
    }
    out[at] = '\0';
}

static void step_text(char out[STEP_SIZE], lua_State *L, const struct path_step *step)
{
    if (step->key == 0) {
        snprintf(out, STEP_SIZE, "[%lld]", (long long)step->index);
        return;
    }
    switch (lua_type(L, step->key)) {
    case LUA_TSTRING: {
        size_t n;
        const char *s = lua_tolstring(L, step->key, &n);
        string_step(out, s, n);
        break;
    }
    case LUA_TNUMBER:
        if (lua_isinteger(L, step->key))
            snprintf(out, STEP_SIZE, "[%lld]", (long long)lua_tointeger(L, step->key));
        else
            snprintf(out, STEP_SIZE, "[a float]"); /* OP-TEE's own libc cannot format floats */
        break;
    case LUA_TBOOLEAN:
        snprintf(out, STEP_SIZE, "[%s]", lua_toboolean(L, step->key) ? "true" : "false");
        break;
    default:
        snprintf(out, STEP_SIZE, "[a %s]", lua_typename(L, lua_type(L, step->key)));
    }
}

static size_t append(char *out, size_t size, size_t at, const char *text)
{
    size_t n = strlen(text);
    if (at + n >= size)
        n = size - 1 - at;
    memcpy(out + at, text, n);
    out[at + n] = '\0';
    return at + n;
}

/* Returns the first of the steps at the end of the path that fit into `capacity` bytes together. */
static int find_tail(lua_State *L, const struct path *path, size_t capacity)
{
    char text[STEP_SIZE];
    size_t used = 0;
    int tail = path->count;
    while (tail > 0) {
        step_text(text, L, &path->steps[tail - 1]);
        used += strlen(text);
        if (used > capacity)
            break;
        tail--;
    }
    return tail;
}

void path_message(char *out, size_t size, lua_State *L, const struct path *path, const char *reason)
{
    char text[STEP_SIZE];
    size_t capacity = size - 1 - strlen(reason) - sizeof(": ") - sizeof(CUT);
    int start =
        path->role ? snprintf(out, size, "%s %d", path->role, path->number) : snprintf(out, size, "error value");
    size_t at = (size_t)start;
    if (path->count > 0)
        at = append(out, size, at, " ");
    size_t total = at;
    for (int i = 0; i < path->count; i++) {
        step_text(text, L, &path->steps[i]);
        total += strlen(text);
    }
    /* A path that is too long: one half of the space is for its beginning, the other for the steps to the value. */
    bool is_long = total > capacity;
    int tail = is_long ? find_tail(L, path, capacity / 2) : path->count;
    size_t head_end = is_long ? capacity / 2 : capacity;
    for (int i = 0; i < path->count; i++) {
        step_text(text, L, &path->steps[i]);
        if (i < tail && at + strlen(text) > head_end) {
            at = append(out, size, at, CUT);
            i = tail - 1;
            continue;
        }
        at = append(out, size, at, text);
    }
    at = append(out, size, at, ": ");
    append(out, size, at, reason);
}
