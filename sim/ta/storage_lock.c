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
 * The mutex is the first byte. Each object has PROPERTIES bytes at an offset made of its name; a handle read-locks a
 * byte for each property it has, so that a later one can ask the kernel whether anybody has that property. 58 bits of
 * the name keep objects apart.
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

TEE_Result sim_storage_enter(const struct sim_storage *storage)
{
    TEE_Result result;

    if (lock_byte(storage->locks, F_OFD_SETLKW, F_WRLCK, 0) < 0)
        return sim_storage_error("lock");
    result = sim_storage_recover(storage);
    if (result != TEE_SUCCESS)
        sim_storage_leave(storage);
    return result;
}

void sim_storage_leave(const struct sim_storage *storage)
{
    (void)lock_byte(storage->locks, F_OFD_SETLK, F_UNLCK, 0);
}

/* Does a handle other than that of this descriptor have the property? When in doubt: yes. */
static bool somebody(int fd, off_t object, enum property property)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = object + property, .l_len = 1};

    return fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
}

static bool has(uint32_t flags, uint32_t flag)
{
    return (flags & flag) != 0;
}

/* One of the modes, reading or writing: all handles share it or none does; any may use it only when all share it. */
static bool mode_conflicts(int fd, off_t object, bool uses, bool shares, enum property others_use,
                           enum property others_share, enum property others_keep)
{
    if (shares)
        return somebody(fd, object, others_keep);
    return uses || somebody(fd, object, others_use) || somebody(fd, object, others_share);
}

static bool conflicts(int fd, off_t object, uint32_t flags)
{
    if (!somebody(fd, object, ANY))
        return false;
    /* Who may rename or delete is alone. */
    if (has(flags, TEE_DATA_FLAG_ACCESS_WRITE_META) || somebody(fd, object, META))
        return true;
    return mode_conflicts(fd, object, has(flags, TEE_DATA_FLAG_ACCESS_READ), has(flags, TEE_DATA_FLAG_SHARE_READ),
                          READS, SHARES_READ, KEEPS_READ) ||
           mode_conflicts(fd, object, has(flags, TEE_DATA_FLAG_ACCESS_WRITE), has(flags, TEE_DATA_FLAG_SHARE_WRITE),
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

/* A description of its own for each handle: the kernel then tells apart two handles of one process, too. */
static int open_locks(const struct sim_storage *storage)
{
    return openat(storage->directory, "locks", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

TEE_Result sim_storage_share(const struct sim_storage *storage, const char *name, uint32_t flags, int *lock)
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

bool sim_storage_is_shared(const struct sim_storage *storage, const char *name)
{
    /* The descriptor of the mutex holds no object. */
    return somebody(storage->locks, object_offset(name), ANY);
}
