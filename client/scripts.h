/* SPDX-License-Identifier: BSD-2-Clause */
/* The trusted scripts in an app's folder: FOLDER/ta/NAME.lua. */
#ifndef LUATEE_CLIENT_SCRIPTS_H
#define LUATEE_CLIENT_SCRIPTS_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/limits.h"
#include "abi/name.h"
#include "client/buffer.h"
#include "luatee/luatee.h"

/* One script as it travels. */
struct luatee_script {
    uint8_t digest[LUATEE_DIGEST_SIZE]; /* SHA-256 of the source */
    struct luatee_buffer source;        /* to be freed by the caller, when LUATEE_OK was returned */
};

typedef char luatee_script_name[LUATEE_NAME_MAX + 1];

/* Reads a script whose name is valid: no name that is leaves the folder. LUATEE_USAGE: it is not there, not a regular
 * file, or too large; LUATEE_FAILED: it cannot be read. */
LUATEE_CHECKED luatee_status luatee_script_read(const char *folder, const char *name, struct luatee_script *script,
                                                luatee_error *error);

/* The names of all scripts in the folder, sorted, for the caller to free(); none when there is no ta/. Files whose name
 * no script can have are passed over. */
LUATEE_CHECKED luatee_status luatee_scripts_list(const char *folder, luatee_script_name **names, size_t *count,
                                                 luatee_error *error);

#endif
