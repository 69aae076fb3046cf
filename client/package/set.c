/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "client/package/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/package/file_io.h"

#define FILE_MODE (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

/* The state of a file during the commit. */
enum outcome {
    WAITING,   /* the file has its temporary name */
    EXCHANGED, /* the file is in place; the older file has the temporary name */
    NEW,       /* the file is in place; there was no older file */
    REPLACED,  /* the file is in place; the older file is lost */
};

struct item {
    char path[PATH_MAX];
    char temporary[PATH_MAX];
    enum outcome outcome;
};

struct package_set {
    char root[PATH_MAX];
    int lock;
    struct item *items;
    size_t count;
    size_t capacity;
};

static luatee_status make_folder(const char *path, luatee_error *error)
{
    struct stat status;
    if (mkdir(path, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) == 0)
        return LUATEE_OK;
    if (errno != EEXIST)
        return package_file_failed(error, "make the folder", path);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_USAGE, "%s is not a folder", path);
}

/* Removes files that a killed process left in a folder. No other process writes there: the root is locked. */
static void remove_stale(const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, PACKAGE_SET_TEMPORARY, strlen(PACKAGE_SET_TEMPORARY)) == 0)
            (void)unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory != NULL)
        (void)closedir(directory);
}

luatee_status package_set_begin(const char *root, struct package_set **set, luatee_error *error)
{
    *set = NULL;
    luatee_status status = make_folder(root, error);
    if (status != LUATEE_OK)
        return status;
    struct package_set *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return luatee_error_memory(error);
    s->lock = -1;
    if (snprintf(s->root, sizeof(s->root), "%s", root) >= PATH_MAX)
        status = luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", root);
    else if ((s->lock = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || flock(s->lock, LOCK_EX) != 0)
        status = package_file_failed(error, "lock", root);
    if (status != LUATEE_OK) {
        package_set_end(s);
        return status;
    }
    remove_stale(root);
    *set = s;
    return LUATEE_OK;
}

static struct item *new_item(struct package_set *set)
{
    if (set->count == set->capacity) {
        size_t capacity = 2 * set->capacity + 16;
        struct item *items = reallocarray(set->items, capacity, sizeof(*items));
        if (items == NULL)
            return NULL;
        set->items = items;
        set->capacity = capacity;
    }
    return &set->items[set->count];
}

/* Makes the folder of the file, and sets the file's path and its temporary path. */
static luatee_status name_temporary(const struct package_set *set, struct item *item, const char *path,
                                    luatee_error *error)
{
    const char *slash = strchr(path, '/');
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof(folder), "%s%s%.*s", set->root, slash == NULL ? "" : "/",
                 slash == NULL ? 0 : (int)(slash - path), path) >= PATH_MAX ||
        snprintf(item->path, PATH_MAX, "%s/%s", set->root, path) >= PATH_MAX ||
        snprintf(item->temporary, PATH_MAX, "%s/" PACKAGE_SET_TEMPORARY "XXXXXX", folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", set->root);
    if (slash == NULL)
        return LUATEE_OK;
    bool first = true;
    for (size_t i = 0; i < set->count && first; i++)
        first = strncmp(set->items[i].path, folder, strlen(folder)) != 0 || set->items[i].path[strlen(folder)] != '/';
    luatee_status status = make_folder(folder, error);
    if (status == LUATEE_OK && first)
        remove_stale(folder);
    return status;
}

luatee_status package_set_add(struct package_set *set, const char *path, const void *data, size_t size,
                              luatee_error *error)
{
    struct item *item = new_item(set);
    if (item == NULL)
        return luatee_error_memory(error);
    item->outcome = WAITING;
    luatee_status status = name_temporary(set, item, path, error);
    if (status == LUATEE_OK)
        status = package_file_temporary(item->temporary, FILE_MODE, data, size, error);
    if (status == LUATEE_OK)
        set->count++;
    return status;
}

/* Moves the file into place. Returns false, with errno, when that fails. */
static bool put_in_place(struct item *item)
{
    struct stat status;
    if (lstat(item->path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (renameat2(AT_FDCWD, item->temporary, AT_FDCWD, item->path, RENAME_EXCHANGE) == 0) {
        item->outcome = EXCHANGED;
        return true;
    }
    enum outcome outcome = errno == ENOENT ? NEW : REPLACED;
    if (rename(item->temporary, item->path) != 0)
        return false;
    item->outcome = outcome;
    return true;
}

/* Undoes put_in_place(), unless the older file is lost. */
static void undo(struct item *item)
{
    if (item->outcome == EXCHANGED)
        (void)renameat2(AT_FDCWD, item->temporary, AT_FDCWD, item->path, RENAME_EXCHANGE);
    else if (item->outcome == NEW)
        (void)rename(item->path, item->temporary);
    item->outcome = WAITING;
}

luatee_status package_set_commit(struct package_set *set, luatee_error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        if (put_in_place(&set->items[i]))
            continue;
        luatee_status status = package_file_failed(error, "write", set->items[i].path);
        while (i-- > 0)
            undo(&set->items[i]);
        return status;
    }
    (void)fsync(set->lock);
    return LUATEE_OK;
}

void package_set_end(struct package_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].outcome == WAITING || set->items[i].outcome == EXCHANGED)
            (void)unlink(set->items[i].temporary);
    if (set->lock >= 0)
        (void)close(set->lock);
    free(set->items);
    free(set);
}
