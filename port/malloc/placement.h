/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `make ALLOC=malloc` includes this before core/base/alloc*.c, so that the session's allocator gets other names.
 * port/malloc/alloc.c calls it by these.
 */
#ifndef LUATEE_PORT_MALLOC_PLACEMENT_H
#define LUATEE_PORT_MALLOC_PLACEMENT_H

#define alloc placement
#define alloc_new placement_new
#define alloc_delete placement_delete
#define alloc_on_shortage placement_on_shortage
#define alloc_used placement_used
#define alloc_peak placement_peak
#define alloc_held placement_held
#define alloc_held_peak placement_held_peak
#define alloc_limit placement_limit
#define alloc_quota placement_quota
#define alloc_shortage placement_shortage
#define alloc_reserve placement_reserve
#define alloc_block placement_block
#define alloc_free placement_free
#define alloc_free_wiped placement_free_wiped
#define alloc_lua placement_lua

#endif
