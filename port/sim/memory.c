/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages from mmap. The device's limit applies here too, so that a script that needs more memory fails on the
 * desktop. */
#include <string.h>
#include <sys/mman.h>

#include "abi/limits.h"
#include "port/port.h"

#define PAGE_SIZE 4096u

static size_t mapped;

static size_t whole_pages(size_t size)
{
    return (size + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
}

void *port_map(size_t size)
{
    if (size > LUATEE_TA_MEMORY_MAX || mapped + whole_pages(size) > LUATEE_TA_MEMORY_MAX)
        return NULL;
    void *pages = mmap(NULL, whole_pages(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    mapped += whole_pages(size);
    return pages;
}

void port_unmap(void *pages, size_t size)
{
    if (!pages)
        return;
    explicit_bzero(pages, whole_pages(size));
    munmap(pages, whole_pages(size));
    mapped -= whole_pages(size);
}
