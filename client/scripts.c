/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/scripts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "client/error.h"

#define SUFFIX ".lua"

/* Symbolic links are followed: the folder is its owner's. Opening must not wait, as it would for a pipe without a
 * writer. */
static luatee_status open_script(const char *path, const char *name, int *file, luatee_error *error)
{
    struct stat status;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return luatee_error_set(error, LUATEE_USAGE, "no trusted script '%s': there is no %s", name, path);
    if (*file < 0)
        return luatee_error_set(error, LUATEE_FAILED, "cannot read %s: %s", path, strerror(errno));
    if (fstat(*file, &status) == 0 && S_ISREG(status.st_mode))
        return LUATEE_OK;
    (void)close(*file);
    return luatee_error_set(error, LUATEE_USAGE, "cannot read %s: it is not a regular file", path);
}

/* Reads to the end, whatever size the file claimed to have: it may grow meanwhile. */
static luatee_status read_source(int file, const char *path, struct luatee_buffer *source, luatee_error *error)
{
    for (;;) {
        if (source->size > LUATEE_SCRIPT_MAX)
            return luatee_error_set(error, LUATEE_USAGE, "%s is too large: a script has at most %u bytes", path,
                                    LUATEE_SCRIPT_MAX);
        if (source->size == source->capacity && !luatee_buffer_reserve(source, 2 * source->capacity + BUFSIZ))
            return luatee_error_memory(error);
        ssize_t n = read(file, source->data + source->size, source->capacity - source->size);
        if (n == 0)
            return LUATEE_OK;
        if (n < 0 && errno != EINTR)
            return luatee_error_set(error, LUATEE_FAILED, "cannot read %s: %s", path, strerror(errno));
        if (n > 0)
            source->size += (size_t)n;
    }
}

luatee_status luatee_script_read(const char *folder, const char *name, struct luatee_script *script,
                                 luatee_error *error)
{
    char path[PATH_MAX];
    int file;
    if (snprintf(path, sizeof(path), "%s/ta/%s" SUFFIX, folder, name) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of script '%s' is too long", name);
    luatee_status status = open_script(path, name, &file, error);
    if (status != LUATEE_OK)
        return status;
    script->source = (struct luatee_buffer){ 0 };
    status = read_source(file, path, &script->source, error);
    (void)close(file);
    if (status == LUATEE_OK &&
        EVP_Digest(script->source.data, script->source.size, script->digest, NULL, EVP_sha256(), NULL) != 1)
        status = luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a SHA-256 digest");
    if (status != LUATEE_OK)
        luatee_buffer_free(&script->source);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Length of the script's name if a file of this name is a script, otherwise 0. */
static size_t script_name_length(const char *file_name)
{
    size_t length = strlen(file_name);
    size_t suffix = strlen(SUFFIX);
    if (length <= suffix || strcmp(file_name + length - suffix, SUFFIX) != 0)
        return 0;
    length -= suffix;
    return luatee_name_valid(file_name, length) ? length : 0;
}

static luatee_status list_folder(DIR *directory, luatee_script_name **names, size_t *count, luatee_error *error)
{
    size_t capacity = 0;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        size_t length = script_name_length(entry->d_name);
        if (length == 0)
            continue;
        if (*count == capacity) {
            capacity = 2 * capacity + 16;
            luatee_script_name *grown = reallocarray(*names, capacity, sizeof(**names));
            if (grown == NULL)
                return luatee_error_memory(error);
            *names = grown;
        }
        memcpy((*names)[*count], entry->d_name, length);
        (*names)[*count][length] = '\0';
        (*count)++;
    }
    if (*count > 0)
        qsort(*names, *count, sizeof(**names), compare_names);
    return LUATEE_OK;
}

luatee_status luatee_scripts_list(const char *folder, luatee_script_name **names, size_t *count, luatee_error *error)
{
    char path[PATH_MAX];
    *names = NULL;
    *count = 0;
    if (snprintf(path, sizeof(path), "%s/ta", folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of the app is too long");
    DIR *directory = opendir(path);
    if (directory == NULL && (errno == ENOENT || errno == ENOTDIR))
        return LUATEE_OK;
    if (directory == NULL)
        return luatee_error_set(error, LUATEE_FAILED, "cannot read %s: %s", path, strerror(errno));
    luatee_status status = list_folder(directory, names, count, error);
    (void)closedir(directory);
    if (status != LUATEE_OK) {
        free(*names);
        *names = NULL;
    }
    return status;
}
