/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/source.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"
#define BOM_SIZE (sizeof(BOM) - 1)

const char *source_text(const void *file, size_t *size)
{
    const char *at = file, *end = *size > 0 ? at + *size : at;
    if (*size >= BOM_SIZE && memcmp(at, BOM, BOM_SIZE) == 0)
        at += BOM_SIZE;
    if (at < end && *at == '#')
        while (at < end && *at != '\n')
            at++;
    *size = (size_t)(end - at);
    return at;
}
