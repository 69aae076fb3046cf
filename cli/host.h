/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the host part of an app in stock Lua, with all its libraries and the tee module. */
#ifndef LUATEE_CLI_HOST_H
#define LUATEE_CLI_HOST_H

#include "luatee/luatee.h"

struct host {
    const char *folder;      /* the app's folder */
    const char *path;        /* the path of its host/main.lua */
    luatee_session *session; /* host_run() closes it */
    int argument_count;
    char **arguments;
    int status; /* the exit status if main.lua raises an error; host_run() sets it */
};

/* Runs main.lua. Prints its results on stdout, or the error that it raises on stderr. Returns the exit status. */
int host_run(struct host *host);

#endif
