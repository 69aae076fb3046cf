/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the parts of requests that name or contain a script (abi/messages.cddl). */
#ifndef LUATEE_CORE_SESSION_SUPPLIED_H
#define LUATEE_CORE_SESSION_SUPPLIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "core/codec/cursor.h"
#include "tee_internal_api.h"

/* A script, a manifest, or a package of either. The pointers point into the request. */
struct supplied {
    enum luatee_script_kind kind;
    const uint8_t *digest;
    const uint8_t *data;
    size_t size;
};

#define SUPPLIED_ITEMS 3

/* Read the next item. Return false when the item is not a valid name or kind. */
bool supplied_name(struct cursor *c, char name[LUATEE_NAME_MAX + 1]);
bool supplied_kind(struct cursor *c, enum luatee_script_kind *kind);

/* Reads the last SUPPLIED_ITEMS of a message: kind, digest and data. Returns TEE_ERROR_BAD_FORMAT when the message does
 * not conform to messages.cddl, TEE_ERROR_EXCESS_DATA when data has more than size_max bytes, and TEE_ERROR_SECURITY
 * when digest and data do not match. */
TEE_Result supplied_read(struct cursor *c, size_t size_max, struct supplied *supplied);

#endif
