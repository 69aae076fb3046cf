/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/ta/storage_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/ta/storage_fault.h"
#include "sim/ta/storage_seal.h"

#define NEW_FILE "new"
#define JOURNAL_FILE "journal"
#define JOURNAL_NEW "journal.new"

struct journal {
    char old_name[SIM_STORAGE_NAME_SIZE];
    char new_name[SIM_STORAGE_NAME_SIZE];
};

static bool read_all(int fd, uint8_t *data, size_t size)
{
    ssize_t got;

    while (size) {
        got = read(fd, data, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        size -= (size_t)got;
    }
    return true;
}

static bool write_part(int fd, const uint8_t *data, size_t size)
{
    ssize_t written;

    while (size) {
        written = write(fd, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

/* Writes two halves, so that a test can inject a fault between them. */
static bool write_all(int fd, const uint8_t *data, size_t size)
{
    return sim_storage_step() && write_part(fd, data, size / 2) && sim_storage_step() &&
           write_part(fd, data + size / 2, size - size / 2);
}

static bool sync_file(int fd)
{
    return sim_storage_step() && fsync(fd) == 0;
}

/* A full disk does not keep a directory from being synced, so only the power cut applies here. */
static bool sync_directory(const struct sim_storage *storage)
{
    (void)sim_storage_step();
    return fsync(storage->directory) == 0;
}

static bool remove_file(const struct sim_storage *storage, const char *name)
{
    return sim_storage_step() && unlinkat(storage->directory, name, 0) == 0;
}

static bool rename_file(const struct sim_storage *storage, const char *from, const char *to)
{
    return sim_storage_step() && renameat(storage->directory, from, storage->directory, to) == 0;
}

static TEE_Result read_sealed(int fd, struct sim_bytes *sealed)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return sim_storage_error("file");
    if (!S_ISREG(status.st_mode) || status.st_size > (off_t)(SIM_STORAGE_FILE_MAX + SIM_SEAL_OVERHEAD))
        return TEE_ERROR_CORRUPT_OBJECT;
    sealed->size = (size_t)status.st_size;
    sealed->data = malloc(sealed->size + 1);
    if (!sealed->data)
        return TEE_ERROR_OUT_OF_MEMORY;
    if (read_all(fd, sealed->data, sealed->size))
        return TEE_SUCCESS;
    sim_bytes_free(sealed);
    return sim_storage_error("read");
}

TEE_Result sim_storage_read(const struct sim_storage *storage, const char *name, struct sim_bytes *plain, int *version)
{
    int fd = openat(storage->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct sim_bytes sealed = {NULL, 0};
    TEE_Result result;

    if (fd < 0 && errno == ENOENT)
        return TEE_ERROR_ITEM_NOT_FOUND;
    if (fd < 0)
        return errno == ELOOP ? TEE_ERROR_CORRUPT_OBJECT : sim_storage_error("open");
    result = read_sealed(fd, &sealed);
    if (result == TEE_SUCCESS)
        result = sim_unseal(storage, name, &sealed, plain);
    sim_bytes_free(&sealed);
    if (result == TEE_SUCCESS)
        *version = fd;
    else
        close(fd);
    return result;
}

bool sim_storage_is_current(const struct sim_storage *storage, const char *name, int version)
{
    struct stat ours, now;

    return version >= 0 && fstat(version, &ours) == 0 &&
           fstatat(storage->directory, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && ours.st_ino == now.st_ino &&
           ours.st_dev == now.st_dev && ours.st_size == now.st_size && ours.st_mtim.tv_sec == now.st_mtim.tv_sec &&
           ours.st_mtim.tv_nsec == now.st_mtim.tv_nsec;
}

bool sim_storage_exists(const struct sim_storage *storage, const char *name)
{
    return faccessat(storage->directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Writes and syncs a file. Removes it again if that fails. */
static TEE_Result write_file(const struct sim_storage *storage, const char *name, const void *data, size_t size,
                             int *version)
{
    int fd = -1;
    TEE_Result result;

    if (sim_storage_step())
        fd = openat(storage->directory, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return sim_storage_error("create");
    if (write_all(fd, data, size) && sync_file(fd)) {
        *version = fd;
        return TEE_SUCCESS;
    }
    result = sim_storage_error("write");
    close(fd);
    (void)unlinkat(storage->directory, name, 0);
    return result;
}

static TEE_Result write_new(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                            int *version)
{
    struct sim_bytes sealed;
    TEE_Result result;

    if (plain->size > SIM_STORAGE_FILE_MAX)
        return TEE_ERROR_STORAGE_NO_SPACE;
    result = sim_seal(storage, name, plain, &sealed);
    if (result != TEE_SUCCESS)
        return result;
    result = write_file(storage, NEW_FILE, sealed.data, sealed.size, version);
    sim_bytes_free(&sealed);
    return result;
}

/* Renames the new file to its final name. Removes it, and the journal, if that fails. */
static TEE_Result commit(const struct sim_storage *storage, const char *name, int *version)
{
    TEE_Result result;

    if (rename_file(storage, NEW_FILE, name) && sync_directory(storage))
        return TEE_SUCCESS;
    result = sim_storage_error("rename");
    (void)unlinkat(storage->directory, JOURNAL_FILE, 0);
    (void)unlinkat(storage->directory, NEW_FILE, 0);
    if (*version >= 0)
        close(*version);
    *version = -1;
    return result;
}

TEE_Result sim_storage_replace(const struct sim_storage *storage, const char *name, const struct sim_bytes *plain,
                               int *version)
{
    TEE_Result result = write_new(storage, name, plain, version);

    return result == TEE_SUCCESS ? commit(storage, name, version) : result;
}

static TEE_Result write_journal(const struct sim_storage *storage, const char *old_name, const char *new_name)
{
    struct journal journal;
    TEE_Result result;
    int fd = -1;

    snprintf(journal.old_name, sizeof(journal.old_name), "%s", old_name);
    snprintf(journal.new_name, sizeof(journal.new_name), "%s", new_name);
    result = write_file(storage, JOURNAL_NEW, &journal, sizeof(journal), &fd);
    if (result != TEE_SUCCESS)
        return result;
    close(fd);
    if (rename_file(storage, JOURNAL_NEW, JOURNAL_FILE) && sync_directory(storage))
        return TEE_SUCCESS;
    result = sim_storage_error("journal");
    (void)unlinkat(storage->directory, JOURNAL_FILE, 0);
    (void)unlinkat(storage->directory, JOURNAL_NEW, 0);
    return result;
}

static TEE_Result finish_move(const struct sim_storage *storage, const char *old_name)
{
    if (!remove_file(storage, old_name) && errno != ENOENT)
        return sim_storage_error("remove");
    if (!sync_directory(storage))
        return sim_storage_error("sync");
    /* Without this sync a power cut could bring the journal back, and recovery would rename the next `new` by it. */
    if (!remove_file(storage, JOURNAL_FILE) || !sync_directory(storage))
        return sim_storage_error("journal");
    return TEE_SUCCESS;
}

TEE_Result sim_storage_move(const struct sim_storage *storage, const char *old_name, const char *new_name,
                            const struct sim_bytes *plain, int *version)
{
    TEE_Result result = write_new(storage, new_name, plain, version);

    if (result != TEE_SUCCESS)
        return result;
    result = write_journal(storage, old_name, new_name);
    if (result != TEE_SUCCESS) {
        (void)unlinkat(storage->directory, NEW_FILE, 0);
        close(*version);
        *version = -1;
        return result;
    }
    result = commit(storage, new_name, version);
    return result == TEE_SUCCESS ? finish_move(storage, old_name) : result;
}

TEE_Result sim_storage_remove(const struct sim_storage *storage, const char *name)
{
    if (!remove_file(storage, name) && errno != ENOENT)
        return sim_storage_error("remove");
    return sync_directory(storage) ? TEE_SUCCESS : sim_storage_error("sync");
}

/* The rich OS can change the journal like every file, so recovery ignores one whose names are not those of objects. */
static bool is_name(const char name[SIM_STORAGE_NAME_SIZE])
{
    return memchr(name, '\0', SIM_STORAGE_NAME_SIZE) == name + SIM_STORAGE_NAME_SIZE - 1 &&
           name[0] == SIM_STORAGE_OBJECT && name[1] == '.' &&
           strspn(name + 2, "0123456789abcdef") == SIM_STORAGE_NAME_SIZE - 3;
}

static bool read_journal(const struct sim_storage *storage, struct journal *journal)
{
    int fd = openat(storage->directory, JOURNAL_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool ok;

    if (fd < 0)
        return false;
    ok = read_all(fd, (uint8_t *)journal, sizeof(*journal)) && is_name(journal->old_name) && is_name(journal->new_name);
    close(fd);
    return ok;
}

TEE_Result sim_storage_recover(const struct sim_storage *storage)
{
    struct journal journal;
    int version = -1;
    TEE_Result result;

    if (read_journal(storage, &journal)) {
        if (sim_storage_exists(storage, NEW_FILE)) {
            result = commit(storage, journal.new_name, &version);
            if (result != TEE_SUCCESS)
                return result;
        }
        /* If the new file exists under neither name, the move did not begin and the old file stays. */
        if (sim_storage_exists(storage, journal.new_name)) {
            result = finish_move(storage, journal.old_name);
            if (result != TEE_SUCCESS)
                return result;
        }
    }
    (void)unlinkat(storage->directory, JOURNAL_FILE, 0);
    (void)unlinkat(storage->directory, JOURNAL_NEW, 0);
    (void)unlinkat(storage->directory, NEW_FILE, 0);
    return TEE_SUCCESS;
}
