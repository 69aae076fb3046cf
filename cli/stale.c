/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/stale.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "client/base/scripts.h"

static bool newer(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec != other->tv_sec ? one->tv_sec > other->tv_sec : one->tv_nsec > other->tv_nsec;
}

/* Returns true when the file `source` exists, and its package is older or missing. */
static bool is_stale(const char *source)
{
    char package[PATH_MAX];
    struct stat from, made;
    if (stat(source, &from) != 0 || snprintf(package, sizeof(package), "%sta", source) >= PATH_MAX)
        return false;
    return stat(package, &made) != 0 || newer(&from.st_mtim, &made.st_mtim);
}

void stale_warn(const char *folder)
{
    char path[PATH_MAX];
    luatee_script_name *names;
    size_t count, i = 0;
    struct stat manifest;
    if (snprintf(path, sizeof(path), "%s/manifest.luata", folder) >= PATH_MAX || stat(path, &manifest) != 0)
        return; /* the app is not packed: with -s, its stored scripts run */
    bool stale = snprintf(path, sizeof(path), "%s/manifest.lua", folder) < PATH_MAX && is_stale(path);
    if (!stale && luatee_scripts_list(folder, &names, &count, NULL) == LUATEE_OK) {
        for (; i < count && !stale; i++)
            stale = snprintf(path, sizeof(path), "%s/ta/%s.lua", folder, names[i]) < PATH_MAX && is_stale(path);
        free(names);
    }
    if (stale)
        cli_complain("%s is newer than its package, which runs: pack again with luatee pack %s", path, folder);
}
