/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "client/base/error.h"
#include "core/package/parse.h"

#define SUFFIX ".lua"
#define PACKAGE_SUFFIX ".luata"

luatee_status luatee_bad_name(const char *name, luatee_error *error)
{
    return luatee_error_set(error, LUATEE_USAGE,
                            "'%.80s' cannot be a script's name: use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot",
                            name, LUATEE_NAME_MAX);
}

/* Follows symbolic links: the folder belongs to its owner. O_NONBLOCK: opening a pipe without a writer would wait. */
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

/* Reads to the end. The size from fstat() is not used: the file may grow meanwhile. */
static luatee_status read_all(int file, const char *path, size_t max, struct luatee_buffer *source, luatee_error *error)
{
    for (;;) {
        if (source->size > max)
            return luatee_error_set(error, LUATEE_USAGE, "%s is too large: it may have at most %zu bytes", path, max);
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

static luatee_status set_digest(struct luatee_script *script, luatee_error *error)
{
    if (EVP_Digest(script->data.data, script->data.size, script->digest, NULL, EVP_sha256(), NULL) == 1)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a SHA-256 digest");
}

static luatee_status read_file(const char *path, const char *name, size_t max, struct luatee_script *script,
                               luatee_error *error)
{
    int file;
    luatee_status status = open_script(path, name, &file, error);
    if (status != LUATEE_OK)
        return status;
    script->data = (struct luatee_buffer){ 0 };
    status = read_all(file, path, max, &script->data, error);
    (void)close(file);
    if (status == LUATEE_OK)
        status = set_digest(script, error);
    if (status != LUATEE_OK)
        luatee_buffer_free(&script->data);
    return status;
}

luatee_status luatee_script_read(const char *folder, const char *name, struct luatee_script *script,
                                 luatee_error *error)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/ta/%s" SUFFIX, folder, name) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of script '%s' is too long", name);
    script->kind = LUATEE_KIND_SCRIPT;
    return read_file(path, name, LUATEE_SCRIPT_MAX, script, error);
}

luatee_status luatee_package_read(const char *folder, const char *name, enum luatee_script_kind kind,
                                  struct luatee_script *script, luatee_error *error)
{
    char path[PATH_MAX];
    const char *sub = kind == LUATEE_KIND_MANIFEST ? "" : "ta/";
    if (snprintf(path, sizeof(path), "%s/%s%s" PACKAGE_SUFFIX, folder, sub, name) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path of script '%s' is too long", name);
    script->kind = kind;
    return read_file(path, name, PACKAGE_SIZE_MAX, script, error);
}

luatee_status luatee_script_copy(enum luatee_script_kind kind, const void *data, size_t size,
                                 struct luatee_script *script, luatee_error *error)
{
    *script = (struct luatee_script){ .kind = kind };
    if (!luatee_buffer_reserve(&script->data, size))
        return luatee_error_memory(error);
    memcpy(script->data.data, data, size);
    script->data.size = size;
    return set_digest(script, error);
}
