/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/ta/storage_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/ta/storage_file.h"

/*
 * The first byte is the mutex. Each object has PROPERTIES bytes at an offset made from 58 bits of its name. A handle
 * read-locks the byte of each property that it has, so that the kernel can say whether another handle has a property.
 */
enum property {
    ANY,
    READS,
    WRITES,
    META,
    SHARES_READ,
    KEEPS_READ,
    SHARES_WRITE,
    KEEPS_WRITE,
    PROPERTIES,
};
#define NAME_DIGITS 15
#define NAME_BITS 58
#define FIRST_OBJECT 8

static off_t object_offset(const char *name)
{
    char digits[NAME_DIGITS + 1];
    unsigned long long number;

    memcpy(digits, name + 2, NAME_DIGITS);
    digits[NAME_DIGITS] = '\0';
    number = strtoull(digits, NULL, 16) & ((1ull << NAME_BITS) - 1);
    return (off_t)(FIRST_OBJECT + number * PROPERTIES);
}

static int lock_byte(int fd, int command, short type, off_t at)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
    int result;

    do
        result = fcntl(fd, command, &lock);
    while (result < 0 && errno == EINTR);
    return result;
}

TEE_Result sim_storage_lock(const struct sim_storage *storage)
{
    TEE_Result result;

    if (lock_byte(storage->locks, F_OFD_SETLKW, F_WRLCK, 0) < 0)
        return sim_storage_error("lock");
    result = sim_storage_recover(storage);
    if (result != TEE_SUCCESS)
        sim_storage_unlock(storage);
    return result;
}

void sim_storage_unlock(const struct sim_storage *storage)
{
    (void)lock_byte(storage->locks, F_OFD_SETLK, F_UNLCK, 0);
}

/* Whether a handle other than this descriptor's has the property. Returns true if the kernel cannot say. */
static bool others_have(int fd, off_t object, enum property property)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = object + property, .l_len = 1};

    return fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
}

static bool has(uint32_t flags, uint32_t flag)
{
    return (flags & flag) != 0;
}

/* Checks one access, reading or writing: all handles share it or none does, and a handle may use it only if all do. */
static bool access_conflicts(int fd, off_t object, bool uses, bool shares, enum property others_use,
                           enum property others_share, enum property others_keep)
{
    if (shares)
        return others_have(fd, object, others_keep);
    return uses || others_have(fd, object, others_use) || others_have(fd, object, others_share);
}

static bool conflicts(int fd, off_t object, uint32_t flags)
{
    if (!others_have(fd, object, ANY))
        return false;
    /* A handle that may rename or delete excludes all others. */
    if (has(flags, TEE_DATA_FLAG_ACCESS_WRITE_META) || others_have(fd, object, META))
        return true;
    return access_conflicts(fd, object, has(flags, TEE_DATA_FLAG_ACCESS_READ), has(flags, TEE_DATA_FLAG_SHARE_READ),
                          READS, SHARES_READ, KEEPS_READ) ||
           access_conflicts(fd, object, has(flags, TEE_DATA_FLAG_ACCESS_WRITE), has(flags, TEE_DATA_FLAG_SHARE_WRITE),
                          WRITES, SHARES_WRITE, KEEPS_WRITE);
}

static bool take(int fd, off_t object, uint32_t flags)
{
    const bool wanted[PROPERTIES] = {
        [ANY] = true,
        [READS] = has(flags, TEE_DATA_FLAG_ACCESS_READ),
        [WRITES] = has(flags, TEE_DATA_FLAG_ACCESS_WRITE),
        [META] = has(flags, TEE_DATA_FLAG_ACCESS_WRITE_META),
        [SHARES_READ] = has(flags, TEE_DATA_FLAG_SHARE_READ),
        [KEEPS_READ] = !has(flags, TEE_DATA_FLAG_SHARE_READ),
        [SHARES_WRITE] = has(flags, TEE_DATA_FLAG_SHARE_WRITE),
        [KEEPS_WRITE] = !has(flags, TEE_DATA_FLAG_SHARE_WRITE),
    };

    for (int i = 0; i < PROPERTIES; i++)
        if (wanted[i] && lock_byte(fd, F_OFD_SETLK, F_RDLCK, object + i) < 0)
            return false;
    return true;
}

/* Each handle opens the file anew: the kernel then distinguishes also two handles of one process. */
static int open_locks(const struct sim_storage *storage)
{
    return openat(storage->directory, "locks", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

TEE_Result sim_storage_acquire(const struct sim_storage *storage, const char *name, uint32_t flags, int *lock)
{
    off_t object = object_offset(name);
    int fd = open_locks(storage);

    if (fd < 0)
        return sim_storage_error("locks");
    if (conflicts(fd, object, flags)) {
        close(fd);
        return TEE_ERROR_ACCESS_CONFLICT;
    }
    if (!take(fd, object, flags)) {
        close(fd);
        return sim_storage_error("locks");
    }
    *lock = fd;
    return TEE_SUCCESS;
}

bool sim_storage_is_open(const struct sim_storage *storage, const char *name)
{
    /* The mutex's descriptor never holds object locks, so every lock found is that of a handle. */
    return others_have(storage->locks, object_offset(name), ANY);
}
