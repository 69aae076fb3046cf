/* SPDX-License-Identifier: BSD-2-Clause */
/* What an app's folder has for the TEE: FOLDER/ta/NAME.lua; or packed, FOLDER/ta/NAME.luata and
 * FOLDER/manifest.luata. */
#ifndef LUATEE_CLIENT_BASE_SCRIPTS_H
#define LUATEE_CLIENT_BASE_SCRIPTS_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "abi/name.h"
#include "abi/package.h"
#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* One script as it travels. */
struct luatee_script {
    enum luatee_script_kind kind;
    uint8_t digest[LUATEE_DIGEST_SIZE]; /* SHA-256 of the data */
    struct luatee_buffer data;          /* source or package; to be freed by the caller, when LUATEE_OK was returned */
};

/* Reports a name that no script can have. Returns LUATEE_USAGE. */
luatee_status luatee_bad_name(const char *name, luatee_error *error);

typedef char luatee_script_name[LUATEE_NAME_MAX + 1];

/* Reads a script whose name is valid: no name that is leaves the folder. LUATEE_USAGE: it is not there, not a regular
 * file, or too large; LUATEE_FAILED: it cannot be read. */
LUATEE_CHECKED luatee_status luatee_script_read(const char *folder, const char *name, struct luatee_script *script,
                                                luatee_error *error);

/* The same for a package. name: of a manifest PACKAGE_MANIFEST_NAME. */
LUATEE_CHECKED luatee_status luatee_package_read(const char *folder, const char *name, enum luatee_script_kind kind,
                                                 struct luatee_script *script, luatee_error *error);

/* Makes a script of what is in memory already, with a copy of the data. LUATEE_FAILED when out of memory. */
LUATEE_CHECKED luatee_status luatee_script_copy(enum luatee_script_kind kind, const void *data, size_t size,
                                                struct luatee_script *script, luatee_error *error);

/* The names of all scripts in the folder, sorted, for the caller to free(); none when there is no ta/. Hidden files
 * are passed over. LUATEE_USAGE for a script whose name none can have, or in a folder below ta/: it could never run. */
LUATEE_CHECKED luatee_status luatee_scripts_list(const char *folder, luatee_script_name **names, size_t *count,
                                                 luatee_error *error);
/* The same of the packages, without the manifest. */
LUATEE_CHECKED luatee_status luatee_packages_list(const char *folder, luatee_script_name **names, size_t *count,
                                                  luatee_error *error);

#endif
