/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule for names of scripts and apps (`name` in messages.cddl), for both worlds: 1 to LUATEE_NAME_MAX of A-Z a-z
 * 0-9 _ - . and no leading dot. */
#ifndef LUATEE_ABI_NAME_H
#define LUATEE_ABI_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/limits.h"

/* Returns whether a name can have this character. */
static inline bool luatee_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/* Returns whether the `size` bytes are a valid name. Such a name is safe as a part of a path: it has no separator, and
 * is neither "." nor "..". */
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
