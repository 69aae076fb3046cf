/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/scripts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"

#define SUFFIX ".lua"
#define PACKAGE_SUFFIX ".luata"

/* How deep folders below ta/ are searched. */
#define DEPTH_MAX 16

struct listing {
    const char *suffix;
    luatee_script_name *names;
    size_t count;
    size_t capacity;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Hidden files belong to an editor or a file system. */
static bool is_wanted(const char *file_name, const char *suffix)
{
    size_t length = strlen(file_name), suffix_length = strlen(suffix);
    return file_name[0] != '.' && length > suffix_length && strcmp(file_name + length - suffix_length, suffix) == 0;
}

static luatee_status add_name(struct listing *listing, const char *folder, const char *file_name, luatee_error *error)
{
    size_t length = strlen(file_name) - strlen(listing->suffix);
    if (!luatee_name_valid(file_name, length))
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s/%s: a trusted script cannot have this name: rename it to 1 to %d of "
                                "A-Z a-z 0-9 _ - . in front of %s",
                                folder, file_name, LUATEE_NAME_MAX, listing->suffix);
    if (listing->count == listing->capacity) {
        size_t capacity = 2 * listing->capacity + 16;
        luatee_script_name *grown = reallocarray(listing->names, capacity, sizeof(*grown));
        if (grown == NULL)
            return luatee_error_memory(error);
        listing->names = grown;
        listing->capacity = capacity;
    }
    memcpy(listing->names[listing->count], file_name, length);
    listing->names[listing->count++][length] = '\0';
    return LUATEE_OK;
}

/* Reports the first script in a folder below ta/. Ignores other files, and folders that cannot be read. Does not follow
 * links, which could form a circle. */
static luatee_status check_below(int parent, const char *path, const char *name, const char *suffix, int depth,
                                 luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    char below[PATH_MAX];
    struct dirent *entry;
    if (name[0] == '.' || depth == DEPTH_MAX || snprintf(below, sizeof(below), "%s/%s", path, name) >= PATH_MAX)
        return LUATEE_OK;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = folder < 0 ? NULL : fdopendir(folder);
    if (directory == NULL) {
        if (folder >= 0)
            (void)close(folder);
        return LUATEE_OK;
    }
    while (status == LUATEE_OK && (entry = readdir(directory)) != NULL)
        status =
            is_wanted(entry->d_name, suffix)
                ? luatee_error_set(error, LUATEE_USAGE,
                                   "%s/%s: trusted scripts lie in ta/ itself, not in folders below it: move the file",
                                   below, entry->d_name)
                : check_below(dirfd(directory), below, entry->d_name, suffix, depth + 1, error);
    (void)closedir(directory);
    return status;
}

static luatee_status list_folder(DIR *directory, const char *path, struct listing *listing, luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    struct dirent *entry;
    while (status == LUATEE_OK && (entry = readdir(directory)) != NULL)
        status = is_wanted(entry->d_name, listing->suffix)
                     ? add_name(listing, path, entry->d_name, error)
                     : check_below(dirfd(directory), path, entry->d_name, listing->suffix, 1, error);
    return status;
}

static luatee_status list_names(const char *folder, const char *suffix, luatee_script_name **names, size_t *count,
                                luatee_error *error)
{
    char path[PATH_MAX];
    struct listing listing = { .suffix = suffix };
    *names = NULL;
    *count = 0;
    if (snprintf(path, sizeof(path), "%s/ta", folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of the app is too long");
    DIR *directory = opendir(path);
    if (directory == NULL && (errno == ENOENT || errno == ENOTDIR))
        return LUATEE_OK;
    if (directory == NULL)
        return luatee_error_set(error, LUATEE_FAILED, "cannot read %s: %s", path, strerror(errno));
    luatee_status status = list_folder(directory, path, &listing, error);
    (void)closedir(directory);
    if (status != LUATEE_OK) {
        free(listing.names);
        return status;
    }
    if (listing.count > 0)
        qsort(listing.names, listing.count, sizeof(*listing.names), compare_names);
    *names = listing.names;
    *count = listing.count;
    return LUATEE_OK;
}

luatee_status luatee_scripts_list(const char *folder, luatee_script_name **names, size_t *count, luatee_error *error)
{
    return list_names(folder, SUFFIX, names, count, error);
}

luatee_status luatee_packages_list(const char *folder, luatee_script_name **names, size_t *count, luatee_error *error)
{
    return list_names(folder, PACKAGE_SUFFIX, names, count, error);
}
