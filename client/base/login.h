/* SPDX-License-Identifier: BSD-2-Clause */
/* Login methods and their names. */
#ifndef LUATEE_CLIENT_BASE_LOGIN_H
#define LUATEE_CLIENT_BASE_LOGIN_H

#include <stdbool.h>

#include "luatee/luatee.h"

/* All names, for messages. */
#define LUATEE_LOGIN_NAMES "public, user, group, application, application_user, application_group"

/* Returns the name, such as "user"; or NULL when there is no such login. */
const char *luatee_login_name(luatee_login login);

/* Finds a login by its name. Returns false when there is none. */
bool luatee_login_named(const char *name, luatee_login *login);

/* Returns whether the login uses luatee_options.group. */
bool luatee_login_has_group(luatee_login login);

#endif
