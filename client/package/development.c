/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/development.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/package/file_io.h"
#include "client/package/keys.h"

/* Returns the value of an environment variable; NULL when it is unset or empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static luatee_status find_folder(char folder[PATH_MAX], luatee_error *error)
{
    const char *own = variable("LUATEE_CONFIG"), *config = variable("XDG_CONFIG_HOME"), *home = variable("HOME");
    int size;
    if (own != NULL)
        size = snprintf(folder, PATH_MAX, "%s/dev", own);
    else if (config != NULL && config[0] == '/') /* relative paths are ignored (XDG Base Directory Specification) */
        size = snprintf(folder, PATH_MAX, "%s/luatee/dev", config);
    else if (home != NULL)
        size = snprintf(folder, PATH_MAX, "%s/.config/luatee/dev", home);
    else
        return luatee_error_set(error, LUATEE_USAGE,
                                "there is no folder for the development keys: set HOME or LUATEE_CONFIG");
    if (size >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of the development keys is too long");
    return LUATEE_OK;
}

/* Makes the folder and its parents. Changes the path while it runs, and restores it. */
static luatee_status make_folders(char *path, luatee_error *error)
{
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        bool fine = mkdir(path, S_IRWXU) == 0 || errno == EEXIST;
        luatee_status status = fine ? LUATEE_OK : package_file_failed(error, "make the folder", path);
        if (slash == NULL || !fine)
            return status;
        *slash = '/';
    }
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

luatee_status package_development_find(struct package_development *keys, luatee_error *error)
{
    luatee_status status = find_folder(keys->folder, error);
    if (status != LUATEE_OK)
        return status;
    if (snprintf(keys->publisher, PATH_MAX, "%s/publisher.pem", keys->folder) >= PATH_MAX ||
        snprintf(keys->publisher_public, PATH_MAX, "%s/publisher.pub", keys->folder) >= PATH_MAX ||
        snprintf(keys->class_key, PATH_MAX, "%s/class.key", keys->folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of the development keys is too long");
    return LUATEE_OK;
}

luatee_status package_development_keys(struct package_development *keys, luatee_error *error)
{
    luatee_status status = package_development_find(keys, error);
    if (status != LUATEE_OK)
        return status;
    if (exists(keys->publisher) && exists(keys->class_key))
        return LUATEE_OK;
    status = make_folders(keys->folder, error);
    /* When another process has made the files meanwhile, a failure does not matter. */
    if (status == LUATEE_OK && !exists(keys->publisher)) {
        status =
            package_create_publisher(keys->publisher, keys->publisher_public, false, PACKAGE_DEVELOPMENT_MARK, error);
        if (exists(keys->publisher))
            status = LUATEE_OK;
        else if (status == LUATEE_USAGE && exists(keys->publisher_public))
            status =
                luatee_error_set(error, LUATEE_USAGE,
                                 "the private development key is missing: there is %s, but no publisher.pem beside it. "
                                 "Restore publisher.pem; or remove %s to make a new key pair, and build TAs of the dev "
                                 "flavour again (make)",
                                 keys->publisher_public, keys->publisher_public);
    }
    if (status == LUATEE_OK && !exists(keys->class_key)) {
        status = package_create_class(keys->class_key, PACKAGE_DEVELOPMENT_MARK, error);
        if (exists(keys->class_key))
            status = LUATEE_OK;
    }
    return status;
}
