/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The allocator of one session, for its Lua state and its messages. The heap of a TEE is a first-fit heap for few and
 * large blocks, but a Lua state has thousands of small ones. Here blocks have no headers, since the caller that frees a
 * block knows its size, as lua_Alloc does. Small blocks take constant time, and freed memory serves blocks of any size.
 *
 * The quota holds for every order of calls: no page is added that would make alloc_held() exceed the quota, or the
 * quota and ALLOC_RESERVE while the reserve is open. The one exception is a quota that is lowered below what is held
 * already. A block that shrinks needs no memory: without memory for a smaller block it stays where it is.
 *
 * Under AddressSanitizer, memory that is not in use is poisoned (poison.h). `make ALLOC=malloc` allocates every block
 * with malloc, in its exact size, with the same quota and figures (port/malloc/alloc.c).
 */
#ifndef LUATEE_CORE_BASE_ALLOC_H
#define LUATEE_CORE_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

struct alloc;

/* Creates an allocator with a quota of LUATEE_TA_MEMORY_MAX. Returns NULL when the port has no pages. */
struct alloc *alloc_new(void);

/* Releases all pages, also those of blocks that are still allocated. Ignores NULL. */
void alloc_delete(struct alloc *a);

/* Sets the function that alloc_block() calls once, before it fails, to free memory. NULL, as at first: there is
 * none. */
void alloc_on_shortage(struct alloc *a, void (*reclaim)(void *ctx), void *ctx);

/* Returns the bytes of all allocated blocks, each as large as it really is; and the highest value so far. */
size_t alloc_used(const struct alloc *a);
size_t alloc_peak(const struct alloc *a);

/* Returns the bytes of the pages that blocks take, which the quota limits; and the highest value so far. */
size_t alloc_held(const struct alloc *a);
size_t alloc_held_peak(const struct alloc *a);

/* Sets the quota in bytes, and closes the reserve. When more is held already, no page is added until enough was
 * released. */
void alloc_limit(struct alloc *a, size_t quota);

/* Returns the quota in bytes, without the reserve. */
size_t alloc_quota(const struct alloc *a);

/* Describes the last request of Lua that failed. */
struct alloc_shortage {
    size_t needed; /* bytes in addition to those of the caller's block */
    size_t used;   /* alloc_held() at that time */
};

/* Returns the last request of alloc_lua() that failed, or zeros. */
struct alloc_shortage alloc_shortage(const struct alloc *a);

/* Opens or closes a reserve of ALLOC_RESERVE bytes above the quota, whole pages. It is for the error that says that
 * memory ran out, and where. A session that holds more than a region (pages.h) has set these pages aside, in case the
 * port has no more. */
#define ALLOC_RESERVE 32768u
void alloc_reserve(struct alloc *a, bool open);

/* Allocates `size` bytes, above 0, uninitialised and aligned for any type. Returns NULL when the quota or the port's
 * memory is exhausted. The caller frees the block with alloc_free() or alloc_free_wiped(). */
void *alloc_block(struct alloc *a, size_t size);

/* Frees a block. size: as it was allocated. Ignores NULL. */
void alloc_free(struct alloc *a, void *block, size_t size);

/* Wipes a block and frees it. size: as it was allocated. Ignores NULL. */
void alloc_free_wiped(struct alloc *a, void *block, size_t size);

/* A lua_Alloc (Lua manual, section 4.6); ud is the struct alloc. Returns NULL when memory is exhausted, and never when
 * new_size <= old_size. It does not call the function of alloc_on_shortage(): Lua collects its garbage itself when this
 * returns NULL. */
void *alloc_lua(void *ud, void *block, size_t old_size, size_t new_size);

#endif
