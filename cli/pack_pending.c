/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/pack.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/base/error.h"

/* A line of PACK_SOURCES: 64 hexadecimal digits, two spaces, and a path. */
#define DIGEST_DIGITS ((size_t)(2 * LUATEE_DIGEST_SIZE))
#define LINE_SIZE (DIGEST_DIGITS + 2 + PACK_PATH_SIZE)
#define SOURCES_MAX (16 * 1024 * 1024)
#define SCRIPT ".lua"

/* --- before the signing */

/* Returns whether the file is the unsigned package of one of the parts, which is written again. */
static bool is_ours(const char *file_name, const struct package_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(parts[i].name);
        if (strncmp(file_name, parts[i].name, length) == 0 && strcmp(file_name + length, PACK_UNSIGNED) == 0)
            return true;
    }
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static luatee_status check_unused(const char *folder, const struct package_part *parts, size_t count,
                                  luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    struct dirent *entry;
    DIR *directory = opendir(folder);
    if (directory == NULL && (errno == ENOENT || errno == ENOTDIR))
        return LUATEE_OK;
    if (directory == NULL)
        return luatee_error_set(error, LUATEE_FAILED, "cannot read %s: %s", folder, strerror(errno));
    while (status == LUATEE_OK && (entry = readdir(directory)) != NULL) {
        const char *name = entry->d_name;
        if (ends_with(name, PACK_SIGNATURE) || (ends_with(name, PACK_UNSIGNED) && !is_ours(name, parts, count)))
            status = luatee_error_set(error, LUATEE_USAGE,
                                      "%s/%s belongs to an earlier --digest-only: name another folder, or empty this "
                                      "one",
                                      folder, name);
    }
    (void)closedir(directory);
    return status;
}

luatee_status pack_pending_unused(const char *folder, const struct package_part *parts, size_t count,
                                  luatee_error *error)
{
    char ta[PATH_MAX];
    if (snprintf(ta, sizeof(ta), "%s/ta", folder) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", folder);
    luatee_status status = check_unused(folder, parts, count, error);
    return status == LUATEE_OK ? check_unused(ta, parts, count, error) : status;
}

/* Writes the line of a part in PACK_SOURCES, without the newline. */
static void write_line(const struct package_part *part, char line[LINE_SIZE])
{
    for (size_t i = 0; i < LUATEE_DIGEST_SIZE; i++)
        (void)snprintf(line + 2 * i, 3, "%02x", part->source[i]);
    memcpy(line + DIGEST_DIGITS, "  ", 2);
    pack_path(part->name, part->kind == PACKAGE_MANIFEST, part->kind == PACKAGE_MANIFEST ? "" : SCRIPT,
              line + DIGEST_DIGITS + 2);
}

luatee_status pack_pending_add(struct package_set *set, const struct package_part *parts, size_t count,
                               luatee_error *error)
{
    char *text = malloc(count * LINE_SIZE);
    size_t size = 0;
    if (text == NULL)
        return luatee_error_memory(error);
    for (size_t i = 0; i < count; i++) {
        write_line(&parts[i], text + size);
        size += strlen(text + size);
        text[size++] = '\n';
    }
    luatee_status status = package_set_add(set, PACK_SOURCES, text, size, error);
    free(text);
    return status;
}

/* --- after the signing */

/* A line of PACK_SOURCES; points into the file's contents. */
struct source {
    const char *digest;
    const char *path;
    size_t path_size;
};

/* Reads the next line and advances *text. Returns false when write_line() cannot have written the line. */
static bool read_line(const char **text, const char *end, struct source *source)
{
    const char *stop = memchr(*text, '\n', (size_t)(end - *text));
    if (stop == NULL || (size_t)(stop - *text) <= DIGEST_DIGITS + 2 || memcmp(*text + DIGEST_DIGITS, "  ", 2) != 0)
        return false;
    source->digest = *text;
    source->path = *text + DIGEST_DIGITS + 2;
    source->path_size = (size_t)(stop - source->path);
    *text = stop + 1;
    return true;
}

static luatee_status refuse(const struct pack_options *options, const char *path, size_t path_size, const char *change,
                            luatee_error *error)
{
    return luatee_error_set(error, LUATEE_REFUSED,
                            "%s has changed since --digest-only: %.*s %s; start again with --digest-only",
                            options->app, (int)path_size, path, change);
}

/* Compares the line with its part, and marks the part as seen. */
static luatee_status check_line(const struct pack_options *options, const struct source *source,
                                const struct package_part *parts, size_t count, bool *seen, luatee_error *error)
{
    char line[LINE_SIZE];
    const char *path = line + DIGEST_DIGITS + 2;
    for (size_t i = 0; i < count; i++) {
        write_line(&parts[i], line);
        if (strlen(path) != source->path_size || memcmp(path, source->path, source->path_size) != 0)
            continue;
        seen[i] = true;
        if (memcmp(line, source->digest, DIGEST_DIGITS) == 0)
            return LUATEE_OK;
        return refuse(options, source->path, source->path_size, "has changed", error);
    }
    return refuse(options, source->path, source->path_size, "is gone", error);
}

static luatee_status check_lines(const struct pack_options *options, const struct luatee_buffer *file,
                                 const struct package_part *parts, size_t count, bool *seen, luatee_error *error)
{
    const char *text = (const char *)file->data, *end = text + file->size;
    luatee_status status = LUATEE_OK;
    while (text < end && status == LUATEE_OK) {
        struct source source;
        if (!read_line(&text, end, &source))
            return luatee_error_set(error, LUATEE_REFUSED,
                                    "%s/" PACK_SOURCES " is damaged; start again with --digest-only",
                                    options->signature);
        status = check_line(options, &source, parts, count, seen, error);
    }
    for (size_t i = 0; i < count && status == LUATEE_OK; i++) {
        char line[LINE_SIZE];
        write_line(&parts[i], line);
        if (!seen[i])
            status = refuse(options, line + DIGEST_DIGITS + 2, PACK_PATH_SIZE, "has been added", error);
    }
    return status;
}

luatee_status pack_pending_check(const struct pack_options *options, const struct package_part *parts, size_t count,
                                 luatee_error *error)
{
    char path[PATH_MAX];
    struct luatee_buffer file = { 0 };
    if (snprintf(path, sizeof(path), "%s/" PACK_SOURCES, options->signature) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", options->signature);
    luatee_status status = package_file_read(path, SOURCES_MAX, &file, error);
    if (status == LUATEE_USAGE)
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s was not made by `luatee pack --digest-only`: cannot read %s; name its folder",
                                options->signature, path);
    if (status != LUATEE_OK)
        return status;
    bool *seen = calloc(count, sizeof(*seen));
    status = seen == NULL ? luatee_error_memory(error) : check_lines(options, &file, parts, count, seen, error);
    free(seen);
    luatee_buffer_free(&file);
    return status;
}
