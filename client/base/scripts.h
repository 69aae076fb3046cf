/* SPDX-License-Identifier: BSD-2-Clause */
/* The files in an app's folder that are for the TEE: FOLDER/ta/NAME.lua; or packed, FOLDER/ta/NAME.luata and
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

/* One script or manifest, as a message carries it. */
struct luatee_script {
    enum luatee_script_kind kind;
    uint8_t digest[LUATEE_DIGEST_SIZE]; /* SHA-256 of the data */
    struct luatee_buffer data;          /* source or package */
};

/* Reports a name that no script can have. Returns LUATEE_USAGE. */
luatee_status luatee_bad_name(const char *name, luatee_error *error);

typedef char luatee_script_name[LUATEE_NAME_MAX + 1];

/* Read one file. `name` must be a valid name: it then cannot lead out of the folder. After LUATEE_OK the caller frees
 * script->data. LUATEE_USAGE: there is no such file, it is not a regular file, or it is too large. LUATEE_FAILED: it
 * cannot be read. */

/* Reads FOLDER/ta/NAME.lua. */
LUATEE_CHECKED luatee_status luatee_script_read(const char *folder, const char *name, struct luatee_script *script,
                                                luatee_error *error);

/* Reads FOLDER/ta/NAME.luata, or FOLDER/manifest.luata when `kind` is LUATEE_KIND_MANIFEST and `name` is
 * PACKAGE_MANIFEST_NAME. */
LUATEE_CHECKED luatee_status luatee_package_read(const char *folder, const char *name, enum luatee_script_kind kind,
                                                 struct luatee_script *script, luatee_error *error);

/* Makes a script of a copy of the data. After LUATEE_OK the caller frees script->data. LUATEE_FAILED: out of
 * memory. */
LUATEE_CHECKED luatee_status luatee_script_copy(enum luatee_script_kind kind, const void *data, size_t size,
                                                struct luatee_script *script, luatee_error *error);

/* Lists the names of all FOLDER/ta/NAME.lua, sorted; without ta/ the list is empty. The caller frees *names with
 * free(). Skips hidden files. LUATEE_USAGE: a file could never run, since its name is not valid or it lies in a folder
 * below ta/. LUATEE_FAILED: out of memory, or ta/ cannot be read. */
LUATEE_CHECKED luatee_status luatee_scripts_list(const char *folder, luatee_script_name **names, size_t *count,
                                                 luatee_error *error);
/* The same for all FOLDER/ta/NAME.luata. */
LUATEE_CHECKED luatee_status luatee_packages_list(const char *folder, luatee_script_name **names, size_t *count,
                                                  luatee_error *error);

#endif
