/* SPDX-License-Identifier: BSD-2-Clause */
/* Running the host part of an app: stock Lua with all its libraries, and the tee module. */
#ifndef LUATEE_CLI_HOST_H
#define LUATEE_CLI_HOST_H

#include "luatee/luatee.h"

struct host {
    const char *folder;      /* the app's */
    const char *path;        /* of its host/main.lua */
    luatee_session *session; /* closed when host_run() returns */
    int argument_count;
    char **arguments;
    int status; /* of the program, if main.lua raises an error: set by host_run() */
};

/* Runs main.lua, prints what it returns, or on stderr the error that it raised. Returns the exit status. */
int host_run(struct host *host);

#endif
