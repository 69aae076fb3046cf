/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/error.h"
#include "client/package/file_io.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Length of the name in front of the suffix, or 0. */
static size_t name_length(const char *file_name, const char *suffix)
{
    size_t length = strlen(file_name), suffix_length = strlen(suffix);
    if (length <= suffix_length || strcmp(file_name + length - suffix_length, suffix) != 0)
        return 0;
    length -= suffix_length;
    return luatee_name_valid(file_name, length) ? length : 0;
}

static luatee_status list(DIR *directory, const char *suffix, luatee_script_name **names, size_t *count,
                          luatee_error *error)
{
    size_t capacity = 0;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        size_t length = name_length(entry->d_name, suffix);
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
        (*names)[(*count)++][length] = '\0';
    }
    if (*count > 0)
        qsort(*names, *count, sizeof(**names), compare_names);
    return LUATEE_OK;
}

luatee_status package_names(const char *folder, const char *suffix, luatee_script_name **names, size_t *count,
                            luatee_error *error)
{
    *names = NULL;
    *count = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL && (errno == ENOENT || errno == ENOTDIR))
        return LUATEE_OK;
    if (directory == NULL)
        return package_file_failed(error, "read", folder);
    luatee_status status = list(directory, suffix, names, count, error);
    (void)closedir(directory);
    if (status != LUATEE_OK)
        free(*names);
    return status;
}
