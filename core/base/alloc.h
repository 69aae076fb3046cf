/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The allocator of one session: its Lua state and its messages. TEEs bring a first-fit heap that is made for few and
 * large blocks; a Lua state has thousands of small ones. Blocks have no headers (whoever frees a block knows its size,
 * as lua_Alloc does), small ones take constant time, and memory that is free again serves blocks of any other size.
 *
 * The limit: whatever is allocated, resized or freed in whatever order, no page is added when more than the quota would
 * be held then (with the reserve, while it is open). So alloc_held never exceeds quota + ALLOC_RESERVE, unless the
 * quota is lowered below what is held already. There is no exception for a block that shrinks: without memory for a
 * smaller block it stays where it is.
 *
 * Under AddressSanitizer, memory that is not in use is poisoned (poison.h). `make ALLOC=malloc` has every block from
 * malloc, of its exact size, and the same limit and figures (port/malloc/alloc.c).
 */
#ifndef LUATEE_CORE_BASE_ALLOC_H
#define LUATEE_CORE_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

struct alloc;

/* Returns NULL when the port has no pages. */
struct alloc *alloc_new(void);
/* Gives every page back, whatever is still allocated. NULL is fine. */
void alloc_delete(struct alloc *a);

/* What alloc_block calls, once, before it gives up: it should free something. */
void alloc_on_shortage(struct alloc *a, void (*reclaim)(void *ctx), void *ctx);

/* Bytes handed out, rounded up to what they really take; and the most there ever were. */
size_t alloc_used(const struct alloc *a);
size_t alloc_peak(const struct alloc *a);

/* The pages that this takes, in bytes: what the quota limits; and the most there ever were. */
size_t alloc_held(const struct alloc *a);
size_t alloc_held_peak(const struct alloc *a);

/* The most that blocks may take, in whole pages; LUATEE_TA_MEMORY_MAX at first. More may be taken already: then there
 * is no new page until enough is given back. */
void alloc_limit(struct alloc *a, size_t quota);
size_t alloc_quota(const struct alloc *a);

/* The last request of Lua that was refused. */
struct alloc_shortage {
    size_t needed; /* bytes in addition to what the caller had */
    size_t used;   /* bytes of pages that were taken then */
};
struct alloc_shortage alloc_shortage(const struct alloc *a);

/* Opens and closes ALLOC_RESERVE bytes, some pages, above the quota: for the words that say that there is no more, and
 * where. A session that holds more than a region (core/base/pages.h) has set them aside, should the port have no more. */
#define ALLOC_RESERVE 32768u
void alloc_reserve(struct alloc *a, bool open);

/* size: above 0. Uninitialised memory, aligned for anything; NULL when there is no more. */
void *alloc_block(struct alloc *a, size_t size);
/* size: as it was asked for. NULL is fine. */
void alloc_free(struct alloc *a, void *block, size_t size);
/* The same after wiping it. */
void alloc_free_wiped(struct alloc *a, void *block, size_t size);

/* A lua_Alloc; ud is the struct alloc. Returns NULL when there is no more, and never when new_size <= old_size. (Lua
 * collects its garbage itself when this returns NULL.) */
void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);

#endif
