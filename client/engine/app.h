/* SPDX-License-Identifier: BSD-2-Clause */
/* The app of a session: its name, and what the TA is sent of it. */
#ifndef LUATEE_CLIENT_ENGINE_APP_H
#define LUATEE_CLIENT_ENGINE_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "abi/package.h"
#include "client/base/buffer.h"
#include "client/base/scripts.h"
#include "luatee/luatee.h"

struct luatee_app {
    char name[LUATEE_NAME_MAX + 1];
    char *folder; /* its real path; NULL when only the name is known */
    bool stored;
    bool plaintext;
    struct luatee_buffer manifest; /* of a plaintext session: a copy of luatee_options.manifest; empty: none */
    bool has_bundle;               /* the folder has a packed manifest, of this bundle */
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
};

/* Fills an app that is all zeros from the options, and from the files in the app's folder. The caller ends it with
 * luatee_app_free(), also after a failure. Returns LUATEE_OK; LUATEE_USAGE: no such app, a bad name, no packages, or a
 * bad manifest; LUATEE_REFUSED: a malformed manifest.luata; LUATEE_FAILED: out of memory, or unreadable files. */
LUATEE_CHECKED luatee_status luatee_app_find(struct luatee_app *app, const luatee_options *options,
                                             luatee_error *error);

void luatee_app_free(struct luatee_app *app);

/* Reads the script or the manifest that the TA is to get under this name, which is valid. The caller frees
 * script->data after LUATEE_OK. Returns LUATEE_USAGE when it does not exist, LUATEE_FAILED when it cannot be read. */
LUATEE_CHECKED luatee_status luatee_app_read(const struct luatee_app *app, const char *name,
                                             enum luatee_script_kind kind, struct luatee_script *script,
                                             luatee_error *error);

#endif
