/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/app.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/base/error.h"
#include "core/package/manifest_parse.h"
#include "core/package/parse.h"

static luatee_status use_folder_name(struct luatee_app *app, luatee_error *error)
{
    const char *name = strrchr(app->folder, '/') + 1;
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_error_set(error, LUATEE_USAGE,
                                "the folder's name '%s' cannot be an app's name: rename the folder to 1 to %d of "
                                "A-Z a-z 0-9 _ - . and no leading dot",
                                name, LUATEE_NAME_MAX);
    memcpy(app->name, name, strlen(name) + 1);
    return LUATEE_OK;
}

/* Returns whether a file of that name exists, readable or not. */
static bool has_packed_manifest(const struct luatee_app *app)
{
    char path[PATH_MAX];
    struct stat status;
    return snprintf(path, sizeof(path), "%s/" PACKAGE_MANIFEST_NAME ".luata", app->folder) >= PATH_MAX ||
           lstat(path, &status) == 0;
}

/* With -s, the stored packages are those of the folder's name. */
static luatee_status do_without_packages(struct luatee_app *app, const char *typed, luatee_error *error)
{
    luatee_script_name *names;
    size_t count;
    if (app->stored)
        return use_folder_name(app, error);
    luatee_status status = luatee_packages_list(app->folder, &names, &count, error);
    if (status != LUATEE_OK)
        return status;
    free(names);
    if (count > 0)
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s has no manifest.luata for the packages in it: pack again with `luatee pack %s`",
                                typed, typed);
    return luatee_error_set(error, LUATEE_USAGE,
                            "%s has no packages: make them with `luatee pack %s`, or use the plaintext scripts (-u)",
                            typed, typed);
}

/* Takes the name that the packages of the folder have. It may differ from the folder's. */
static luatee_status use_packed_name(struct luatee_app *app, const char *typed, luatee_error *error)
{
    struct luatee_script manifest;
    struct package package;
    luatee_status status =
        luatee_package_read(app->folder, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, &manifest, error);
    if (status == LUATEE_USAGE && !has_packed_manifest(app))
        return do_without_packages(app, typed, error);
    if (status != LUATEE_OK)
        return status;
    enum package_check check = package_parse(manifest.data.data, manifest.data.size, &package);
    if (check == PACKAGE_FINE) {
        memcpy(app->name, package.identity.app, package.identity.app_size);
        app->name[package.identity.app_size] = '\0';
        app->has_bundle = true;
        memcpy(app->bundle, package.identity.bundle, sizeof(app->bundle));
    } else {
        status = luatee_error_set(error, LUATEE_REFUSED, "%s/manifest.luata is refused: %s; pack the app again",
                                  app->folder, package_check_text(check));
    }
    luatee_buffer_free(&manifest.data);
    return status;
}

/* Copies the plaintext manifest, and takes the app's name from it. */
static luatee_status use_manifest(struct luatee_app *app, const luatee_options *options, luatee_error *error)
{
    struct manifest *manifest = malloc(sizeof(*manifest));
    struct manifest_identity identity;
    if (manifest == NULL || !luatee_buffer_reserve(&app->manifest, options->manifest_size)) {
        free(manifest);
        return luatee_error_memory(error);
    }
    memcpy(app->manifest.data, options->manifest, options->manifest_size);
    app->manifest.size = options->manifest_size;
    const char *why = manifest_parse(app->manifest.data, app->manifest.size, manifest, &identity);
    free(manifest);
    if (why != NULL)
        return luatee_error_set(error, LUATEE_USAGE, "the manifest cannot be used: %s", why);
    memcpy(app->name, identity.name, sizeof(identity.name));
    return LUATEE_OK;
}

luatee_status luatee_app_find(struct luatee_app *app, const luatee_options *options, luatee_error *error)
{
    struct stat status;
    const char *typed = options->app;
    app->stored = options->stored;
    app->plaintext = options->plaintext;
    char *path = realpath(typed, NULL);
    if (path == NULL && errno == ENOMEM)
        return luatee_error_memory(error);
    if (path != NULL && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        app->folder = path;
        if (!app->plaintext)
            return use_packed_name(app, typed, error);
        return options->manifest_size > 0 ? use_manifest(app, options, error) : use_folder_name(app, error);
    }
    free(path);
    if (!app->stored || !luatee_name_valid(typed, strlen(typed)))
        return luatee_error_set(error, LUATEE_USAGE, "no such app: %s is not a folder", typed);
    memcpy(app->name, typed, strlen(typed) + 1);
    return LUATEE_OK;
}

void luatee_app_free(struct luatee_app *app)
{
    luatee_buffer_free(&app->manifest);
    free(app->folder);
    app->folder = NULL;
}

luatee_status luatee_app_read(const struct luatee_app *app, const char *name, enum luatee_script_kind kind,
                              struct luatee_script *script, luatee_error *error)
{
    if (app->plaintext && kind == LUATEE_KIND_MANIFEST) {
        if (app->manifest.size == 0)
            return luatee_error_set(error, LUATEE_USAGE, "the app '%s' has no manifest", app->name);
        return luatee_script_copy(kind, app->manifest.data, app->manifest.size, script, error);
    }
    if (app->folder == NULL)
        return luatee_error_set(error, LUATEE_USAGE, "no trusted script '%s': the app '%s' has no folder here", name,
                                app->name);
    if (app->plaintext)
        return luatee_script_read(app->folder, name, script, error);
    luatee_error why;
    luatee_error_init(&why);
    luatee_status status = luatee_package_read(app->folder, name, kind, script, &why);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    const char *advice = status == LUATEE_USAGE ? "; luatee pack APP makes it" : "";
    return luatee_error_set(error, status, "%.900s%s", why.message, advice);
}
