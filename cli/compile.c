/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/compile.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "abi/limits.h"
#include "client/base/error.h"
#include "core/package/source.h"
#include "lauxlib.h"
#include "lua.h"

static int append(lua_State *L, const void *data, size_t size, void *ud)
{
    struct luatee_buffer *out = ud;
    (void)L;
    if (out->size + size > out->capacity && !luatee_buffer_reserve(out, 2 * (out->size + size)))
        return 1;
    memcpy(out->data + out->size, data, size);
    out->size += size;
    return 0;
}

/* Replaces the source by the stripped bytecode of the function at the top of the stack. */
static luatee_status dump(lua_State *L, struct luatee_buffer *source, const char *name, luatee_error *error)
{
    struct luatee_buffer bytecode = { 0 };
    if (lua_dump(L, append, &bytecode, 1) != 0) {
        luatee_buffer_free(&bytecode);
        return luatee_error_memory(error);
    }
    luatee_buffer_free(source);
    *source = bytecode;
    if (bytecode.size > LUATEE_SCRIPT_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the bytecode of %s is too large: a script has at most %u bytes",
                                name, LUATEE_SCRIPT_MAX);
    return LUATEE_OK;
}

luatee_status compile_script(struct luatee_buffer *source, const char *name, bool bytecode, luatee_error *error)
{
    if (source->size > 0 && source->data[0] == LUA_SIGNATURE[0])
        return luatee_error_set(error, LUATEE_RAISED, "%s is bytecode: pack its Lua source", name);
    lua_State *L = luaL_newstate();
    if (L == NULL)
        return luatee_error_memory(error);
    luatee_status status = LUATEE_OK;
    char chunk_name[PATH_MAX + 1];
    (void)snprintf(chunk_name, sizeof(chunk_name), "@%s", name);
    size_t size = source->size;
    const char *text = source_text(source->data, &size);
    if (luaL_loadbufferx(L, text, size, chunk_name, "t") != LUA_OK)
        status = luatee_error_in_file(error, LUATEE_RAISED, name, lua_tostring(L, -1));
    else if (bytecode)
        status = dump(L, source, name, error);
    lua_close(L);
    return status;
}
