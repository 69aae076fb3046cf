/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of requests that name or carry a script (abi/messages.cddl). */
#ifndef LUATEE_CORE_SESSION_SUPPLIED_H
#define LUATEE_CORE_SESSION_SUPPLIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "core/codec/cursor.h"
#include "tee_internal_api.h"

/* A script, a manifest, or a package of one, as it travels; points into the request. */
struct supplied {
    enum luatee_script_kind kind;
    const uint8_t *digest;
    const uint8_t *data;
    size_t size;
};

#define SUPPLIED_ITEMS 3

/* Both return false when the message is bad. */
bool supplied_name(struct cursor *c, char name[LUATEE_NAME_MAX + 1]);
bool supplied_kind(struct cursor *c, enum luatee_script_kind *kind);

/* The last SUPPLIED_ITEMS of a message, kind, digest and data, of which there are at most size_max bytes.
 * TEE_ERROR_BAD_FORMAT, TEE_ERROR_EXCESS_DATA; TEE_ERROR_SECURITY when digest and data do not match. */
TEE_Result supplied_take(struct cursor *c, size_t size_max, struct supplied *supplied);

#endif
