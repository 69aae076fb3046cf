/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells a developer that what runs is not what was edited last. */
#ifndef LUATEE_CLI_STALE_H
#define LUATEE_CLI_STALE_H

/* Prints one line on stderr when a source of the app's folder (ta/NAME.lua, manifest.lua) is newer than its package, or
 * has none. What is packed runs all the same. */
void stale_warn(const char *folder);

#endif
