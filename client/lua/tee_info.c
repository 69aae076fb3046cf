/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.info */
#include <stdio.h>

#include "client/base/error.h"
#include "client/lua/tee.h"

static void set_integer(lua_State *L, const char *name, uint64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

/* Pushes a list of key ids in hexadecimal: of all publishers, or of those that are refused. */
static void push_publishers(lua_State *L, const luatee_info *info, bool all)
{
    char text[2 * sizeof(info->publishers[0]) + 1];
    lua_createtable(L, (int)info->publisher_count, 0);
    for (size_t i = 0, n = 0; i < info->publisher_count; i++) {
        if (!all && info->publisher_states[i] == LUATEE_PUBLISHER_TRUSTED)
            continue;
        for (size_t j = 0; j < sizeof(info->publishers[i]); j++)
            (void)snprintf(text + 2 * j, 3, "%02x", info->publishers[i][j]);
        lua_pushstring(L, text);
        lua_rawseti(L, -2, (lua_Integer)++n);
    }
}

int tee_session_info(lua_State *L, struct tee_session *self)
{
    luatee_info info;
    luatee_error error;
    luatee_error_init(&error);
    if (luatee_get_info(self->session, &info, &error) != LUATEE_OK)
        return tee_raise_error(L, &error);
    lua_createtable(L, 0, 16);
    set_string(L, "backend", info.backend);
    set_string(L, "app", info.app);
    set_string(L, "version", info.version);
    set_string(L, "flavour", info.flavour);
    set_string(L, "lua", info.lua);
    set_string(L, "tee", info.tee);
    set_string(L, "tee_version", info.tee_version);
    set_string(L, "api", info.api);
    set_string(L, "device", info.device);
    set_integer(L, "protocol", info.protocol);
    set_integer(L, "memory", info.memory);
    set_integer(L, "memory_peak", info.memory_peak);
    set_integer(L, "memory_max", info.memory_max);
    set_integer(L, "rollback", info.rollback);
    push_publishers(L, &info, true);
    lua_setfield(L, -2, "publishers");
    push_publishers(L, &info, false);
    lua_setfield(L, -2, "refused");
    return 1;
}
