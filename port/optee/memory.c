/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages come from OP-TEE's system PTA (tee_map_zi) when they are needed. A large TA_DATA_SIZE would also give memory,
 * but OP-TEE zeroes all of it whenever a session opens. OP-TEE zeroes pages before it maps them for anyone, so
 * port_unmap does not wipe them.
 */
#include <tee_internal_api.h>
#include <tee_internal_api_extensions.h>

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
    void *pages = tee_map_zi(whole_pages(size), 0);
    if (pages)
        mapped += whole_pages(size);
    return pages;
}

void port_unmap(void *pages, size_t size)
{
    if (!pages)
        return;
    if (tee_unmap(pages, whole_pages(size)) != TEE_SUCCESS)
        TEE_Panic(TEE_ERROR_GENERIC); /* only a wrong address fails, which is a mistake in the TA */
    mapped -= whole_pages(size);
}
