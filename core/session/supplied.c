/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/supplied.h"

#include <string.h>

#include "abi/name.h"
#include "core/base/sha256.h"

bool supplied_name(struct cursor *c, char name[LUATEE_NAME_MAX + 1])
{
    size_t size;
    const char *text = cursor_text(c, 1, LUATEE_NAME_MAX, &size);
    if (!text || !luatee_name_valid(text, size))
        return false;
    memcpy(name, text, size);
    name[size] = '\0';
    return true;
}

bool supplied_kind(struct cursor *c, enum luatee_script_kind *kind)
{
    uint64_t number = cursor_uint(c);
    *kind = (enum luatee_script_kind)number;
    return c->failure == CURSOR_FINE && (number == LUATEE_KIND_SCRIPT || number == LUATEE_KIND_MANIFEST);
}

TEE_Result supplied_read(struct cursor *c, size_t size_max, struct supplied *supplied)
{
    if (!supplied_kind(c, &supplied->kind))
        return TEE_ERROR_BAD_FORMAT;
    supplied->digest = cursor_bytes_of(c, LUATEE_DIGEST_SIZE);
    supplied->data = cursor_bytes(c, 0, LUATEE_MESSAGE_MAX, &supplied->size);
    if (!cursor_finish(c))
        return TEE_ERROR_BAD_FORMAT;
    if (supplied->size > size_max)
        return TEE_ERROR_EXCESS_DATA;
    return sha256_check(supplied->data, supplied->size, supplied->digest);
}
