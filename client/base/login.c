/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/login.h"

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
