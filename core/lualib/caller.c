/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.caller(): the client that opened the session (GP property gpd.client.identity). */
#include <stdio.h>

#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define UUID_TEXT_SIZE sizeof("00000000-0000-0000-0000-000000000000")

static const struct {
    uint32_t login;
    const char *name;
} logins[] = {
    { TEE_LOGIN_PUBLIC, "public" },
    { TEE_LOGIN_USER, "user" },
    { TEE_LOGIN_GROUP, "group" },
    { TEE_LOGIN_APPLICATION, "application" },
    { TEE_LOGIN_APPLICATION_USER, "application_user" },
    { TEE_LOGIN_APPLICATION_GROUP, "application_group" },
    { TEE_LOGIN_TRUSTED_APP, "trusted_app" },
};

/* Pushes the name of a login method. Implementation-defined ones, such as OP-TEE's for the kernel, have a number. */
static void push_login(lua_State *L, uint32_t login)
{
    char number[sizeof("0x00000000")];
    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
        if (logins[i].login == login) {
            lua_pushstring(L, logins[i].name);
            return;
        }
    }
    snprintf(number, sizeof(number), "0x%08x", (unsigned)login);
    lua_pushstring(L, number);
}

/* Pushes the UUID as text (RFC 4122, section 3). */
static void push_uuid(lua_State *L, const TEE_UUID *uuid)
{
    char text[UUID_TEXT_SIZE];
    const uint8_t *rest = uuid->clockSeqAndNode;
    snprintf(text, sizeof(text), "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)uuid->timeLow,
             uuid->timeMid, uuid->timeHiAndVersion, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5], rest[6],
             rest[7]);
    lua_pushstring(L, text);
}

static int caller(lua_State *L)
{
    TEE_Identity identity;
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    TEE_Result result = TEE_GetPropertyAsIdentity(TEE_PROPSET_CURRENT_CLIENT, "gpd.client.identity", &identity);
    if (result != TEE_SUCCESS)
        return service_failed(L, "tee.caller", result);
    lua_createtable(L, 0, 2);
    push_login(L, identity.login);
    lua_setfield(L, -2, "login");
    push_uuid(L, &identity.uuid);
    lua_setfield(L, -2, "uuid");
    return 1;
}

int caller_open(lua_State *L)
{
    lua_pushcfunction(L, caller);
    return 1;
}
