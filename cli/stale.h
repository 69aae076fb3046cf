/* SPDX-License-Identifier: BSD-2-Clause */
/* Warns a developer when the packages that run are older than the sources. */
#ifndef LUATEE_CLI_STALE_H
#define LUATEE_CLI_STALE_H

/* Prints one line on stderr when a source of the app's folder (ta/NAME.lua, manifest.lua) has no package or is newer
 * than its package. Prints nothing when the folder has no manifest.luata. */
void stale_warn(const char *folder);

#endif
