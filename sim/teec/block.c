/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/teec/block.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint32_t last_id;

bool block_create(struct block *block, size_t size)
{
    long page = sysconf(_SC_PAGESIZE);
    size_t mapped;
    void *base;
    int fd;

    if (__builtin_add_overflow(size, (size_t)page - 1, &mapped) || mapped > INT64_MAX)
        return false;
    mapped -= mapped % (size_t)page;
    if (!mapped)
        mapped = (size_t)page;
    fd = memfd_create("tee-shared-memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return false;
    /* Without the seals one side could shorten the file, and the other would get SIGBUS. */
    if (ftruncate(fd, (off_t)mapped) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        goto out;
    base = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        goto out;
    *block = (struct block){.base = base, .size = mapped, .id = ++last_id, .fd = fd};
    return true;
out:
    close(fd);
    return false;
}

void block_destroy(struct block *block)
{
    munmap(block->base, block->size);
    close(block->fd);
    *block = (struct block){.fd = -1};
}
