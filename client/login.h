/* SPDX-License-Identifier: BSD-2-Clause */
/* Login methods: their names for people, and what goes wrong with them. */
#ifndef LUATEE_CLIENT_LOGIN_H
#define LUATEE_CLIENT_LOGIN_H

#include <stdbool.h>

#include "client/error.h"
#include "client/teec.h"
#include "luatee/luatee.h"

/* All names, for messages. */
#define LUATEE_LOGIN_NAMES "public, user, group, application, application_user, application_group"

/* "user"; NULL: there is no such login. */
const char *luatee_login_name(luatee_login login);

/* False: nothing is called so. */
bool luatee_login_named(const char *name, luatee_login *login);

/* Whether luatee_options.group belongs to it. */
bool luatee_login_has_group(luatee_login login);

/* TEEC_OpenSession failed: was it for the login? */
bool luatee_login_refused(luatee_login login, TEEC_Result result, uint32_t origin);

/* Then: what to do. Returns the status that it sets. */
luatee_status luatee_login_error(luatee_login login, uint32_t group, TEEC_Result result, luatee_error *error);

#endif
