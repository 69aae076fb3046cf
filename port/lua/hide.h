/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_PORT_LUA_HIDE_H
#define LUATEE_PORT_LUA_HIDE_H

/*
 * Maps an address to the value that scripts see in its place. Each address has one value, and no two share one. A value
 * reveals neither the address nor the distance of two addresses, because the key is random in each TA instance. Returns
 * NULL for NULL.
 */
const void *luatee_hide_address(const void *address);

#endif
