/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule for names of scripts and apps (`name` in messages.cddl), for both worlds. */
#ifndef LUATEE_ABI_NAME_H
#define LUATEE_ABI_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/limits.h"

static inline bool luatee_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/* A name can be part of a path: it has no separators and is not "." or "..". */
static inline bool luatee_name_valid(const char *name, size_t size)
{
    if (size == 0 || size > LUATEE_NAME_MAX || name[0] == '.')
        return false;
    for (size_t i = 0; i < size; i++)
        if (!luatee_name_char(name[i]))
            return false;
    return true;
}

#endif
