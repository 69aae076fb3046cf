/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/login.h"

#include <string.h>

#define LOGINS 7

static const char *const names[LOGINS] = {
    [LUATEE_LOGIN_PUBLIC] = "public",
    [LUATEE_LOGIN_USER] = "user",
    [LUATEE_LOGIN_GROUP] = "group",
    [LUATEE_LOGIN_APPLICATION] = "application",
    [LUATEE_LOGIN_APPLICATION_USER] = "application_user",
    [LUATEE_LOGIN_APPLICATION_GROUP] = "application_group",
};

const char *luatee_login_name(luatee_login login)
{
    return (unsigned)login < LOGINS ? names[login] : NULL;
}

bool luatee_login_named(const char *name, luatee_login *login)
{
    for (unsigned i = 0; i < LOGINS; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0) {
            *login = (luatee_login)i;
            return true;
        }
    }
    return false;
}

bool luatee_login_has_group(luatee_login login)
{
    return login == LUATEE_LOGIN_GROUP || login == LUATEE_LOGIN_APPLICATION_GROUP;
}

/* Linux decides about logins before the TEE hears of the session. libteec makes BAD_PARAMETERS of EINVAL (no such
 * login), and of EPERM (not in the group) what it makes of errors that it does not know. */
bool luatee_login_refused(luatee_login login, TEEC_Result result, uint32_t origin)
{
    if (login == LUATEE_LOGIN_PUBLIC || (origin != TEEC_ORIGIN_API && origin != TEEC_ORIGIN_COMMS))
        return false;
    return result == TEEC_ERROR_BAD_PARAMETERS || result == TEEC_ERROR_NOT_SUPPORTED ||
           result == TEEC_ERROR_NOT_IMPLEMENTED || result == TEEC_ERROR_ACCESS_DENIED || result == TEEC_ERROR_GENERIC;
}

luatee_status luatee_login_error(luatee_login login, uint32_t group, TEEC_Result result, luatee_error *error)
{
    if (luatee_login_has_group(login) && (result == TEEC_ERROR_ACCESS_DENIED || result == TEEC_ERROR_GENERIC))
        return luatee_error_set(
            error, LUATEE_USAGE,
            "login as group %u is refused: this process is not in that group (`id` tells its groups)", group);
    return luatee_error_set(
        error, LUATEE_NO_TEE,
        "login '%s' is refused (0x%08x): the TEE's driver does not offer it; Linux has public, user and group",
        names[login], result);
}
