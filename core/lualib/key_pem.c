/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/key_pem.h"

#include <string.h>

#include "abi/limits.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#define LINE 64 /* characters: RFC 7468, section 2 */

static const char *const labels[] = { "PUBLIC KEY-----", "PRIVATE KEY-----" };

/* Calls a function of tee.base64 with the string at the top of the stack, and replaces that by the results. */
static void call_base64(lua_State *L, const char *function, int results)
{
    base64_open(L);
    lua_getfield(L, -1, function);
    lua_replace(L, -2);
    lua_insert(L, -2);
    lua_call(L, 1, results);
}

static const char begin[] = "-----BEGIN ";

bool key_pem_begins(const uint8_t *data, size_t size)
{
    return size >= sizeof(begin) - 1 && memcmp(data, begin, sizeof(begin) - 1) == 0;
}

/* Returns the first character after the label, or NULL when there is no label that we support. */
static const char *find_body(const char *text)
{
    const char *at = strstr(text, begin);
    for (size_t i = 0; at && i < sizeof(labels) / sizeof(labels[0]); i++)
        if (strncmp(at + sizeof(begin) - 1, labels[i], strlen(labels[i])) == 0)
            return at + sizeof(begin) - 1 + strlen(labels[i]);
    return NULL;
}

const char *key_pem_decode(lua_State *L)
{
    if (lua_rawlen(L, -1) > LUATEE_PEM_MAX)
        return "PEM: more than " TEXT(LUATEE_PEM_MAX) " characters";
    const char *body = find_body(lua_tostring(L, -1));
    const char *end = body ? strstr(body, "-----END ") : NULL;
    if (!end)
        return "a PUBLIC KEY or a PRIVATE KEY in PEM expected (openssl pkey converts other forms)";
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (; body < end; body++)
        if (!strchr(" \t\r\n", *body))
            luaL_addchar(&text, *body);
    luaL_pushresult(&text);
    call_base64(L, "decode", 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return "PEM: the text between the BEGIN and END lines is not base64";
    }
    lua_replace(L, -2);
    return NULL;
}

void key_pem_encode(lua_State *L, bool secret)
{
    luaL_Buffer pem;
    size_t size;
    call_base64(L, "encode", 1);
    const char *text = lua_tolstring(L, -1, &size);
    luaL_buffinit(L, &pem);
    luaL_addstring(&pem, begin);
    luaL_addstring(&pem, labels[secret]);
    for (size_t i = 0; i < size; i += LINE) {
        luaL_addchar(&pem, '\n');
        luaL_addlstring(&pem, text + i, size - i < LINE ? size - i : LINE);
    }
    luaL_addstring(&pem, "\n-----END ");
    luaL_addstring(&pem, labels[secret]);
    luaL_addchar(&pem, '\n');
    luaL_pushresult(&pem);
    lua_replace(L, -2);
}
