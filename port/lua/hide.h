/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_PORT_LUA_HIDE_H
#define LUATEE_PORT_LUA_HIDE_H

/*
 * What scripts are shown in place of an address: different addresses give different values, the same one always the
 * same, and neither an address nor the distance of two can be told from them. NULL stays NULL. The key is random for
 * each instance.
 */
const void *luatee_hide(const void *address);

#endif
